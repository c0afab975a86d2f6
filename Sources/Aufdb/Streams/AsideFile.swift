// A file or folder in the making, under a name of its own beside the one that it is to have: "NAME.PID.tmp".
//
// It is new (O_EXCL), so that nothing that somebody planted there is written to, and nobody else may read it (0600) until
// it is whole. With its name it gets its permissions: those of the file that it replaces, and its owner if we may give it
// away; else what the umask leaves of 0666. If it isn't published it is removed, also where a signal ends the process and
// the program watches for that (CFiles); only SIGKILL leaves it, under a name that nobody looks for.

import CFiles
import FoundationEssentials
import Glibc

/// The name and the permissions of what is in the making; removed again unless it is published.
struct AsideFile: ~Copyable {
  let path: String
  /// What errors call it.
  private let name: String
  private let isFolder: Bool
  private let entry: Int32
  private var isOver = false

  /// Makes an empty file, or folder, beside `target`. A killed process of the same number may have left one behind.
  ///
  /// - Parameter name: what errors call it; nil for the target.
  init(beside target: String, isFolder: Bool = false, calling name: String? = nil) throws(StreamError) {
    for attempt in 0..<100 {
      let path = "\(target).\(getpid())\(attempt == 0 ? "" : "-\(attempt)").tmp"
      // Entered first: between the two nothing may be left. What is there already is not ours, and not entered.
      var status = stat()
      if lstat(path, &status) == 0 { continue }
      let entry = aufdb_leftover_enter(path, -1)
      if Self.make(path, isFolder) {
        self.path = path
        self.name = name ?? target
        self.isFolder = isFolder
        self.entry = entry
        return
      }
      let code = errno
      aufdb_leftover_forget(entry)
      guard code == EEXIST else { throw StreamError(.create, path: name ?? target, code: code) }
    }
    throw StreamError(.create, path: name ?? target, code: EEXIST)
  }

  /// The same, for whoever throws errors of ours.
  static func making(
    beside target: String, isFolder: Bool = false, calling name: String? = nil
  ) throws(AufdbError) -> AsideFile {
    try AufdbError.ofStream(AsideFile(beside: target, isFolder: isFolder, calling: name))
  }

  private static func make(_ path: String, _ isFolder: Bool) -> Bool {
    if isFolder { return mkdir(path, 0o700) == 0 }
    let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if number >= 0 { close(number) }
    return number >= 0
  }

  deinit {
    guard !isOver else { return }
    // Nothing better can be done about what can't be removed; it has a name that nobody looks for.
    if isFolder { try? FileManager.default.removeItem(atPath: path) } else { removeFile() }
    aufdb_leftover_forget(entry)
  }

  /// Removes the file, and the journal that SQLite leaves beside a store in the making after an error.
  private func removeFile() {
    unlink(path)
    unlink(path + "-journal")
  }

  /// The file, to be written and read.
  func opened() throws(StreamError) -> FileDescriptor {
    let number = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else { throw StreamError(.create, path: name, code: errno) }
    return FileDescriptor(number, path: path, isOwned: true)
  }

  /// Gives it the permissions that it is to have.
  ///
  /// - Parameter old: the file whose place it takes; nil for a new name.
  func settle(replacing old: String? = nil) throws(StreamError) {
    var status = stat()
    var mode = Self.newMode(isFolder ? 0o777 : 0o666)
    if let old, stat(old, &status) == 0 { mode = keepingOwner(status) }
    guard chmod(path, mode) == 0 else { throw StreamError(.create, path: name, code: errno) }
  }

  /// What the umask leaves of a mode.
  private static func newMode(_ mode: mode_t) -> mode_t { mode & ~UserMask.current }

  /// Gives it the owner of the file that it replaces, as far as we may.
  ///
  /// - Returns: the permissions of that file; where another group would have them, no more than everybody has.
  private func keepingOwner(_ old: stat) -> mode_t {
    let mode = old.st_mode & 0o777
    var new = stat()
    guard lstat(path, &new) == 0, new.st_uid != old.st_uid || new.st_gid != old.st_gid else { return mode }
    if chown(path, old.st_uid, old.st_gid) == 0 || chown(path, uid_t.max, old.st_gid) == 0 { return mode }
    return new.st_gid == old.st_gid ? mode : mode & 0o707 | mode & (mode << 3) & 0o070
  }

  /// Gives it the name, in place of what has it.
  mutating func replace(_ target: String) throws(StreamError) {
    guard rename(path, target) == 0 else { throw StreamError(.create, path: name, code: errno) }
    finish()
  }

  /// Gives it the name, which nothing may have.
  mutating func take(_ target: String) throws(StreamError) {
    // A link can't replace what somebody else made meanwhile; where a file system has none, renaming has to do.
    if link(path, target) == 0 {
      unlink(path)
    } else if errno == EEXIST || rename(path, target) != 0 {
      throw StreamError(.create, path: name, code: errno)
    }
    finish()
  }

  /// Says that nothing has its name any more.
  mutating func finish() {
    isOver = true
    aufdb_leftover_forget(entry)
  }
}

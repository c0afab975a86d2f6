// The one lock that all writing and all checkpointing of a store happen under.
//
// SQLite 3.7.0 to 3.51.2 can corrupt a write-ahead log when two connections write or checkpoint at the same instant
// (https://sqlite.org/wal.html, "the WAL-reset bug"), so SQLite's own locks are not enough. The lock is an advisory
// `flock` on a side file, STORE-lock, which holds "pid command" for the error that others get. The kernel drops it
// when its holder dies, however that happens. The file is removed by the holder; whoever locked a file that was
// removed meanwhile notices (the path has another inode, or none) and starts again.

import CFiles
import FoundationEssentials
import Glibc

/// A held lock; released when the last reference goes.
final class StoreLock: Sendable {
  private let path: String
  private let descriptor: Int32
  /// Where a signal's handler finds it.
  private let leftover: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    leftover = aufdb_leftover_enter(path, descriptor)
  }

  deinit {
    // Somebody may have removed the file and a third process made it anew: that one is not ours to remove.
    if Self.isAt(path, descriptor) { unlink(path) }
    aufdb_leftover_forget(leftover)
    close(descriptor)
  }

  /// Takes the lock of the store at `storePath`, which has no symbolic links in it.
  ///
  /// - Parameters:
  ///   - waitSeconds: how long to wait while somebody else holds it.
  ///   - command: what the holder is doing, for others to read.
  ///   - subject: what is at the path, for messages; and `isBusy`, what its holder does to it.
  ///   - permissionsOf: the file whose permissions the side file gets; nil for that at `storePath`.
  /// - Throws: `.busy` with the holder's pid and command, or `.cannotCreateOutput` where the side file can't be made.
  static func acquire(
    storePath: String, waitSeconds: Double, command: String, subject: String = "the store",
    isBusy: String = "is being written", permissionsOf: String? = nil
  ) throws(AufdbError) -> StoreLock {
    let path = storePath + "-lock"
    let deadline = ContinuousClock.now + .milliseconds(Int64(max(0, min(waitSeconds, 1e9)) * 1000))
    while true {
      // Between making the side file and holding it a signal would leave it there.
      aufdb_leftovers_hold_signals()
      let descriptor = openSideFile(path, permissionsOf ?? storePath)
      let code = errno
      let isLocked = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0
      let lock = isLocked && isAt(path, descriptor) ? StoreLock(path: path, descriptor: descriptor) : nil
      aufdb_leftovers_release_signals()
      if let lock {
        LockHolder.sign(descriptor, command)
        return lock
      }
      if isLocked { close(descriptor) }
      if isLocked || (descriptor < 0 && code == ENOENT && access(Folder.parent(of: path), F_OK) == 0) { continue }
      guard descriptor >= 0 else { throw failure(path, subject, code) }
      // Read once: the next moment it may be somebody else's.
      let holder = LockHolder(readFrom: descriptor)
      // Who doesn't wait at all needs no name.
      let isSigned = waitSeconds <= 0 || holder?.isAlive ?? false
      close(descriptor)
      guard ContinuousClock.now < deadline + (isSigned ? .zero : signingTime) else {
        throw AufdbError(
          .busy, words(subject, isBusy, by: holder?.description), hint: "try again, or wait longer with --wait SECONDS")
      }
      usleep(20_000)
    }
  }

  private static func failure(_ path: String, _ subject: String, _ code: Int32) -> AufdbError {
    let kind = StreamError.kindOfCreating(code)
    let isFull = code == ENOSPC || code == EDQUOT
    return AufdbError(
      kind, "\(subject) can't be written: \(path): \(String(cString: strerror(code)))",
      hint: isFull
        ? "nothing was changed; make room and run it again"
        : kind == .inputOutput ? nil : "aufdb needs permission to write in the store's folder")
  }

  /// Opens the side file, or makes it. Whoever may write the store may write it, too: the permissions, and the owner if
  /// root makes it, are the store's, as those are of the files that SQLite makes beside it.
  private static func openSideFile(_ path: String, _ model: String) -> Int32 {
    // Without O_CREAT first: with it, not even root may open somebody else's file in a folder like /tmp
    // (proc_sys_fs(5), protected_regular).
    let there = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard there < 0, errno == ENOENT else { return there }
    var status = stat()
    let isKnown = stat(model, &status) == 0
    let mode = isKnown ? status.st_mode & 0o666 | 0o600 : 0o600
    let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    // Somebody else made it meanwhile, or has removed it again: whoever calls tries once more.
    guard made >= 0 else { return errno == EEXIST ? open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) : made }
    if isKnown {
      fchmod(made, mode)
      if geteuid() == 0 { fchown(made, status.st_uid, status.st_gid) }
    }
    return made
  }

  private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var here = stat()
    var there = stat()
    return fstat(descriptor, &here) == 0 && lstat(path, &there) == 0
      && here.st_ino == there.st_ino && here.st_dev == there.st_dev
  }

  /// What others are told.
  ///
  /// - Parameter holder: as `holder(ofStore:)` gives it.
  static func words(
    _ subject: String = "the store", _ isBusy: String = "is being written", by holder: String?
  ) -> String { "\(subject) \(isBusy) by \(holder ?? anybody)" }

  /// Who holds the lock of a store, as others are told; nil where nobody does.
  static func holder(ofStore storePath: String) -> String? {
    let descriptor = open(storePath + "-lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    return LockHolder(readFrom: descriptor)?.description ?? anybody
  }

  private static let anybody = "another program"

  /// How long whoever has just taken the lock may need to sign it, on a busy machine.
  private static let signingTime = Duration.seconds(2)
}

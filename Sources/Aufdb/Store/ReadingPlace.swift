// How a store is read where we may not write: on a read-only file system, in somebody else's folder, or another's file.
//
// SQLite's readers of a store in WAL mode need a file of shared memory beside it, and make that where it is missing.
// Where the folder can't be written they are unable to. Where it can, and the store can't (as in /tmp), they must not:
// the file would be ours, and would shut the store's owner out. So it depends on what is beside the store:
//
//   nothing      the file is complete, and read as it is, without locks (https://sqlite.org/uri.html#uriimmutable). If
//                its owner changes it meanwhile, what was read may be of two moments: UnchangedFile finds that out
//   a log        somebody writes, or died: it is read through the shared memory that is there
//                (https://sqlite.org/wal.html#readonly, "readonly_shm")
//   a journal    the same in rollback mode: SQLite's locks tell which. What a dead writer left half done can be undone
//                only by one who may write, and until then there is nothing to read

import Glibc

enum ReadingPlace {
  /// We may write the store, and beside it.
  case writable
  case complete(UnchangedFile)
  case inUse

  /// - Parameter path: the store's, without symbolic links.
  /// - Throws: `.cannotOpenInput` where it is gone.
  init(of path: String) throws(AufdbError) {
    guard access(Folder.parent(of: path), W_OK) != 0 || access(path, W_OK) != 0 else {
      self = .writable
      return
    }
    // Before the look for a log, so that what comes out of a log meanwhile is a change.
    let file = try UnchangedFile(path)
    self = Self.hasContent(path + "-wal") || Self.hasContent(path + "-journal") ? .inUse : .complete(file)
  }

  var isWritable: Bool {
    if case .writable = self { true } else { false }
  }

  var isInUse: Bool {
    if case .inUse = self { true } else { false }
  }

  /// What must stay as it is while it is read.
  var unchanged: UnchangedFile? {
    if case .complete(let file) = self { file } else { nil }
  }

  private static func hasContent(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_size > 0
  }

  /// What SQLite is told to open.
  func address(of path: String) -> String {
    switch self {
    case .writable: path
    case .complete: StoreFile.immutableURI(path)
    case .inUse: StoreFile.uri(path, "readonly_shm=1")
    }
  }
}

/// A file that is read without locks, and must stay as it is.
struct UnchangedFile: Sendable {
  private let path: String
  private let state: State

  private struct State: Equatable {
    let device, inode, size, modified, changed: Int

    /// Nil where there is no such file.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (device, inode, size) = (Int(bitPattern: status.st_dev), Int(bitPattern: status.st_ino), Int(status.st_size))
      (modified, changed) = (status.st_mtim.nanoseconds, status.st_ctim.nanoseconds)
    }

    /// Whether another change, by now, might be in the same tick of the clock that files are stamped by.
    var isFresh: Bool {
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      return (0..<UnchangedFile.tick).contains(now.nanoseconds - changed)
    }
  }

  /// The longest tick of Linux's clock is 10 ms; in nanoseconds.
  private static let tick = 20_000_000

  /// Waits for a moment where it has just been changed.
  ///
  /// - Throws: `.cannotOpenInput` where it is gone.
  init(_ path: String) throws(AufdbError) {
    var state = State(path)
    for _ in 0..<50 where state?.isFresh == true {
      usleep(useconds_t(Self.tick / 1000))
      state = State(path)
    }
    guard let state else { throw AufdbError(.cannotOpenInput, "\(path): \(String(cString: strerror(errno)))") }
    (self.path, self.state) = (path, state)
  }

  /// Makes sure that nobody has changed it since.
  ///
  /// - Throws: `.busy`.
  func check() throws(AufdbError) {
    guard State(path) == state else {
      throw AufdbError(
        .busy, "the store was written while it was read, which can't be prevented without permission to write it",
        hint: "what was read may be wrong; try again")
    }
  }
}

extension timespec {
  fileprivate var nanoseconds: Int { tv_sec * 1_000_000_000 + tv_nsec }
}

// Copies of a store's files at every write that SQLite makes: what a process killed there would leave behind.
//
// SQLite's unix file system calls the system through a table that may be changed (xSetSystemCall,
// https://sqlite.org/c3ref/vfs.html). In a process of its own a test puts calls there that copy the files first, and
// half of the bytes of a write before the whole. Nothing is lost in between: a killed process's writes stay in the
// kernel's cache, so the copies are what the next process would find. The shared memory file is left out; SQLite makes
// it anew when nobody has it open.

import GRDBSQLite
import Glibc
import Synchronization

@testable import Aufdb

enum CrashImages {
  private struct State {
    var path = ""
    var folder = ""
    /// Of so many system calls, one is imaged.
    var stride = 1
    var callCount = 0
    var imageCount = 0
  }

  private static let state = Mutex(State())

  private typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int) -> Int
  private typealias WriteAt = @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int
  private typealias Truncate = @convention(c) (Int32, Int) -> Int32
  private typealias Unlink = @convention(c) (UnsafePointer<CChar>?) -> Int32

  /// From now on, one in `stride` of this process's writes to databases leaves an image of the store in `folder`.
  static func start(path: String, folder: String, stride: Int) {
    state.withLock { $0 = State(path: path, folder: folder, stride: stride) }
    let write: Write = { descriptor, bytes, count in
      if CrashImages.isDue() {
        let half = Glibc.write(descriptor, bytes, count / 2)
        CrashImages.take()
        return half < count / 2 ? half : half + Glibc.write(descriptor, bytes.map { $0 + half }, count - half)
      }
      return Glibc.write(descriptor, bytes, count)
    }
    let writeAt: WriteAt = { descriptor, bytes, count, offset in
      if CrashImages.isDue() {
        _ = pwrite(descriptor, bytes, count / 2, offset)
        CrashImages.take()
      }
      return pwrite(descriptor, bytes, count, offset)
    }
    let truncate: Truncate = { descriptor, count in
      if CrashImages.isDue(always: true) { CrashImages.take() }
      return ftruncate(descriptor, count)
    }
    let unlink: Unlink = { path in
      if CrashImages.isDue(always: true) { CrashImages.take() }
      return path.map { Glibc.unlink($0) } ?? -1
    }
    guard let vfs = sqlite3_vfs_find("unix"), let set = vfs.pointee.xSetSystemCall else { exit(2) }
    let calls: [(String, sqlite3_syscall_ptr)] = [
      ("write", unsafeBitCast(write, to: sqlite3_syscall_ptr.self)),
      ("pwrite", unsafeBitCast(writeAt, to: sqlite3_syscall_ptr.self)),
      ("pwrite64", unsafeBitCast(writeAt, to: sqlite3_syscall_ptr.self)),
      ("ftruncate", unsafeBitCast(truncate, to: sqlite3_syscall_ptr.self)),
      ("unlink", unsafeBitCast(unlink, to: sqlite3_syscall_ptr.self)),
    ]
    for (name, call) in calls { guard set(vfs, name, call) == SQLITE_OK else { exit(3) } }
  }

  /// How many images were taken.
  static var imageCount: Int { state.withLock { $0.imageCount } }

  /// The calls that are rare, and end things, are always imaged.
  private static func isDue(always: Bool = false) -> Bool {
    state.withLock { state in
      state.callCount += 1
      return always || state.callCount % state.stride == 0
    }
  }

  private static func take() {
    state.withLock { state in
      for suffix in ["", "-journal", "-wal"] {
        copy(state.path + suffix, to: "\(state.folder)/\(state.imageCount).aufdb\(suffix)")
      }
      state.imageCount += 1
    }
  }

  /// Copies with calls of its own, which aren't SQLite's.
  private static func copy(_ source: String, to target: String) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while output >= 0 {
      let count = read(input, &buffer, buffer.count)
      guard count > 0, Glibc.write(output, buffer, count) == count else { break }
    }
    close(input)
    close(output)
  }
}

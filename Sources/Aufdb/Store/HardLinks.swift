// Stores with several names.
//
// A symbolic link is followed before anything is opened, so that all names of a store have one lock and one log. Of hard
// links none is the name: SQLite looks for a store's log and journal beside the name that it was given, and doesn't find
// those beside another one (https://sqlite.org/howtocorrupt.html, section 2.5). So such a store isn't written at all. It
// is read, for copies are often kept as hard links, where nobody has the file open, and no log or journal beside another
// of its names in the same folder belongs to it; that much can be known.

import FoundationEssentials
import Glibc
import Synchronization

enum HardLinks {
  private static let hint = "make it a file of its own: cp STORE COPY && mv COPY STORE"

  /// - Parameter path: the store's, without symbolic links.
  /// - Throws: `.refused` where it has other names.
  static func requireNone(_ path: String) throws(AufdbError) {
    let count = count(path)
    guard count < 2 else {
      throw AufdbError(
        .refused, "\(path) has \(count) names (hard links), and can't be written safely under one of them", hint: hint)
    }
  }

  /// Makes sure that a store can be read, however many names it has.
  ///
  /// - Throws: `.refused` or `.busy` where changes under another name may not be seen.
  static func requireQuiet(_ path: String) throws(AufdbError) {
    guard count(path) > 1 else { return }
    for name in otherNames(path) {
      for log in [name + "-wal", name + "-journal"] {
        var status = stat()
        guard stat(log, &status) != 0 || status.st_size == 0 else {
          throw AufdbError(
            .refused, "\(path) is also \(name), whose changes are in \(log)", hint: "read it by that name")
        }
      }
    }
    if let process = user(of: path) {
      throw AufdbError(
        .busy, "\(path) has other names (hard links), and process \(process) has it open, maybe under one of them",
        hint: "try again later, or \(hint)")
    }
  }

  private static func count(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_nlink) : 0
  }

  private static func otherNames(_ path: String) -> [String] {
    let folder = Folder.parent(of: path)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var (own, other) = (stat(), stat())
    guard lstat(path, &own) == 0 else { return [] }
    return names.sorted().map { folder == "/" ? "/\($0)" : "\(folder)/\($0)" }.filter { name in
      name != path && lstat(name, &other) == 0 && other.st_ino == own.st_ino && other.st_dev == own.st_dev
    }
  }

  /// A file, whatever it is called.
  private struct Identity: Hashable {
    let device, inode: UInt
  }

  /// One descriptor for each file that was asked about, open for good: closing it would take away the locks that this
  /// process itself has on the file (https://sqlite.org/howtocorrupt.html, section 2.2).
  private static let asked = Mutex<[Identity: Int32]>([:])

  /// Another process that has one of SQLite's locks on the file; these belong to the file and not to a name. In WAL mode
  /// every connection has one (https://sqlite.org/lockingv3.html).
  private static func user(of path: String) -> Int32? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let identity = Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    let descriptor = asked.withLock { known in
      let descriptor = known[identity] ?? open(path, O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 { known[identity] = descriptor }
      return descriptor
    }
    guard descriptor >= 0 else { return nil }
    // All of SQLite's locks: the pending byte, the reserved byte, and 510 bytes for those who share.
    var lock = Glibc.flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = 0x4000_0000
    lock.l_len = 512
    guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
    return lock.l_pid
  }
}

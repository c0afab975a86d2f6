// Which permissions new files don't get: the process's umask.

import Glibc
import Synchronization

enum UserMask {
  private static let asking = Mutex(())

  /// The umask.
  ///
  /// umask(2) tells it only by setting another one, which is the whole process's for that moment: files that other threads
  /// make then would be nobody else's to read, and two threads that ask at once could leave it so for good. Linux tells it
  /// in another place, too (proc(5), since 4.7); only where that can't be read, it is asked the other way, one at a time.
  static var current: mode_t {
    if let mask = stated { return mask }
    return asking.withLock { _ in
      let mask = umask(0o077)
      umask(mask)
      return mask
    }
  }

  /// What the line "Umask:", an octal number, of /proc/self/status says.
  private static var stated: mode_t? {
    let number = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    defer { close(number) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(number, &bytes, bytes.count)
    let lines = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"))
    guard let line = lines.first(where: { $0.starts(with: "Umask:".utf8) }) else { return nil }
    let digits = line.filter { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
    return mode_t(String(decoding: digits, as: UTF8.self), radix: 8)
  }
}

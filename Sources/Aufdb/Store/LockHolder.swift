// Who holds a store's lock: the side file's text, "pid command", written and read.

import Glibc

/// The process that signed a lock last.
struct LockHolder: CustomStringConvertible {
  private let pid: Substring
  private let command: Substring

  /// - Returns: nil where nobody signed.
  init?(readFrom descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    (pid, command) = (words[0], words[1])
  }

  /// Signs a lock that this process holds.
  static func sign(_ descriptor: Int32, _ command: String) {
    let text = "\(getpid()) \(command)"
    ftruncate(descriptor, 0)
    // A failure leaves the holder unnamed, which harms nobody.
    _ = text.utf8CString.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count - 1, 0) }
  }

  /// Whether it can be who holds the lock now: whoever has just taken it hasn't signed yet, and what stands there is of
  /// one that was killed. Of a holder on another machine that can't be told, and it counts as dead.
  var isAlive: Bool {
    guard let pid = Int32(pid), pid > 0 else { return false }
    return kill(pid, 0) == 0 || errno != ESRCH
  }

  var description: String {
    let scalars = command.unicodeScalars
    return "process \(pid) (\(scalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0) }.joined()))"
  }
}

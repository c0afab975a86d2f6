// The one lock that all writing and all checkpointing of a store happen under.
//
// SQLite 3.7.0 to 3.51.2 can corrupt a write-ahead log when two connections write or checkpoint at the same instant
// (https://sqlite.org/wal.html, "the WAL-reset bug"), so SQLite's own locks are not enough. The lock is an advisory
// `flock` on a side file, STORE-lock, which holds "pid command" for the error that others get. The kernel drops it
// when its holder dies, however that happens. The file is removed by the holder; whoever locked a file that was
// removed meanwhile notices (the path has another inode, or none) and starts again.

import FoundationEssentials
import Glibc

/// A held lock; released when the last reference goes.
final class StoreLock: Sendable {
  private let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    // Somebody may have removed the file and a third process made it anew: that one is not ours to remove.
    if Self.isAt(path, descriptor) { unlink(path) }
    close(descriptor)
  }

  /// Takes the lock of the store at `storePath`, which has no symbolic links in it.
  ///
  /// - Parameters:
  ///   - waitSeconds: how long to wait while somebody else holds it.
  ///   - command: what the holder is doing, for others to read.
  ///   - subject: what is at the path, for messages.
  /// - Throws: `.busy` with the holder's pid and command, or `.cannotCreateOutput` where the side file can't be made.
  static func acquire(
    storePath: String, waitSeconds: Double, command: String, subject: String = "the store",
    isBusy: String = "is being written"
  ) throws(AufdbError) -> StoreLock {
    let path = storePath + "-lock"
    let deadline = ContinuousClock.now + .milliseconds(Int64(max(0, min(waitSeconds, 1e9)) * 1000))
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        let kind = StreamError.kindOfCreating(errno)
        let isFull = errno == ENOSPC || errno == EDQUOT
        throw AufdbError(
          kind,
          "\(subject) can't be written: \(path): \(String(cString: strerror(errno)))",
          hint: isFull
            ? "nothing was changed; make room and run it again"
            : kind == .inputOutput ? nil : "aufdb needs permission to write in the store's folder")
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        if isAt(path, descriptor) {
          let lock = StoreLock(path: path, descriptor: descriptor)
          lock.sign(command)
          return lock
        }
        close(descriptor)
        continue
      }
      let holder = readHolder(descriptor)
      close(descriptor)
      guard ContinuousClock.now < deadline else {
        throw AufdbError(
          .busy, "\(subject) \(isBusy) by \(holder)", hint: "try again, or wait longer with --wait SECONDS")
      }
      usleep(20_000)
    }
  }

  private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var here = stat()
    var there = stat()
    return fstat(descriptor, &here) == 0 && lstat(path, &there) == 0
      && here.st_ino == there.st_ino && here.st_dev == there.st_dev
  }

  private func sign(_ command: String) {
    let text = "\(getpid()) \(command)"
    ftruncate(descriptor, 0)
    // A failure leaves the holder unnamed, which harms nobody.
    _ = text.utf8CString.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count - 1, 0) }
  }

  private static func readHolder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return "another program" }
    let command = words[1].unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0) }.joined()
    return "process \(words[0]) (\(command))"
  }
}

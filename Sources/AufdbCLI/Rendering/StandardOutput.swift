// Bytes on their way to standard output, gathered into large pieces.

import Aufdb
import Glibc

/// A buffer in front of a descriptor, or of a function that takes the pieces.
///
/// Nothing is written by itself at the end: whoever is done calls `flush`, and learns of a full disk.
final class StandardOutput {
  /// Writes the rows that a renderer holds back until it has seen more of them.
  var writeHeld: (() throws(StreamError) -> Void)?
  /// Why `handOn` failed.
  private(set) var failure: StreamError?

  private let drain: (UnsafeRawBufferPointer) throws(StreamError) -> Void
  /// Whether whoever reads what is written has gone away.
  let isUnread: () -> Bool
  private let buffer: UnsafeMutableRawBufferPointer
  private var count = 0

  private static let capacity = 128 << 10

  /// Hands pieces to `drain`, in order.
  ///
  /// - Parameter isUnread: tells that before there is something to write, whose failure would tell it too.
  init(
    isUnread: @escaping () -> Bool = { false }, drain: @escaping (UnsafeRawBufferPointer) throws(StreamError) -> Void
  ) {
    self.isUnread = isUnread
    self.drain = drain
    buffer = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  /// Writes to the process's standard output, or another descriptor that is called so.
  convenience init(_ descriptor: Int32 = STDOUT_FILENO) {
    self.init(
      isUnread: { Self.isUnread(descriptor) },
      drain: { bytes throws(StreamError) in try Self.write(bytes, to: descriptor) })
  }

  deinit { buffer.deallocate() }

  /// Appends one byte.
  @inline(__always)
  func write(_ byte: UInt8) throws(StreamError) {
    if count == Self.capacity { try flush() }
    buffer[count] = byte
    count += 1
  }

  /// Appends some bytes. What is larger than the buffer goes around it.
  func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    guard let start = bytes.baseAddress else { return }
    if bytes.count > Self.capacity - count {
      try flush()
      guard bytes.count < Self.capacity else { return try drain(bytes) }
    }
    guard let free = buffer.baseAddress else { return }
    memcpy(free + count, start, bytes.count)
    count += bytes.count
  }

  func write(_ bytes: [UInt8]) throws(StreamError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(StreamError) in try write(bytes) }
  }

  func write(_ text: String) throws(StreamError) {
    try text.utf8.span.bytes.withUnsafeBytes { bytes throws(StreamError) in try write(bytes) }
  }

  /// Appends an integer in decimal digits.
  func write(_ integer: Int64) throws(StreamError) {
    if Self.capacity - count < 20 { try flush() }
    if integer < 0 { try write(UInt8(ascii: "-")) }
    var rest = integer.magnitude
    var digitCount = 1
    var bound = rest
    while bound >= 10 {
      bound /= 10
      digitCount += 1
    }
    count += digitCount
    var place = count
    repeat {
      place -= 1
      buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
  }

  /// Appends the shortest decimal number that reads back as this very double.
  func write(_ real: Double) throws(StreamError) { try write(real.description) }

  /// Appends a blob as SQL writes it: x'00ff'.
  func write(hex bytes: UnsafeRawBufferPointer) throws(StreamError) {
    try write("x'")
    var rest = bytes
    while !rest.isEmpty {
      if Self.capacity - count < 2 { try flush() }
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix((Self.capacity - count) / 2))
      if let free = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) {
        HexDigits.encode(piece, into: free + count)
      }
      count += 2 * piece.count
      rest = UnsafeRawBufferPointer(rebasing: rest[piece.count...])
    }
    try write(UInt8(ascii: "'"))
  }

  /// Hands on what is gathered.
  func flush() throws(StreamError) {
    guard count > 0 else { return }
    // Forgotten even if it can't be written, or the report of that error would try again.
    let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    count = 0
    try drain(piece)
  }

  /// Hands on all there is, also what a renderer holds back; false if that can't be written, or nobody reads it.
  func handOn() -> Bool {
    do throws(StreamError) {
      try writeHeld?()
      try flush()
      if isUnread() { throw StreamError.unread }
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// Whether a pipe has lost its readers (poll(2)). Files and terminals have none to lose.
  private static func isUnread(_ descriptor: Int32) -> Bool {
    var question = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&question, 1, 0) > 0 && question.revents & Int16(POLLERR) != 0
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(StreamError) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let count = Glibc.write(descriptor, start, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if count == 0 || errno != EINTR {
        let code = count == 0 ? EIO : errno
        throw StreamError(
          kind: code == EPIPE ? .closedPipe : .inputOutput, path: "standard output",
          reason: "can't be written: \(String(cString: strerror(code)))",
          hint: code == ENOSPC || code == EDQUOT ? "free some space, or write to another disk" : nil)
      }
    }
  }
}

extension StreamError {
  fileprivate static var unread: StreamError {
    StreamError(kind: .closedPipe, path: "standard output", reason: "nobody reads it any longer")
  }
}

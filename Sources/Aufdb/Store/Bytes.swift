// Lent bytes, compared without a detour through sequences.

import Glibc

/// Bytes that belong to somebody else, such as a column's value or a part of a line.
typealias Bytes = UnsafeRawBufferPointer

extension UnsafeRawBufferPointer {
  /// A literal's bytes, which stay for ever.
  init(_ literal: StaticString) { self.init(start: literal.utf8Start, count: literal.utf8CodeUnitCount) }

  @inline(__always)
  func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard let a = baseAddress, let b = other.baseAddress else { return true }
    return memcmp(a, b, count) == 0
  }

  /// Whether it comes before `other` in the order of bytes, which is SQLite's order of texts.
  @inline(__always)
  func isBefore(_ other: UnsafeRawBufferPointer) -> Bool {
    guard let a = baseAddress, let b = other.baseAddress else { return count < other.count }
    let order = memcmp(a, b, Swift.min(count, other.count))
    return order == 0 ? count < other.count : order < 0
  }
}

extension [UInt8] {
  /// Lends the bytes to something that throws errors of one type, which `withUnsafeBytes` would forget.
  func lend<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { bytes throws(Failure) in try body(UnsafeRawBufferPointer(bytes)) }
  }
}

// Looking for any of four bytes, eight places at a time.

/// Four bytes to look for.
struct ByteSearch {
  private let patterns: (UInt64, UInt64, UInt64, UInt64)

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  init(_ a: Unicode.Scalar, _ b: Unicode.Scalar, _ c: Unicode.Scalar, _ d: Unicode.Scalar) {
    func pattern(_ scalar: Unicode.Scalar) -> UInt64 { UInt64(UInt8(ascii: scalar)) * Self.ones }
    patterns = (pattern(a), pattern(b), pattern(c), pattern(d))
  }

  /// The first place, from `start` on, of one of them; nil if there is none.
  func firstIndex(in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
    var index = start
    while bytes.count - index >= 8 {
      let found = matches(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      // The other seven bytes are zeros, which nobody looks for.
      if matches(UInt64(bytes[index])) != 0 { return index }
      index += 1
    }
    return nil
  }

  /// Has the high bit of the first byte that is one of them, and never one below it.
  @inline(__always)
  private func matches(_ word: UInt64) -> UInt64 {
    let (a, b, c, d) = patterns
    return (zeros(word ^ a) | zeros(word ^ b) | zeros(word ^ c) | zeros(word ^ d)) & Self.highBits
  }

  /// The high bit of each byte that is zero, and perhaps of some above the first of these: a borrow goes upwards.
  @inline(__always)
  private func zeros(_ word: UInt64) -> UInt64 { (word &- Self.ones) & ~word }
}

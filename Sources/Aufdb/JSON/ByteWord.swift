// Eight bytes at a time in one 64-bit word. Vectors of 32 bytes compile to scalar code here and run forty times slower.
//
// The masks have the top bit set in every byte that needs a closer look. Subtraction borrows into higher bytes, so
// a mask may also show bytes above the first true one; the lowest set bit is always right, and nothing else is used.

/// Eight neighbouring bytes of a text, the first in the lowest bits.
struct ByteWord {
  let bits: UInt64

  @inline(__always)
  init(_ pointer: UnsafePointer<UInt8>) {
    bits = UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: bits.littleEndian, as: UInt64.self)
  }

  /// Marks the bytes that end or interrupt plain ASCII inside a JSON string: quote, backslash, control, not ASCII.
  @inline(__always)
  var interruptions: UInt64 {
    let quotes = (bits ^ Self.all(0x22)) &- Self.all(1)
    let backslashes = (bits ^ Self.all(0x5C)) &- Self.all(1)
    let controls = bits &- Self.all(0x20)
    return (quotes | backslashes | controls | bits) & Self.all(0x80)
  }

  /// Marks the bytes that a writer may have to escape: quote, backslash, control, 0x7F, and 0xE2, with which
  /// U+2028 and U+2029 begin.
  @inline(__always)
  var escapes: UInt64 {
    let quotes = (bits ^ Self.all(0x22)) &- Self.all(1)
    let backslashes = (bits ^ Self.all(0x5C)) &- Self.all(1)
    let controls = bits &- Self.all(0x20)
    // Adding 1 takes 0x7F, and of ASCII nothing else, to the top bit.
    let deletes = bits &+ Self.all(1)
    let separators = bits ^ Self.all(0xE2)
    let ascii = (quotes | backslashes | controls | deletes) & ~bits
    return (ascii | (separators &- Self.all(1)) & ~separators) & Self.all(0x80)
  }

  /// How many bytes stand before the first one that `mask` marks; `mask` is not 0.
  @inline(__always)
  static func countBeforeFirst(_ mask: UInt64) -> Int { mask.trailingZeroBitCount &>> 3 }

  @inline(__always)
  private static func all(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }
}

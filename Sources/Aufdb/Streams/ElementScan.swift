// Finding the end of a JSON value that comes in pieces. Strings are leapt over by memchr, which is where the time goes in
// data of long texts; between them brackets are counted, whatever they are: whether they match is for a reader to say.

import Glibc

/// Looks for the end of one element, over as many pieces of it as come.
struct ElementScan {
  private enum Part {
    case string
    /// Brackets that are open, at least one.
    case nested(Int)
    /// A number, true, false, null, or what is none of them: up to what may follow a value.
    case word
  }

  private var part: Part
  /// Brackets around the string that is being read.
  private var depth = 0

  init(start: UInt8) {
    switch start {
    case UInt8(ascii: "\""): part = .string
    case UInt8(ascii: "{"), UInt8(ascii: "["): part = .nested(1)
    default: part = .word
    }
  }

  /// Looks on from `searched`, and leaves it behind the last byte that was looked at.
  ///
  /// - Parameters:
  ///   - searched: a position in the buffer, of which `bytes` is the part that begins at `first`.
  /// - Returns: whether the element ends there.
  mutating func go(_ searched: inout Int, in bytes: UnsafeRawBufferPointer, from first: Int) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    var index = searched - first
    defer { searched = first + index }
    while index < bytes.count {
      switch part {
      case .string:
        guard let found = memchr(base + index, 0x22, bytes.count - index) else {
          index = bytes.count
          return false
        }
        let quote = UnsafeRawPointer(found) - base
        index = quote + 1
        if Self.isEscaped(quote, in: bytes) { continue }
        if depth == 0 { return true }
        part = .nested(depth)
      case .nested(var open):
        while index < bytes.count, open > 0, bytes[index] != 0x22 {
          // [ and ] are 5B and 5D, { and } are 7B and 7D.
          switch bytes[index] & 0xDF {
          case 0x5B: open += 1
          case 0x5D: open -= 1
          default: break
          }
          index += 1
        }
        part = .nested(open)
        if open == 0 { return true }
        guard index < bytes.count else { return false }
        index += 1
        (part, depth) = (.string, open)
      case .word:
        let byte = bytes[index]
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || ArrayPosition.isBlank(byte) { return true }
        index += 1
      }
    }
    return false
  }

  /// Whether an odd number of backslashes stands before a quote. The element begins with no backslash.
  private static func isEscaped(_ quote: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
    var index = quote
    while index > 0, bytes[index - 1] == UInt8(ascii: "\\") { index -= 1 }
    return (quote - index) % 2 == 1
  }

  static func lineFeeds(in bytes: UnsafeRawBufferPointer) -> Int {
    var (count, index) = (0, 0)
    while let base = bytes.baseAddress, index < bytes.count, let found = memchr(base + index, 0x0A, bytes.count - index)
    {
      count += 1
      index = UnsafeRawPointer(found) - base + 1
    }
    return count
  }
}

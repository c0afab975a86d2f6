// Escapes in strings: \n and its like, and \uXXXX with its surrogate pairs.

extension JSONReader {
  /// Reads the escape whose backslash stands at `place`, and moves `place` behind it.
  ///
  /// - Returns: the Unicode scalar it stands for.
  @inline(__always)
  func escape(at place: inout UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
    guard end - place >= 2 else { throw failure(.endsInString, at: end) }
    let scalar: UInt32
    switch place[1] {
    case UInt8(ascii: "n"): scalar = 0x0A
    case UInt8(ascii: "\""): scalar = 0x22
    case UInt8(ascii: "\\"): scalar = 0x5C
    case UInt8(ascii: "t"): scalar = 0x09
    case UInt8(ascii: "r"): scalar = 0x0D
    case UInt8(ascii: "/"): scalar = 0x2F
    case UInt8(ascii: "b"): scalar = 0x08
    case UInt8(ascii: "f"): scalar = 0x0C
    case UInt8(ascii: "u"): return try unicodeEscape(at: &place)
    default: throw failure(.invalidEscape, at: place)
    }
    place += 2
    return scalar
  }

  @inline(never)
  private func unicodeEscape(at place: inout UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
    let first = place
    let unit = try hexadecimal(of: first)
    place = first + 6
    guard unit & 0xF800 == 0xD800 else { return unit }
    guard unit < 0xDC00 else { throw failure(.loneSurrogate, at: first) }
    guard place < end else { throw failure(.endsInString, at: end) }
    guard place[0] == UInt8(ascii: "\\") else { throw failure(.loneSurrogate, at: first) }
    guard end - place >= 2 else { throw failure(.endsInString, at: end) }
    guard place[1] == UInt8(ascii: "u") else { throw failure(.loneSurrogate, at: first) }
    let low = try hexadecimal(of: place)
    guard low & 0xFC00 == 0xDC00 else { throw failure(.loneSurrogate, at: first) }
    place += 6
    return 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
  }

  /// The four digits of the `\uXXXX` that begins at `first`.
  private func hexadecimal(of first: UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for index in 2..<6 {
      guard first + index < end else { throw failure(.endsInString, at: end) }
      let digit: UInt8
      switch first[index] {
      case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case let byte where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case let byte where byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw failure(.invalidEscape, at: first)
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

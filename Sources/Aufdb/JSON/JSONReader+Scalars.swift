// Numbers, true, false and null.

/// A number as JSON wrote it: an integer that fits 64 bits, or a double.
package enum JSONNumber: Equatable, Sendable {
  case int(Int64)
  case double(Double)
}

extension JSONReader {
  /// Reads a number as the nearest double.
  ///
  /// Errors: a number beyond the finite doubles. One too small for any double but 0 becomes 0, as rounding has it.
  package mutating func double() throws(JSONError) -> Double {
    let token = try numberToken()
    return try double(of: token)
  }

  /// Reads an integer: digits only, no fraction and no exponent, within 64 bits.
  package mutating func int() throws(JSONError) -> Int64 {
    let token = try numberToken()
    guard token.isInteger else { throw failure(.notAnInteger, at: token.first) }
    guard let value = token.int else { throw failure(.numberTooLarge, at: token.first) }
    return value
  }

  /// Reads a number: an integer where it is written as one and fits 64 bits, otherwise the nearest double.
  package mutating func number() throws(JSONError) -> JSONNumber {
    let token = try numberToken()
    if token.isInteger, let value = token.int { return .int(value) }
    return .double(try double(of: token))
  }

  /// Reads true or false.
  package mutating func bool() throws(JSONError) -> Bool {
    skipWhitespace()
    guard cursor < end else { throw failure(.endsEarly) }
    switch cursor.pointee {
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"):
      try word("false")
      return false
    default: throw wrongKind(expected: .bool)
    }
    return true
  }

  /// Reads null.
  package mutating func null() throws(JSONError) {
    skipWhitespace()
    guard cursor < end, cursor.pointee == UInt8(ascii: "n") else { throw wrongKind(expected: .null) }
    try word("null")
  }

  /// Reads null if it comes next, and nothing otherwise; returns whether it did.
  package mutating func nullIfPresent() throws(JSONError) -> Bool {
    skipWhitespace()
    guard cursor < end, cursor.pointee == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  private mutating func word(_ literal: StaticString) throws(JSONError) {
    for index in 0..<literal.utf8CodeUnitCount {
      guard cursor + index < end else { throw failure(.endsEarly, at: end) }
      guard cursor[index] == literal.utf8Start[index] else { throw unexpectedByte() }
    }
    cursor += literal.utf8CodeUnitCount
  }

  private func double(of token: JSONNumberToken) throws(JSONError) -> Double {
    if !token.isLong, let value = token.decimal.exactlyRounded { return value }
    let bytes = UnsafeBufferPointer(start: token.first, count: token.count)
    guard let value = Double(String(decoding: bytes, as: UTF8.self)) else {
      throw failure(.malformedNumber, at: token.first)
    }
    guard value.isFinite else { throw failure(.numberTooLarge, at: token.first) }
    return value
  }
}

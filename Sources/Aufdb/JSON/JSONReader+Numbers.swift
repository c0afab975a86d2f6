// The grammar of numbers: which bytes make one, and its digits and exponent on the way.

/// A number as it stands in the text.
struct JSONNumberToken {
  var first: UnsafePointer<UInt8>
  var count = 0
  var decimal = DecimalDouble()
  /// Whether it has neither a fraction nor an exponent.
  var isInteger = true
  /// Whether it has more than 19 digits, so that `decimal` does not hold all of it.
  var isLong = false

  /// Its value as a 64-bit integer, if it is one and fits.
  var int: Int64? {
    guard isInteger, !isLong else { return nil }
    let limit = UInt64(Int64.max) + (decimal.isNegative ? 1 : 0)
    guard decimal.significand <= limit else { return nil }
    return Int64(truncatingIfNeeded: decimal.isNegative ? 0 &- decimal.significand : decimal.significand)
  }
}

extension JSONReader {
  /// Reads a number's bytes.
  mutating func numberToken() throws(JSONError) -> JSONNumberToken {
    skipWhitespace()
    guard cursor < end, JSONKind(firstByte: cursor.pointee) == .number else { throw wrongKind(expected: .number) }
    var token = JSONNumberToken(first: cursor)
    var place = cursor
    if place.pointee == UInt8(ascii: "-") {
      token.decimal.isNegative = true
      place += 1
    }
    let integer = place
    try digits(at: &place, into: &token, places: 0)
    guard integer.pointee != UInt8(ascii: "0") || place - integer == 1 else {
      throw failure(.malformedNumber, at: token.first)
    }
    if place < end, place.pointee == UInt8(ascii: ".") {
      token.isInteger = false
      place += 1
      try digits(at: &place, into: &token, places: 1)
    }
    if place < end, place.pointee | 0x20 == UInt8(ascii: "e") {
      token.isInteger = false
      place += 1
      try exponent(at: &place, into: &token)
    }
    token.count = place - cursor
    cursor = place
    return token
  }

  /// Reads one or more digits; each takes the exponent down by `places`.
  @inline(__always)
  private func digits(
    at place: inout UnsafePointer<UInt8>, into token: inout JSONNumberToken, places: Int
  ) throws(JSONError) {
    let first = place
    while place < end {
      let digit = UInt64(place.pointee &- UInt8(ascii: "0"))
      guard digit < 10 else { break }
      // 10^18 and more has 19 digits already; one more might not fit.
      if token.decimal.significand < 1_000_000_000_000_000_000 {
        token.decimal.significand = token.decimal.significand &* 10 &+ digit
        token.decimal.exponent &-= places
      } else {
        token.isLong = true
      }
      place += 1
    }
    guard place > first else { throw malformedNumber(token, at: place) }
  }

  private func exponent(
    at place: inout UnsafePointer<UInt8>, into token: inout JSONNumberToken
  ) throws(JSONError) {
    var isNegative = false
    if place < end, place.pointee == UInt8(ascii: "-") || place.pointee == UInt8(ascii: "+") {
      isNegative = place.pointee == UInt8(ascii: "-")
      place += 1
    }
    let first = place
    var value = 0
    while place < end {
      let digit = Int(place.pointee &- UInt8(ascii: "0"))
      guard digit < 10 else { break }
      // Beyond any double's range it does not matter how far.
      if value < 100_000 { value = value &* 10 &+ digit }
      place += 1
    }
    guard place > first else { throw malformedNumber(token, at: place) }
    token.decimal.exponent &+= isNegative ? -value : value
  }

  @inline(never)
  private func malformedNumber(_ token: JSONNumberToken, at place: UnsafePointer<UInt8>) -> JSONError {
    guard place < end else { return failure(.endsEarly, at: end) }
    let isInfinity = place == token.first + 1 && place.pointee == UInt8(ascii: "I")
    return failure(isInfinity ? .notFinite : .malformedNumber, at: token.first)
  }
}

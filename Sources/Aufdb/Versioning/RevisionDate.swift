// Dates, as revisions (`main@{2026-11-01}`) and the log's filters take them.
//
//   2026-11-01                       a day
//   2026-11-01T12:30                 a minute; a blank may stand in place of the T
//   2026-11-01T12:30:05              a second
//   2026-11-01T12:30:05.250          a millisecond, with 3 digits or more; with fewer, a tenth or a hundredth of a second
//   2026-11-01T12:30+01:00           elsewhere than in UTC, which Z stands for and which is meant without either
//
// A date is the whole stretch of time that it names. Who asks for the state at a date, or for what came until it, means
// the stretch's end: everything committed on that day counts. Who asks for what came since a date means its beginning.
// So the answer never depends on the clock, or on where the machine is: git, in contrast, takes the present time of day
// in the local zone for what a date leaves out. For the same reason there is no "yesterday".

import Glibc

/// A stretch of time in milliseconds since 1970-01-01 UTC, from its first to its last, both included.
public struct RevisionDate: Sendable, Equatable, CustomStringConvertible {
  /// The text as it was given.
  public let description: String
  public let first: Int64
  public let last: Int64

  /// - Throws: `.usage` for any text but a date of the forms above, in the years 0000 to 9999.
  public init(_ text: String) throws(AufdbError) {
    var reader = DateReader(text)
    let day = try reader.day()
    var (start, length) = (day, Self.dayLength)
    if !reader.isAtEnd {
      let clock = try reader.clock()
      start = day + clock.milliseconds - (try reader.offset())
      length = clock.length
    }
    guard reader.isAtEnd else { throw reader.malformed() }
    description = text
    first = start
    last = start + length - 1
  }

  fileprivate static let dayLength: Int64 = 86_400_000
}

/// Reads a date from left to right.
private struct DateReader {
  let text: String
  private var rest: ArraySlice<UInt8>

  init(_ text: String) {
    self.text = text
    rest = Array(text.utf8)[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// The beginning of a day: YYYY-MM-DD.
  mutating func day() throws(AufdbError) -> Int64 {
    guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil, let day = number(2)
    else { throw malformed() }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    try check(month, "a month", 1...12)
    try check(day, "a day of that month", 1...lengths[month - 1])
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    return Int64(timegm(&parts)) * 1000
  }

  /// A time of day, THH:MM[:SS[.mmm]], as milliseconds since midnight, and how long the stretch is that it names.
  mutating func clock() throws(AufdbError) -> (milliseconds: Int64, length: Int64) {
    guard take("T ") != nil, let hour = number(2), take(":") != nil, let minute = number(2) else { throw malformed() }
    try check(hour, "an hour", 0...23)
    try check(minute, "a minute", 0...59)
    let milliseconds = Int64(hour * 60 + minute) * 60_000
    guard take(":") != nil else { return (milliseconds, 60_000) }
    guard let second = number(2) else { throw malformed() }
    try check(second, "a second", 0...59)
    let (fraction, length) = try fraction()
    return (milliseconds + Int64(second) * 1000 + fraction, length)
  }

  /// The digits behind a second's point, of which three count.
  private mutating func fraction() throws(AufdbError) -> (milliseconds: Int64, length: Int64) {
    guard take(".") != nil else { return (0, 1000) }
    let digits = rest.prefix { (48...57).contains($0) }
    guard (1...9).contains(digits.count) else { throw malformed() }
    rest = rest[digits.endIndex...]
    var (milliseconds, length) = (Int64(0), Int64(1000))
    for digit in digits.prefix(3) {
      length /= 10
      milliseconds += Int64(digit - 48) * length
    }
    return (milliseconds, length)
  }

  /// How far a zone's clocks are ahead of UTC, in milliseconds: Z, +HH:MM, -HH:MM, or nothing.
  mutating func offset() throws(AufdbError) -> Int64 {
    guard !isAtEnd else { return 0 }
    guard let sign = take("Z+-") else { throw malformed() }
    guard sign != UInt8(ascii: "Z") else { return 0 }
    guard let hours = number(2), take(":") != nil, let minutes = number(2) else { throw malformed() }
    try check(hours, "an offset's hour", 0...23)
    try check(minutes, "an offset's minute", 0...59)
    let milliseconds = Int64(hours * 60 + minutes) * 60_000
    return sign == UInt8(ascii: "-") ? -milliseconds : milliseconds
  }

  func malformed(_ reason: String = "") -> AufdbError {
    AufdbError(
      .usage, "\(text.quoted) is not a date\(reason)",
      hint: "dates are absolute: 2026-11-01, 2026-11-01T12:30, 2026-11-01T12:30:05Z or 2026-11-01T12:30+01:00")
  }

  private func check(_ number: Int, _ what: String, _ range: ClosedRange<Int>) throws(AufdbError) {
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    guard range.contains(number) else {
      throw malformed(": \(what) is \(digits(range.lowerBound)) to \(digits(range.upperBound))")
    }
  }

  /// A number of exactly so many digits.
  private mutating func number(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// The next byte, if it is one of these.
  private mutating func take(_ bytes: String) -> UInt8? {
    guard let byte = rest.first, bytes.utf8.contains(byte) else { return nil }
    rest = rest.dropFirst()
    return byte
  }
}

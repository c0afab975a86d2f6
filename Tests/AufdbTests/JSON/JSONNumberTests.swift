// Numbers: every double exactly as the system's strtod reads it, integers within 64 bits, shortest text when written.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("JSON numbers") struct JSONNumberTests {
  private static func double(_ text: String) throws -> Double {
    var reader = JSONReader()
    return try Array(text.utf8).withUnsafeBytes { bytes in
      reader.begin(bytes)
      let value = try reader.double()
      try reader.finish()
      return value
    }
  }

  private static func int(_ text: String) throws -> Int64 {
    var reader = JSONReader()
    return try Array(text.utf8).withUnsafeBytes { bytes in
      reader.begin(bytes)
      let value = try reader.int()
      try reader.finish()
      return value
    }
  }

  private static func written(_ value: Double) throws -> String {
    var writer = JSONWriter()
    try writer.double(value)
    return writer.text
  }

  static let hard: [String] = [
    "9007199254740993", "9007199254740992.5", "9007199254740993e0", "90071992547409930e-1", "1e22", "1e23", "1e27",
    "9999999999999999999e27", "9999999999999999999e-27", "18014398509481985", "18014398509481983e5",
    "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9406564584124654e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623158e308", "0.1", "0.30000000000000004",
    "1e-22", "1e-23", "1e-27", "1e-28", "7450580596923828125e-27", "8.5", "4503599627370496.5", "4503599627370497.5",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126", "0.000000000000000000000000000001",
    "100000000000000000000000000000", "-0.0", "-1e-5", "0.0000", "5e-324", "123456789.987654321e-10",
  ]

  @Test("hard cases are rounded as strtod rounds them", arguments: hard)
  func hardCases(_ text: String) throws {
    #expect(try Self.double(text).bitPattern == strtod(text, nil).bitPattern)
  }

  @Test("random decimals are rounded as strtod rounds them", arguments: [UInt64(1), 2, 3])
  func randomDecimals(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      var text = Bool.random(using: &generator) ? "-" : ""
      let digits = String(generator.next() >> UInt64.random(in: 0..<64, using: &generator))
      let point = Int.random(in: 0...digits.count, using: &generator)
      text += point == 0 ? "0" : String(digits.prefix(point))
      if point < digits.count { text += "." + digits.dropFirst(point) }
      if Bool.random(using: &generator) { text += "e\(Int.random(in: -45...45, using: &generator))" }
      // Digits cut after a first zero are not JSON.
      guard !(text.hasPrefix("00") || text.hasPrefix("-00")) else { continue }
      let value = try Self.double(text)
      #expect(value.bitPattern == strtod(text, nil).bitPattern, "seed \(seed), \(text)")
    }
  }

  @Test("decimals half-way between two doubles, and just beside it, round as strtod does", arguments: [UInt64(4)])
  func halfWay(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      // An odd number of 54 bits lies exactly between two doubles.
      let middle = 1 << 53 | generator.next() >> 11 | 1
      let scaled: [(UInt64, Int)] = [
        (middle, 0), (middle * 5, 0), (middle * 25, -2), (middle * 125, -3), (middle * 5, -27),
      ]
      for (number, exponent) in scaled {
        for delta in [UInt64(0), 1] {
          let text = "\(number + delta)e\(exponent)"
          #expect(try Self.double(text).bitPattern == strtod(text, nil).bitPattern, "seed \(seed), \(text)")
        }
      }
    }
  }

  @Test("products of more than 64 bits that lie a hair above half-way round up", arguments: [UInt64(8)])
  func hairAboveHalfWay(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var testedCount = 0
    let power = UInt128(95_367_431_640_625)  // 5^20, of 47 bits
    for _ in 0..<2_000 {
      // 53 bits, the last of them 0, then exactly one half; the first factor that takes the product beyond it.
      let kept = 1 << 52 | generator.next() >> 12 & ~1
      let factor = (UInt128(kept << 11 | 1 << 10) << 46) / power + 1
      guard factor < 10_000_000_000_000_000_000 else { continue }
      testedCount += 1
      let text = "\(factor)e20"
      #expect(try Self.double(text).bitPattern == strtod(text, nil).bitPattern, "seed \(seed), \(text)")
    }
    #expect(testedCount > 500)
  }

  @Test("a double is written so that it reads back as itself", arguments: [UInt64(5), 6])
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let value =
        Bool.random(using: &generator)
        ? Double(bitPattern: generator.next()) : Double.random(in: -100...100, using: &generator)
      guard value.isFinite else { continue }
      let text = try Self.written(value)
      #expect(try Self.double(text).bitPattern == value.bitPattern, "seed \(seed), \(text)")
      #expect(strtod(text, nil).bitPattern == value.bitPattern, "seed \(seed), \(text)")
    }
  }

  @Test("doubles have a point or an exponent")
  func pointOrExponent() throws {
    let expected: [(Double, String)] = [
      (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-3, "-3.0"), (0.1, "0.1"), (1e16, "1e+16"),
      (.leastNonzeroMagnitude, "5e-324"),
      (1e100, "1e+100"), (123_456_789, "123456789.0"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
    ]
    for (value, text) in expected { #expect(try Self.written(value) == text) }
  }

  @Test("NaN and infinities are not written", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) {
    var writer = JSONWriter()
    writer.beginArray()
    writer.int(1)
    #expect(throws: JSONError(offset: 2, reason: .notFinite)) { try writer.double(value) }
    #expect(writer.text == "[1")
  }

  @Test("integers are exact to the last of 64 bits")
  func integers() throws {
    let values: [Int64] = [0, 1, -1, 9, 10, -10, 99, 100, 1 << 53 + 1, .max, .min, .max - 1, .min + 1]
    for value in values {
      var writer = JSONWriter()
      writer.int(value)
      #expect(writer.text == String(value))
      #expect(try Self.int(writer.text) == value)
    }
    #expect(try Self.int("-0") == 0)
    for text in ["9223372036854775808", "-9223372036854775809", "99999999999999999999", "18446744073709551616"] {
      #expect(throws: JSONError(offset: 0, reason: .numberTooLarge)) { try Self.int(text) }
      #expect(try JSONValue.reading(text) == .number(.double(strtod(text, nil))))
    }
    for text in ["1.0", "1e3", "0.5", "-0.0"] {
      #expect(throws: JSONError(offset: 0, reason: .notAnInteger)) { try Self.int(text) }
    }
  }

  @Test("a number of a million digits is read")
  func longNumber() throws {
    let digits = String(repeating: "3", count: 1_000_000)
    #expect(try Self.double("0." + digits) == 1.0 / 3)
    #expect(try Self.double(digits + "e-1000000") == 1.0 / 3)
    #expect(throws: JSONError(offset: 0, reason: .numberTooLarge)) { try Self.double(digits) }
  }
}

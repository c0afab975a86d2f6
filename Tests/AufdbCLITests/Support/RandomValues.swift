// Random values with every awkward thing in them, the same for the same seed.

import AufdbTestSupport

@testable import Aufdb

extension SQLValue {
  private static let pieces = [
    "a", " ", ",", "\"", "\n", "\r", "\r\n", "\t", "\\", "x'", "'", "é", "漢", "😀", "\u{0}", "\u{1B}[31m", "|",
    "\u{2028}",
    "NULL", "\\N", "{", "}", "0", "\u{202E}", "\u{85}",
  ]

  static func random(using generator: inout SeededGenerator) -> SQLValue {
    switch generator.next() % 6 {
    case 0: .null
    case 1: .integer(Int64(bitPattern: generator.next()) >> Int64(generator.next() % 64))
    case 2: .real(randomReal(using: &generator))
    case 3: .blob((0..<generator.next() % 5).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    default:
      .text((0..<generator.next() % 6).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }.joined())
    }
  }

  /// Any finite double except -0.0, which SQLite doesn't have.
  private static func randomReal(using generator: inout SeededGenerator) -> Double {
    let real = generator.next() % 2 == 0 ? Double(bitPattern: generator.next()) : Double(generator.next() % 1000) / 8
    return real.isFinite && real != 0 ? real : 0
  }
}

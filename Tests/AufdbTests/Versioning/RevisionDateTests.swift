// Dates: the stretch of time that each form names, and that nothing else is one.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct RevisionDateTests {
  /// 2026-11-01T00:00:00Z.
  private static let day: Int64 = 1_793_491_200_000
  private static let noon: Int64 = day + 12 * 3_600_000

  @Test(
    arguments: [
      ("2026-11-01", day, 86_400_000),
      ("2026-11-01T12:00", noon, 60_000),
      ("2026-11-01 12:00", noon, 60_000),
      ("2026-11-01T12:00Z", noon, 60_000),
      ("2026-11-01T12:00:00", noon, 1000),
      ("2026-11-01T12:00:07Z", noon + 7000, 1000),
      ("2026-11-01T12:00:07.2", noon + 7200, 100),
      ("2026-11-01T12:00:07.25Z", noon + 7250, 10),
      ("2026-11-01T12:00:07.250", noon + 7250, 1),
      ("2026-11-01T12:00:07.250999+00:00", noon + 7250, 1),
      ("2026-11-01T13:00+01:00", noon, 60_000),
      ("2026-11-01 06:30:00-05:30", noon, 1000),
      ("2026-10-31T12:01-23:59", noon, 60_000),
      ("1970-01-01", 0, 86_400_000),
      ("1969-12-31T23:59:59.999", -1, 1),
      ("2024-02-29", 1_709_164_800_000, 86_400_000),
      ("2000-02-29", 951_782_400_000, 86_400_000),
      ("0000-01-01", -62_167_219_200_000, 86_400_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, 1),
    ] as [(String, Int64, Int64)])
  func forms(text: String, first: Int64, length: Int64) throws {
    let date = try RevisionDate(text)
    #expect(date.first == first)
    #expect(date.last - date.first + 1 == length)
    #expect(date.description == text)
  }

  @Test(arguments: [
    "", " ", "yesterday", "now", "noon", "2 days ago", "2.days.ago", "1793491200", "2026", "2026-11", "2026-1-1",
    "20261101",
    "11/01/2026", "01.11.2026", "2026-11-01T", "2026-11-01T12", "2026-11-01T12:3", "2026-11-01T12:30:",
    "2026-11-01T12:30:05.", "2026-11-01T12:30:05.1234567890", "2026-11-01T12:30:05,5", "2026-11-01t12:30",
    "2026-11-01T12:30z", "2026-11-01Z", "2026-11-01T12:30+1", "2026-11-01T12:30+0100", "2026-11-01T12:30 +01:00",
    "2026-11-01T12:30Z ", " 2026-11-01", "2026-11-01  12:30", "-2026-11-01", "+2026-11-01", "12026-11-01",
    "99999-01-01", "２０２６-11-01", "2026-11-01\u{0}", "2026–11–01", "2026-11-01T12:30+-1:00",
  ])
  func otherForms(text: String) {
    let error = #expect(throws: AufdbError.self) { try RevisionDate(text) }
    #expect(error?.kind == .usage)
    #expect(error?.message == "'\(text)' is not a date")
    #expect(error?.hint?.hasPrefix("dates are absolute: 2026-11-01, ") == true)
  }

  @Test(arguments: [
    ("2026-00-01", "a month is 01 to 12"), ("2026-13-01", "a month is 01 to 12"),
    ("2026-11-00", "a day of that month is 01 to 30"), ("2026-11-31", "a day of that month is 01 to 30"),
    ("2026-02-29", "a day of that month is 01 to 28"), ("2024-02-30", "a day of that month is 01 to 29"),
    ("1900-02-29", "a day of that month is 01 to 28"), ("2026-11-01T24:00", "an hour is 00 to 23"),
    ("2026-11-01T12:60", "a minute is 00 to 59"), ("2026-11-01T12:30:60", "a second is 00 to 59"),
    ("2026-11-01T12:30+24:00", "an offset's hour is 00 to 23"),
    ("2026-11-01T12:30-01:60", "an offset's minute is 00 to 59"),
  ])
  func numbersOutOfRange(text: String, reason: String) {
    let error = #expect(throws: AufdbError.self) { try RevisionDate(text) }
    #expect(error?.message == "'\(text)' is not a date: \(reason)")
  }

  @Test func aLongTextIsShortened() {
    let error = #expect(throws: AufdbError.self) { try RevisionDate(String(repeating: "2026-11-01", count: 1000)) }
    #expect(error?.message.utf8.count ?? 1000 < 120)
  }

  @Test("a commit's time reads back as its millisecond", arguments: [1, 2, 3] as [UInt64])
  func timesReadBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let milliseconds = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator)
      let commit = Commit(
        id: CommitID([]), parents: [], author: "", milliseconds: milliseconds, message: "", operation: "", changes: [],
        isPruned: false, sequence: 1, changeDigest: [])
      let date = try RevisionDate(commit.time)
      #expect(date.first == milliseconds && date.last == milliseconds, "seed \(seed): \(commit.time)")
      // The day that it lies in begins at a multiple of its length.
      let day = try RevisionDate(String(commit.time.prefix(10)))
      #expect(day.first <= milliseconds && milliseconds <= day.last && day.first % 86_400_000 == 0, "seed \(seed)")
    }
  }
}

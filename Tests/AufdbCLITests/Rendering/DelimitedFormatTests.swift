// CSV and TSV: awkward values to the letter, and any values read back.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct DelimitedFormatTests {
  static let awkward: [[SQLValue]] = [
    [.integer(1), .text("plain"), .null],
    [.integer(-9_223_372_036_854_775_808), .text(""), .real(0.1)],
    [.real(3), .text("a,\"b\"\r\nc\td\\"), .blob([0, 255])],
    [.real(1e300), .text("x'00'"), .real(.infinity)],
  ]

  @Test func csvToTheLetter() throws {
    let text = try TestSurroundings.rendering(.csv, ["n", "a,b", ""], Self.awkward)
    #expect(
      text == "n,\"a,b\",\"\"\n" + "1,plain,\n" + "-9223372036854775808,\"\",0.1\n"
        + "3.0,\"a,\"\"b\"\"\r\nc\td\\\",x'00ff'\n" + "1e+300,\"x'00'\",inf\n")
  }

  @Test func tsvToTheLetter() throws {
    let text = try TestSurroundings.rendering(.tsv, ["n", "a\tb", ""], Self.awkward)
    #expect(
      text == "n\ta\\tb\t\n" + "1\tplain\t\\N\n" + "-9223372036854775808\t\t0.1\n"
        + "3.0\ta,\"b\"\\r\\nc\\td\\\\\tx'00ff'\n" + "1e+300\tx'00'\tinf\n")
  }

  @Test func anEmptyResultIsItsHeader() throws {
    #expect(try TestSurroundings.rendering(.csv, ["a", "b"], []) == "a,b\n")
    #expect(try TestSurroundings.rendering(.tsv, ["a", "b"], []) == "a\tb\n")
  }

  @Test func bytesThatAreNotUTF8StayAsTheyAre() throws {
    let test = TestSurroundings()
    let surroundings = test.surroundings
    let bytes: [UInt8] = [0x61, 0x00, 0xFF]
    for format in [OutputFormat.csv, .tsv] {
      let renderer = format.renderer(in: surroundings)
      try bytes.withUnsafeBytes { try renderer.value(.text($0)) }
      try renderer.endRow()
    }
    try surroundings.output.flush()
    #expect(test.bytes == bytes + [0x0A] + bytes + [0x0A])
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func csvReadsBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<500).map { _ in (0..<4).map { _ in SQLValue.random(using: &generator) } }
    let text = try TestSurroundings.rendering(.csv, ["a", "b", "c", "d"], rows)
    let fields = CSVFields.rows(Array(text.utf8))
    #expect(fields.dropFirst() == rows.map { $0.map(CSVFields.expected) }[...], "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func tsvReadsBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<500).map { _ in (0..<4).map { _ in SQLValue.random(using: &generator) } }
    let text = try TestSurroundings.rendering(.tsv, ["a", "b", "c", "d"], rows)
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst().dropLast()
    let fields = lines.map { line in
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { Self.unescaped(Array($0)) }
    }
    #expect(fields == rows.map { $0.map { CSVFields.expected($0)?.text } }, "seed \(seed)")
  }

  /// A field of TSV as it was; nil for NULL.
  private static func unescaped(_ field: [UInt8]) -> [UInt8]? {
    if field == Array("\\N".utf8) { return nil }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in field {
      if isEscaped {
        let letters: [UInt8: UInt8] = [0x74: 0x09, 0x6E: 0x0A, 0x72: 0x0D]
        text.append(letters[byte] ?? byte)
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else {
        text.append(byte)
      }
    }
    return text
  }
}

// Nothing in a value can move the cursor, change colours, reorder a line or ring the bell, in any format, where the
// output goes to a terminal; and where it goes elsewhere, CSV, TSV and JSON keep every byte.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct TerminalSafetyTests {
  /// What a format writes to a terminal without colours.
  private static func rendering(_ format: OutputFormat, _ texts: [[UInt8]], columns: Int? = 40) throws -> [UInt8] {
    let test = TestSurroundings()
    test.terminalColumns = columns
    test.environment = ["NO_COLOR": "1"]
    let surroundings = test.surroundings
    let renderer = format.renderer(in: surroundings)
    try renderer.header(["a", "bell\u{7}\u{9B}31m\u{202E}"])
    for text in texts {
      try text.withUnsafeBytes { try renderer.value(.text($0)) }
      try text.withUnsafeBytes { try renderer.value(.text($0)) }
      try renderer.endRow()
    }
    try renderer.finish()
    try surroundings.output.flush()
    return test.bytes
  }

  /// The first thing that a terminal would act on; nil if all of it is text.
  private static func harm(in bytes: [UInt8], _ format: OutputFormat) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return "bytes that are not UTF-8" }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: continue
      // What separates the fields.
      case 0x09 where format == .tsv: continue
      case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F:
        return "U+\(String(scalar.value, radix: 16))"
      default: continue
      }
    }
    return nil
  }

  @Test(arguments: OutputFormat.allCases)
  func everyCodePointBelow3000(format: OutputFormat) throws {
    let scalars = (0..<0x3000 as Range<UInt32>).compactMap(Unicode.Scalar.init)
    let texts = stride(from: 0, to: scalars.count, by: 7).map { start in
      Array(scalars[start..<min(start + 7, scalars.count)].map { "x\($0)y" }.joined().utf8)
    }
    #expect(Self.harm(in: try Self.rendering(format, texts), format) == nil)
    // A narrow terminal cuts and wraps at every place.
    #expect(Self.harm(in: try Self.rendering(format, Array(texts.prefix(200)), columns: 5), format) == nil)
  }

  @Test(arguments: OutputFormat.allCases, [1, 2] as [UInt64])
  func randomBytes(format: OutputFormat, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let texts = (0..<300).map { _ in
      (0..<generator.next() % 40).map { _ in
        // Many of those that begin a sequence of UTF-8 or of a terminal.
        let byte = UInt8(truncatingIfNeeded: generator.next())
        return generator.next() % 3 == 0 ? [0x1B, 0xC2, 0x9B, 0xE2, 0x80, 0xAE, 0x08, 0x0D][Int(byte % 8)] : byte
      }
    }
    #expect(Self.harm(in: try Self.rendering(format, texts), format) == nil, "seed \(seed)")
  }

  @Test(arguments: [OutputFormat.csv, .tsv])
  func elsewhereBytesAreExact(format: OutputFormat) throws {
    let bytes: [UInt8] = [0x1B, 0x5B, 0x33, 0xFF, 0xC2, 0x9B, 0x07, 0xE2, 0x80, 0xAE]
    let output = try Self.rendering(format, [bytes], columns: nil)
    let separator = UInt8(ascii: format == .csv ? "," : "\t")
    #expect(output.split(separator: 0x0A).last.map(Array.init) == bytes + [separator] + bytes)
  }

  @Test func onATerminalCSVKeepsLineEndsAndTSVItsEscapes() throws {
    let text = Array("a\nb\tc\r\u{1B}\\\u{85}".utf8)
    let csv = String(decoding: try Self.rendering(.csv, [text]), as: UTF8.self)
    #expect(csv.hasSuffix("\n\"a\nb\\tc\\r\\x1b\\\\u{85}\",\"a\nb\\tc\\r\\x1b\\\\u{85}\"\n"))
    let tsv = String(decoding: try Self.rendering(.tsv, [text]), as: UTF8.self)
    #expect(tsv.hasSuffix("\na\\nb\\tc\\r\\x1b\\\\\\u{85}\ta\\nb\\tc\\r\\x1b\\\\\\u{85}\n"))
  }

  @Test(arguments: [1, 2] as [UInt64])
  func onATerminalJSONMeansTheSame(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let text = (0..<8).map { _ in
        String(Unicode.Scalar(UInt32(generator.next() % 0x3000)) ?? "x")
      }.joined()
      let bytes = try Self.rendering(.jsonl, [Array(text.utf8)])
      var reader = JSONReader()
      let value = try bytes.dropLast().withUnsafeBytes { line in
        reader.begin(line)
        try reader.beginObject()
        _ = try reader.nextKey()
        return try reader.stringValue()
      }
      #expect(value == text, "seed \(seed)")
    }
  }

  @Test("A message says what it repeats, and does nothing; its lines stay lines")
  func messages() {
    let test = TestSurroundings()
    test.surroundings.writeError("made e\u{1B}[2J, ma\u{202E}in\r\n  1 commit\n")
    #expect(test.error == #"made e\x1b[2J, ma\u{202e}in\r"# + "\n  1 commit\n")
  }

  @Test("What a progress bar tells is a name like any other")
  func progress() {
    let test = TestSurroundings()
    test.isErrorTerminal = true
    let bar = ProgressBar(in: test.surroundings)
    test.milliseconds += 2000
    bar.update(0.5, "of e\u{1B}[2J")
    #expect(test.error.contains(#"of e\x1b[2J"#) && !test.error.contains("\u{1B}[2J"))
  }
}

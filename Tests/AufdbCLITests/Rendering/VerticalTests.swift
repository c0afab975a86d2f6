// One field a line: what it looks like, how it is wrapped, and that a text can't pass for a field.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct VerticalTests {
  private static func rendering(_ columns: [String], _ rows: [[SQLValue]], width: Int? = nil) throws -> String {
    let test = TestSurroundings()
    test.terminalColumns = width
    test.environment = ["NO_COLOR": "1"]
    let surroundings = test.surroundings
    try OutputFormat.vertical.write(columns, rows, in: surroundings)
    try surroundings.output.flush()
    return test.output
  }

  @Test func toTheLetter() throws {
    let rows: [[SQLValue]] = [
      [.text("p1"), .integer(-5), .real(0.25), .null, .text("first\nsecond\n\nthird\u{1B}[31m\r\n")],
      [.text(""), .integer(0), .real(.infinity), .blob([0, 255]), .text("\nafter an empty line")],
    ]
    #expect(
      try Self.rendering(["prompt_id", "n", "real", "any", "text"], rows) == """
        --- row 1 ---
        prompt_id: p1
                n: -5
             real: 0.25
              any: NULL
             text: first
                   second

                   third\\x1b[31m\\r

        --- row 2 ---
        prompt_id:
                n: 0
             real: inf
              any: x'00ff' (2 bytes)
             text:
                   after an empty line

        """)
  }

  @Test func anEmptyResultIsNothing() throws { #expect(try Self.rendering(["a", "b"], []) == "") }

  @Test func isWrappedAtBlanksWhereThereAreAny() throws {
    let text = "some words to wrap  anywhere, averyveryverylongwordthatdoesntfit 漢字漢字漢字漢字漢字 end"
    #expect(
      try Self.rendering(["text"], [[.text(text)]], width: 22) == """
        --- row 1 ---
        text: some words to
              wrap  anywhere,
              averyveryverylon
              gwordthatdoesntf
              it 漢字漢字漢字
              漢字漢字 end

        """)
  }

  @Test func aLongLineElsewhereIsOneLine() throws {
    // Of letters of 1, 2, 3 and 4 bytes, beyond 64 KiB, so that pieces end at every place in them.
    for text in ["ab", "é", "漢", "x漢", "👍🏽"].map({ String(repeating: $0, count: 40_000) }) {
      #expect(try Self.rendering(["t"], [[.text(text + "\n" + text)]]) == "--- row 1 ---\nt: \(text)\n   \(text)\n")
    }
  }

  @Test func onANarrowTerminalNamesStandAbove() throws {
    let row: [SQLValue] = [.text("p1"), .text("some words to wrap"), .null, .text("")]
    #expect(
      try Self.rendering(["prompt_id", "response", "score", "rejected_uncertainty"], [row], width: 20) == """
        --- row 1 ---
        prompt_id:
          p1
        response:
          some words to wrap
        score:
          NULL
        rejected_uncertain…:

        """)
  }

  @Test func emojiStayWhole() throws {
    let family = "👨‍👩‍👧"
    let text = String(repeating: family + "🇩🇪❤\u{FE0F}", count: 5)
    for width in 3...12 {
      let lines = try Self.rendering(["t"], [[.text(text)]], width: width).split(separator: "\n").dropFirst()
      let pieces = lines.map { $0.drop { " t:".contains($0) } }.filter { !$0.isEmpty }
      #expect(pieces.joined() == text, "width \(width)")
      for piece in pieces {
        #expect(piece.allSatisfy { [family, "🇩🇪", "❤\u{FE0F}"].contains(String($0)) }, "width \(width): \(piece)")
      }
    }
  }

  @Test func aVectorMayStandBeforeItsElement() throws {
    let row: [SQLValue] = [.blob([0, 0x3C, 0, 0x40]), .text("between\nthem"), .text("f16")]
    #expect(
      try Self.rendering(["vector", "t", "element"], [row, row]) == """
        --- row 1 ---
         vector: [1.0, 2.0] f16
              t: between
                 them
        element: f16
        --- row 2 ---
         vector: [1.0, 2.0] f16
              t: between
                 them
        element: f16

        """)
  }

  @Test(arguments: [nil, 60, 24, 20, 9] as [Int?])
  func noTextPassesForAField(width: Int?) throws {
    var generator = SeededGenerator(seed: 11)
    let lines = ["--- row 2 ---", "a: 1", "bbb: 2", "  a: 3", "", "x", "a:", "--- row 3 ---"]
    let names = ["a", "bbb", "long_name"]
    for _ in 0..<50 {
      let text = (0..<generator.next() % 6).map { _ in lines[Int(generator.next() % 8)] }.joined(separator: "\n")
      let output = try Self.rendering(names, [[.text(text), .text(text), .integer(5)]], width: width)
      // What begins a field: in the columns of the names; a line of a text has nothing there.
      let stacked = width.map { $0 < 22 } ?? false
      let indent = stacked ? 2 : 11
      let fields = output.split(separator: "\n").filter { line in !line.prefix(indent).allSatisfy { $0 == " " } }
      let expected =
        ["--- row 1 ---"] + names.map { stacked ? "\($0):" : String(repeating: " ", count: 9 - $0.count) + "\($0):" }
      #expect(fields.count == expected.count, "\(output)")
      for (field, beginning) in zip(fields, expected) where beginning.count < width ?? .max {
        #expect(field.hasPrefix(beginning), "\(output)")
      }
    }
  }

  @Test(arguments: 1...30)
  func noLineIsWiderThanTheTerminal(width: Int) throws {
    let text = "some words that go on\nmore words and lines, 漢字漢字 👨‍👩‍👧 e\u{301}\u{1B}"
    let output = try Self.rendering(["first", "a second name"], [[.text(text), .text(text)]], width: width)
    // Two columns of indent and the widest single thing, an escape of four columns; the heading isn't cut.
    for line in output.split(separator: "\n").dropFirst() {
      #expect(DisplayWidth.of(String(line)) <= max(width, 6), "\(line)")
    }
  }
}

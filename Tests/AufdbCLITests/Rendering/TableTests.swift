// Tables for people: what they look like, on a terminal and elsewhere, and that nothing in them can harm a terminal.

import AufdbTestSupport
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct TableTests {
  @Test func alignsTextLeftAndNumbersRight() throws {
    let rows: [[SQLValue]] = [
      [.text("p1"), .integer(5), .null], [.text("p100"), .real(12.25), .text("x")], [.null, .null, .text("漢字")],
    ]
    #expect(
      try TestSurroundings.rendering(.table, ["prompt_id", "n", "t"], rows) == """
        prompt_id      n  t
        ---------  -----  ----
        p1             5  NULL
        p100       12.25  x
        NULL        NULL  漢字

        """)
  }

  @Test func anEmptyResultIsItsHeader() throws {
    #expect(try TestSurroundings.rendering(.table, ["a", "bcd"], []) == "a  bcd\n-  ---\n")
  }

  @Test func awkwardValues() throws {
    let rows: [[SQLValue]] = [
      [.text("a\nb\tc\u{1B}[31m\u{7}")], [.text("\u{202E}abc\u{85}")], [.text("e\u{301}")], [.text("")],
      [.blob([0, 255])], [.blob([UInt8](repeating: 7, count: 768))],
    ]
    #expect(
      try TestSurroundings.rendering(.table, ["v"], rows) == """
        v
        --------------------------------
        a\\nb\\tc\\x1b[31m\\x07
        \\u{202e}abc\\u{85}
        e\u{301}

        x'00ff'
        x'0707070707070707…' (768 bytes)

        """)
  }

  @Test func isCutToTheTerminal() throws {
    let rows: [[SQLValue]] = [
      [.text(String(repeating: "long ", count: 10)), .integer(123456), .text("short"), .text("漢字漢字漢字漢字漢字")]
    ]
    let text = try TestSurroundings.rendering(.table, ["a", "b", "c", "d"], rows, terminalColumns: 36)
    // 30 columns are left for the values: 6 for the number, 5 for the short text, and 9 and 10 for the other two.
    #expect(
      text == """
        a               b  c      d
        ---------  ------  -----  ---------
        long lon…  123456  short  漢字漢字…

        """)
  }

  @Test(arguments: 1...40)
  func noLineIsWiderThanTheTerminal(columns: Int) throws {
    let row: [SQLValue] = [.text("some words that go on"), .text("漢字漢字漢字"), .text("more words\nand lines")]
    let text = try TestSurroundings.rendering(.table, ["first", "second", "third"], [row], terminalColumns: columns)
    // Three columns of one, or two for a wide character's ellipsis, and the gaps between them need seven.
    for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= max(columns, 7), "\(line)") }
  }

  @Test func isNotCutElsewhere() throws {
    let long = String(repeating: "x", count: 5000)
    let text = try TestSurroundings.rendering(
      .table, ["a", "b"], [[.text(long), .integer(1)], [.text("y"), .integer(2)]])
    #expect(text.contains(long + "  1\n"))
    #expect(text.contains("y" + String(repeating: " ", count: 79) + "  2\n"))
  }

  @Test func rowsAfterTheFirstThousandKeepTheWidths() throws {
    let rows: [[SQLValue]] =
      (0..<1500).map { [.integer(Int64($0)), .text("v")] } + [[.integer(1_000_000), .text("last")]]
    let lines = try TestSurroundings.rendering(.table, ["n", "t"], rows).split(separator: "\n")
    #expect(lines.count == 1503)
    #expect(lines[2] == "  0  v")
    #expect(lines[1501] == "1499  v")
    #expect(lines[1502] == "1000000  last")
  }

  @Test func bytesThatAreNotUTF8AreShown() throws {
    let test = TestSurroundings()
    let surroundings = test.surroundings
    for format in [OutputFormat.table, .markdown] {
      let renderer = format.renderer(in: surroundings)
      try renderer.header(["a"])
      try ([0x61, 0xFF, 0xE6, 0xBC, 0x62] as [UInt8]).withUnsafeBytes { try renderer.value(.text($0)) }
      try renderer.endRow()
      try renderer.finish()
    }
    try surroundings.output.flush()
    #expect(test.output == "a\n--------------\na\\xff\\xe6\\xbcb\n| a |\n| --- |\n| a\\xff\\xe6\\xbcb |\n")
  }

  @Test func markdownToTheLetter() throws {
    let rows: [[SQLValue]] = [
      [.integer(1), .text("a|b\nc\u{1B}"), .null], [.real(0.5), .text("\r\\"), .blob([0, 255])],
    ]
    #expect(
      try TestSurroundings.rendering(.markdown, ["n", "a|b", "c"], rows) == """
        | n | a\\|b | c |
        | --- | --- | --- |
        | 1 | a\\|b<br>c\\x1b | NULL |
        | 0.5 | \\r\\ | x'00ff' |

        """)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func nothingReachesTheTerminalButText(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let rows = (0..<300).map { _ in (0..<3).map { _ in SQLValue.random(using: &generator) } }
    for format in [OutputFormat.table, .markdown] {
      let text = try TestSurroundings.rendering(format, ["a", "b", "c"], rows, terminalColumns: 60)
      let harmful = text.unicodeScalars.filter { scalar in
        (scalar.properties.generalCategory == .control && scalar != "\n")
          || ["\u{202E}", "\u{2028}", "\u{85}"].contains(scalar)
      }
      #expect(harmful.isEmpty, "seed \(seed)")
      #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == rows.count + 2, "seed \(seed)")
    }
  }

  @Test(arguments: [
    ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("😀", 2), ("⌚", 2), ("☎", 1),
    ("♥\u{FE0F}", 1),
    ("🇩🇪", 2), ("\u{200B}", 0), ("א", 1), ("ب", 1), ("𠀀", 2), ("…", 1), ("\u{AD}", 0), ("ไ", 1), ("ท\u{E35}", 1),
    ("─", 1),
  ])
  func widths(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }
}

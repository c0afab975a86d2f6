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
        p1          5     NULL
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

        x'00ff' (2 bytes)
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
    // The line above a row is never cut.
    for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= max(columns, 13), "\(line)") }
  }

  @Test func namesAboveNumbersAreCutBeforeNumbers() throws {
    let row: [SQLValue] = [.integer(123_456_789), .real(0.5), .text("some words")]
    let names = ["chosen_sample", "rejected_sample", "text"]
    #expect(
      try TestSurroundings.rendering(.table, names, [row], terminalColumns: 32) == """
        chosen_s…  rejected…  text
        ---------  ---------  ---------
        123456789        0.5  some wor…

        """)
  }

  @Test func whatIsTooWideForTheTerminalHasOneFieldALine() throws {
    let names = ["prompt_id", "tie", "t", "n"]
    let rows: [[SQLValue]] = [
      [.text("a text that goes on"), .integer(0), .null, .real(-1.5)],
      [.text("p2\n"), .integer(1), .text(""), .blob([0, 255])],
    ]
    let vertical = """
      --- row 1 ---
      prompt_id: a text tha…
            tie: 0
              t: NULL
              n: -1.5
      --- row 2 ---
      prompt_id: p2\\n
            tie: 1
              t:
              n: x'00ff' (2…

      """
    #expect(try TestSurroundings.rendering(.table, names, rows, terminalColumns: 22) == vertical)
    let table = try TestSurroundings.rendering(.table, names, rows, terminalColumns: 32)
    #expect(table.hasPrefix("prompt_id  tie  t     n\n"))
    // Nothing is gained by that for one column, and nothing would be written of no rows.
    #expect(
      try TestSurroundings.rendering(.table, ["prompt_id"], [[.text("p1")]], terminalColumns: 4) == "pro…\n----\np1\n")
    #expect(
      try TestSurroundings.rendering(.table, ["one", "another"], [], terminalColumns: 9) == "one  ano…\n---  ----\n")
  }

  @Test(arguments: [(20, false), (80, false), (130, true)]) func allLabelsCanBeRead(columns: Int, isTable: Bool) throws
  {
    let row: [SQLValue] = [
      .text("7f0e1823cea11c32efd090721b11bfac"), .text("mistral-7b-instruct"), .integer(0), .text("vicuna-33b"),
      .integer(0), .text("overall"), .integer(0), .real(7.43), .real(1.33), .text("maxmin"), .integer(1),
    ]
    let text = try TestSurroundings.rendering(.table, Relation.labels.columns, [row, row], terminalColumns: columns)
    let lines = text.split(separator: "\n")
    #expect(lines.count == (isTable ? 4 : columns == 20 ? 2 + 2 * 22 : 2 + 2 * 11))
    #expect(isTable || text.contains("rejected_sample:"))
    for line in lines { #expect(DisplayWidth.of(String(line)) <= columns, "\(line)") }
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
        | 0.5 | \\r\\ | x'00ff' (2 bytes) |

        """)
  }

  @Test func pointsStandBelowEachOther() throws {
    let reals: [Double?] = [0.5, 12, 100.125, nil, -3.25]
    let rows = reals.map { [$0.map { SQLValue.real($0) } ?? .null, .text("x")] }
    #expect(
      try TestSurroundings.rendering(.table, ["r", "t"], rows + [[.integer(7), .text("")]]) == """
              r  t
        -------  -
          0.5    x
         12.0    x
        100.125  x
           NULL  x
         -3.25   x
          7

        """)
  }

  @Test func pointsAreNotAlignedAtTheCostOfWidth() throws {
    let rows: [[SQLValue]] = [[.real(0.123456789)], [.integer(1_234_567_890_123)]]
    #expect(
      try TestSurroundings.rendering(.table, ["r"], rows) == """
                    r
        -------------
          0.123456789
        1234567890123

        """)
  }

  @Test func nullIsFaintOnATerminalUnlessColoursAreRefused() throws {
    for (environment, expected) in [([:], "\u{1B}[2mNULL\u{1B}[0m"), (["NO_COLOR": "1"], "NULL")] {
      let test = TestSurroundings()
      test.terminalColumns = 80
      test.environment = environment
      let surroundings = test.surroundings
      try OutputFormat.table.write(["a", "b"], [[.null, .text("NULL")]], in: surroundings)
      try surroundings.output.flush()
      #expect(test.output == "a     b\n----  ----\n\(expected)  NULL\n")
    }
  }

  @Test func rowsAreNotHeldBackWhereSomebodyWaits() throws {
    for terminalColumns in [nil, 40] {
      let test = TestSurroundings()
      test.terminalColumns = terminalColumns
      let surroundings = test.surroundings
      let renderer = TableRenderer(in: surroundings)
      surroundings.output.writeHeld = renderer.writeEarly
      renderer.header(["a"])
      let goesOn = surroundings.handingOn()
      for milliseconds in [100, 300, 499] as [Int64] {
        test.milliseconds = 1_700_000_000_123 + milliseconds
        #expect(goesOn())
        #expect(test.output.isEmpty)
        SQLValue.integer(milliseconds).withQueryValue { renderer.value($0) }
        try renderer.endRow()
      }
      test.milliseconds += 1000
      #expect(goesOn())
      // Elsewhere than on a terminal the clock has no say in what the table looks like.
      #expect(test.output == (terminalColumns == nil ? "" : "  a\n---\n100\n300\n499\n"))
      surroundings.output.writeHeld = nil
    }
  }
}

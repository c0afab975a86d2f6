// The shell at a terminal: keys, TAB, history, Ctrl-C and Ctrl-D.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("A terminal", .enabled(if: BuiltCommand.path != nil, "skipped: the command isn't built beside the tests"))
struct ShellTerminalTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private func shell(terminal: String = "xterm", columns: UInt16 = 100) throws -> PseudoTerminal {
    try PseudoTerminal(
      try #require(BuiltCommand.path), ["shell", stage.store],
      environment: ["HOME": stage.path("home"), "TERM": terminal, "PATH": "/usr/bin:/bin"], columns: columns)
  }

  private static let endless =
    "SELECT 'begun' AS a UNION ALL SELECT * FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    + "SELECT max(i) FROM n);"

  @Test("shows rows, takes statements of several lines, and names the revision in its prompt")
  func statements() throws {
    let shell = try shell()
    try shell.expectPrompt("main> ")
    shell.type("SELECT 20 + 2 AS n\r")
    try shell.expectPrompt(" ...> ")
    try shell.enter("FROM prompts LIMIT 1;", expecting: "\r\n22\r\n", then: "main> ")
    shell.type(".at main~1\r")
    try shell.expectPrompt("main~1> ")
    try shell.enter("SELECT count(*) AS n, '漢字' AS t FROM estimates;", expecting: "0  漢字\r\n", then: "main~1> ")
    try shell.enter("SELECT nonsense;", expecting: "error: no such column: nonsense", then: "main~1> ")
    shell.type("\u{4}")
    #expect(try shell.end().exitCode == 0)
  }

  @Test("TAB completes tables, columns, revisions and commands, and lists what is possible")
  func completion() throws {
    try stage.expectDone("branch", "create", stage.store, "drts")
    let shell = try shell()
    try shell.expectPrompt("main> ")
    shell.type("SELECT prom\t")
    try shell.expect("prompts_diff")
    try shell.expect("main> SELECT prompt")
    shell.type("_i\t")
    try shell.expect("d")
    shell.type(" FROM coverag\t")
    try shell.expect("e ")
    try shell.enter("LIMIT 1;", expecting: "p1", then: "main> ")
    shell.type(".a\t")
    try shell.expect("t ")
    shell.type("d\t")
    try shell.expect("rts")
    shell.type("\r")
    try shell.expectPrompt("drts> ")
  }

  @Test("Up brings back what was typed, also in the next shell; Ctrl-C drops the line")
  func history() throws {
    let first = try shell()
    try first.expectPrompt("main> ")
    try first.enter("SELECT 'fir' || 'st';", expecting: "\r\nfirst\r\n", then: "main> ")
    first.type("SELECT 'half")
    try first.expect("half")
    first.type("\u{3}")
    try first.expect("^C")
    try first.expectPrompt("main> ")
    first.type("\u{10}")
    try first.expect("'fir' || 'st';")
    try first.enter("", expecting: "\r\nfirst\r\n", then: "main> ")
    first.type(".quit\r")
    #expect(try first.end().exitCode == 0)
    let second = try shell()
    try second.expectPrompt("main> ")
    // The line before .quit.
    second.type("\u{10}\u{10}\r")
    try second.expect("\r\nfirst\r\n")
  }

  @Test("Ctrl-C ends the statement that runs, and not the shell")
  func interruption() throws {
    let shell = try shell(columns: 200)
    try shell.expectPrompt("main> ")
    shell.type(".format jsonl\r")
    try shell.expectPrompt("main> ")
    for _ in 0..<2 {
      shell.type(Self.endless + "\r")
      try shell.expect(#"{"a":"begun"}"#)
      shell.type("\u{3}")
      try shell.expect("interrupted\r\n")
      try shell.expectPrompt("main> ")
    }
    // What it hadn't written yet doesn't come later.
    shell.type("SELECT 1 AS after;\r")
    #expect(try !shell.expect(#"{"after":1}"#).contains("begun\""))
    try shell.expectPrompt("main> ")
    shell.type("\u{4}")
    #expect(try shell.end().exitCode == 0)
  }

  @Test("Commits of others are seen by the next statement")
  func others() throws {
    let shell = try shell()
    try shell.expectPrompt("main> ")
    try shell.enter("SELECT count(*) AS n FROM commits;", expecting: "3\r\n", then: "main> ")
    try stage.expectDone(
      "import", stage.store, "--as", "completions",
      stage.file("more.jsonl", #"{"prompt_id":"p9","prompt":"q","completions":[]}"#))
    shell.type("SELECT count(*) AS n FROM commits;\r")
    try shell.expect("4\r\n")
  }

  @Test("Small windows, poor terminals and odd bytes are borne", arguments: ["xterm", "dumb", "no-such-terminal"])
  func oddTerminals(_ terminal: String) throws {
    let shell = try shell(terminal: terminal, columns: 20)
    try shell.expectPrompt("main> ")
    shell.type(Array("SELECT 1 AS b, '".utf8) + [0xFF, 0x00, 0xC3] + Array("漢';\r".utf8))
    try shell.expectPrompt("main> ")
    for columns: UInt16 in [10, 200, 20] {
      shell.resize(columns: 1)
      shell.resize(columns: columns)
      shell.type("SELECT\r")
      try shell.expectPrompt(" ...> ")
      try shell.enter("\(columns) + 1000 AS n;", expecting: "\r\n\(columns + 1000)", then: "main> ")
    }
    shell.type("\u{4}")
    #expect(try shell.end().exitCode == 0)
  }
}

// The shell where nobody sits at a terminal: lines of standard input, and files.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct ShellScriptTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  private func run(_ lines: String..., options: [String] = []) -> TestRun {
    let test = TestSurroundings()
    test.standardInput = lines.map { $0 + "\n" }.joined()
    let exitCode = AufdbCommand.run(["shell", stage.store] + options, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }

  @Test func statementsAndCommands() {
    let run = run(
      ".format csv", "SELECT count(*) AS n", "FROM responses;", ".at main~2", "SELECT count(*) AS n FROM responses;",
      ".at -", ".with past=main~2", ".param model a",
      "SELECT count(*) AS n FROM responses AS r WHERE r.model = :model AND NOT EXISTS (SELECT 1 FROM past_responses);",
      "SELECT 'no semicolon' AS last")
    #expect(run.output == "n\n4\n\nn\n0\n\nn\n2\n\nlast\nno semicolon\n")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test func optionsAreThoseOfQuery() {
    let run = run("SELECT count(*) AS n FROM prompts;", options: ["--at", "main~2", "--format", "jsonl"])
    #expect(run.output == "{\"n\":0}\n")
    #expect(self.run("SELECT 1;", options: ["--at", "nowhere"]).exitCode == 1)
  }

  @Test func theFirstErrorEndsIt() {
    let run = run(".format jsonl", "SELECT 1 AS a;", "SELECT", "txet;", "SELECT 2 AS a;")
    #expect(run.output == "{\"a\":1}\n")
    #expect(run.error.hasPrefix("error: no such column: txet (standard input:4)\nhint: "))
    #expect(run.exitCode == 1)
    #expect(self.run(".nonsense", "SELECT 1;").exitCode == 64)
  }

  @Test(
    arguments: [
      "DELETE FROM prompts;", "INSERT INTO labels_all DEFAULT VALUES;", "ATTACH 'other.db' AS other;", "VACUUM;",
      "PRAGMA journal_mode = DELETE;", "CREATE TABLE x (a);", "SELECT load_extension('x');", "BEGIN IMMEDIATE;",
      "PRAGMA writable_schema = 1;", ".read /nowhere/x.sql", ".log --at nowhere", ".diff nowhere", ".schema nowhere",
    ])
  func nothingCanBeChanged(_ line: String) throws {
    let before = try stage.contents()
    let run = run(line)
    #expect(run.exitCode != 0)
    #expect(run.error.hasPrefix("error: "))
    #expect(try stage.contents() == before)
  }

  @Test func verbsAndTables() throws {
    let tables = run(".tables").output
    for name in ["prompts", "labels", "pairs", "leaderboard", "commits"] { #expect(tables.contains(name)) }
    #expect(run(".log 2").output.split(separator: "\n").count == 2)
    #expect(run(".diff main~2..main --table prompts").output.contains("prompts      2        0         0\n"))
    #expect(run(".log --help", ".quit").output.contains("USAGE: aufdb log"))
    #expect(run(".schema labels").output.contains("judge"))
  }

  @Test func resultsGoToAFileUntilTheNext() throws {
    let path = stage.path("rows.csv.gz")
    let run = run(".output '\(path)'", "SELECT 1 AS a;", ".output", "SELECT 2 AS b;", ".quit")
    #expect(run.output.contains("b\n") && !run.output.contains("a\n"))
    #expect(try Array(stage.bytes("rows.csv.gz").prefix(2)) == [0x1F, 0x8B])
    #expect(self.run(".output '\(stage.store)'").error.contains(".aufdb can't be written"))
    let database = try stage.file("database", stage.bytes("store.aufdb"))
    #expect(self.run(".output '\(database)'").error.contains("is a SQLite database"))
    #expect(self.run(".output /nowhere/x").exitCode == 73)
  }

  @Test func aFileChangesTheSettingsAndKeepsItsPlace() throws {
    let inner = try stage.file("inner.sql", "SELECT 'inner' AS a; SELECT 1 AS b")
    let outer = try stage.file("outer.sql", ".format jsonl\r\nSELECT 'outer' AS a;\r\n.read '\(inner)'\nSELECT 2 AS a")
    #expect(
      run(".read '\(outer)'", "SELECT 3 AS a;").output
        == "{\"a\":\"outer\"}\n{\"a\":\"inner\"}\n{\"b\":1}\n{\"a\":2}\n{\"a\":3}\n")
    let wrong = try stage.file("wrong.sql", "SELECT 1;\n\nSELECT\nnothing;")
    #expect(run(".read '\(wrong)'").error.contains("(\(wrong):4)"))
    let itself = stage.path("itself.sql")
    try stage.file("itself.sql", ".read '\(itself)'")
    #expect(run(".read '\(itself)'").error.contains("20 files are being read already"))
    let quitting = try stage.file("quit.sql", ".quit")
    #expect(run(".read '\(quitting)'", "SELECT 1;").output == "")
  }

  @Test func savedQueries() throws {
    try stage.expectDone("query", stage.store, "SELECT count(*) AS n FROM prompts", "--save", "top")
    #expect(run(".format jsonl", "@top", "@top;").output == "{\"n\":2}\n{\"n\":2}\n")
    #expect(run("@nothing").exitCode == 1)
    let names = try ShellNames(Store(stage.store, for: .reading), at: "HEAD~1", functions: [])
    #expect(names.savedQueries == ["top"])
  }

  @Test func aTimeoutEndsAStatement() {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n;"
    let late = run(".timeout 0.05", endless)
    #expect(late.exitCode == 1)
    #expect(late.error.contains("\nhint: .timeout SECONDS allows more, and .timeout 0 any time\n"))
  }

  @Test func linesAreTakenAsTheyCome() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let lines = InputLines(ends[0], name: "lines")
    var bytes = Array("SELECT 1;\r\n\nno end".utf8)
    #expect(write(ends[1], &bytes, 12) == 12)
    #expect(try lines.next() == "SELECT 1;")
    #expect(try lines.next() == "")
    #expect(write(ends[1], Array(bytes[12...]), 6) == 6)
    close(ends[1])
    #expect(try lines.next() == "no end")
    #expect(try lines.next() == nil)
  }

  @Test(
    arguments: [([0x41, 0xFF, 0x0A], "is not UTF-8"), ([0x41, 0x00, 0x0A], "has a NUL byte")] as [([UInt8], String)])
  func linesMustBeText(_ bytes: [UInt8], _ reason: String) throws {
    let path = try stage.file("lines", [0x0A] + bytes)
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let lines = InputLines(descriptor, name: "lines")
    #expect(try lines.next() == "")
    #expect(throws: AufdbError(.badData, "the line \(reason)", at: .init(file: "lines", line: 2))) { try lines.next() }
  }
}

// `aufdb query` with several statements, files, further revisions, bounds and plans.

import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("query with scripts") struct QueryScriptCommandTests {
  private let store: EmptyStore
  private let folder: URL

  init() throws {
    store = try EmptyStore()
    folder = URL(filePath: store.path).deletingLastPathComponent()
  }

  private func run(_ arguments: String..., input: String = "", isErrorTerminal: Bool = false) -> TestRun {
    let test = TestSurroundings()
    test.standardInput = input
    test.isErrorTerminal = isErrorTerminal
    let exitCode = AufdbCommand.run(["query", store.path] + arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }

  private func file(_ bytes: [UInt8]) throws -> String {
    let url = folder.appending(path: "report.sql")
    try Data(bytes).write(to: url)
    return url.path(percentEncoded: false)
  }

  @Test(
    "results can be told apart in every format",
    arguments: [
      ("table", "a\n-\n1\n\nb\n-\n2\n"), ("csv", "a\n1\n\nb\n2\n"), ("tsv", "a\n1\n\nb\n2\n"),
      ("json", "[{\"a\":1}]\n[{\"b\":2}]\n"), ("jsonl", "{\"a\":1}\n{\"b\":2}\n"),
      ("markdown", "| a |\n| --- |\n| 1 |\n\n| b |\n| --- |\n| 2 |\n"),
      ("vertical", "--- row 1 ---\na: 1\n\n--- row 1 ---\nb: 2\n"),
    ])
  func severalResults(_ format: String, _ output: String) throws {
    let path = try file(Array("-- two;\nSELECT 1 AS a;\n\nSELECT 2 AS b;\n".utf8))
    for found in [
      run("-f", path, "--format", format), run("--file", "-", "--format", format, input: "SELECT 1 a; SELECT 2 b"),
      run("SELECT 1 AS a; SELECT 2 AS b", "--format", format),
    ] {
      #expect(found.output == output)
      #expect(found.error == "" && found.exitCode == 0)
    }
  }

  @Test("errors name the file and the line")
  func placesInFiles() throws {
    let path = try file(Array("SELECT 1;\nSELECT\n  x FROM labels;\n".utf8))
    let found = run("-f", path)
    #expect(found.error.hasPrefix("error: no such column: x (\(path):3)\nhint: "))
    #expect(found.error.hasSuffix("\n    x FROM labels;\n    ^\n"))
    #expect(found.output == "" && found.exitCode == 1)
    #expect(run("-", input: "\nSELEC").error.hasPrefix("error: near \"SELEC\": syntax error (standard input:2)\n"))
  }

  @Test("a file that is no SQL")
  func badFiles() throws {
    let bad = run("-f", try file(Array("SELECT 1;\n-- \r\nSELECT '".utf8) + [0xFF, 0x27]))
    #expect(bad.exitCode == 65)
    #expect(bad.error.contains("the file is not UTF-8") && bad.error.contains("report.sql:3)"))
    let long = run("-f", try file(Array(repeating: 0x20, count: (4 << 20) + 1)))
    #expect(long.exitCode == 65 && long.error.contains("the file is longer than 4 MB"))
    for text in ["", "  \n", "-- nothing\n/* at all */;"] {
      let empty = run("-f", try file(Array(text.utf8)))
      #expect(empty.exitCode == 1 && empty.error.contains("the SQL is empty"), "\(text)")
    }
    let missing = run("-f", folder.appending(path: "nosuch.sql").path)
    #expect(missing.exitCode == 66 && missing.error.contains("no such file"))
    #expect(run("-f", folder.path).exitCode == 66)
  }

  @Test("two revisions in one statement")
  func furtherRevisions() throws {
    let sql = "SELECT count(*) AS n FROM past_prompts LEFT JOIN prompts USING (prompt_id)"
    #expect(run(sql, "--with", "past=HEAD", "--format", "csv").output == "n\n0\n")
    for (argument, exitCode, message) in [
      ("past", Int32(64), "--with takes name=revision, not 'past'"), ("=main", 64, "--with takes name=revision"),
      ("past=", 1, "'' is not a revision"), ("past=nain", 1, "there is no revision 'nain'"),
      ("a-b=main", 64, "'a-b' can't be a revision's name in a query"),
      ("labels=main", 64, "has a meaning in SQL already"),
    ] {
      let found = run("SELECT 1", "--with", argument)
      #expect(found.exitCode == exitCode && found.error.contains(message), "\(argument): \(found.error)")
    }
    #expect(run("SELECT 1", "--with", "a=main", "--with", "A=main").exitCode == 64)
    #expect(run("SELECT * FROM past.labels", "--with", "past=main").error.contains("\nhint: write past_labels\n"))
  }

  @Test("the limit holds for each statement, and a terminal is told")
  func limit() {
    let sql = "VALUES (1), (2); VALUES (3)"
    let found = run(sql, "--limit", "1", "--format", "jsonl", isErrorTerminal: true)
    #expect(found.output == "{\"column1\":1}\n{\"column1\":3}\n")
    #expect(found.error == "stopped at --limit: there may be more rows\nstopped at --limit: there may be more rows\n")
    #expect(run(sql, "--limit", "1").error == "")
    #expect(run("VALUES (1)", "--limit", "2", isErrorTerminal: true).error == "")
    #expect(run(sql, "--limit", "-1").exitCode == 64)
  }

  @Test("a query that takes too long is stopped")
  func timeout() {
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    let found = run(endless, "--timeout", "0.01")
    #expect(found.exitCode == 1)
    #expect(
      found.error == "error: the query took longer than 0.01 s\nhint: --timeout SECONDS allows more, and --timeout 0 "
        + "any time\n")
    #expect(run("SELECT 1", "--timeout", "0").exitCode == 0)
    for wrong in ["-1", "nan", "inf", "x"] { #expect(run("SELECT 1", "--timeout", wrong).exitCode == 64, "\(wrong)") }
  }

  @Test("a plan is a tree in tables, and rows elsewhere")
  func plans() {
    let sql = "SELECT 1 FROM prompts JOIN labels USING (prompt_id) ORDER BY tie"
    let tree = run(sql, "--explain").output
    #expect(tree.hasPrefix("QUERY PLAN\n|--"))
    #expect(tree.hasSuffix("\n`--USE TEMP B-TREE FOR ORDER BY\n"))
    #expect(tree.contains("labels USING"), "relations have their own names")
    #expect(run("EXPLAIN QUERY PLAN \(sql)").output == tree)
    #expect(run(sql, "--explain", "--format", "csv").output.hasPrefix("id,parent,notused,detail\n"))
    let nested = run("SELECT 1 UNION ALL SELECT 2", "--explain").output
    #expect(
      nested
        == "QUERY PLAN\n`--COMPOUND QUERY\n   |--LEFT-MOST SUBQUERY\n   |  `--SCAN CONSTANT ROW\n   `--UNION ALL\n"
        + "      `--SCAN CONSTANT ROW\n")
  }

  @Test("SQL comes from one place")
  func sources() {
    #expect(run().error.hasPrefix("error: query takes SQL, or a file with -f\n"))
    #expect(run("SELECT 1", "-f", "x.sql").error.hasPrefix("error: query takes SQL or -f, not both\n"))
  }
}

// Queries that a store keeps: saving, running, listing and forgetting them, and what versioning makes of them.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Saved queries") struct SavedQueryCommandTests {
  private let store: EmptyStore

  init() throws { store = try EmptyStore() }

  /// Runs a verb on the store, whose path goes behind the verb, or behind its second word.
  private func run(_ verb: String, _ arguments: String...) -> TestRun {
    let test = TestSurroundings()
    let exitCode = AufdbCommand.run(
      verb.split(separator: " ").map(String.init) + [store.path] + arguments, in: test.surroundings)
    return TestRun(output: test.output, error: test.error, exitCode: exitCode)
  }

  private func commitCount() -> Int { run("log", "--format", "oneline").output.split(separator: "\n").count }

  @Test("one is saved, run, listed, changed and forgotten, a commit each")
  func life() throws {
    let saved = run("query", "--save", "a/b.c-1", " SELECT 1 AS n\n", "--description", "one")
    #expect(saved.exitCode == 0 && saved.output == "")
    #expect(saved.error.hasPrefix("[main ") && saved.error.hasSuffix("] Save the query a/b.c-1\n"))
    #expect(run("query", "@a/b.c-1").output == "n\n-\n1\n")
    for arguments in [["@"], ["--list"]] {
      let test = TestSurroundings()
      _ = AufdbCommand.run(["query", store.path] + arguments + ["--format", "csv"], in: test.surroundings)
      #expect(test.output == "name,description,sql\na/b.c-1,one,SELECT 1 AS n\n")
    }
    // White space around it doesn't count, and without a description it keeps its own.
    let again = run("query", "--save", "a/b.c-1", "SELECT 1 AS n")
    #expect(again.error == "nothing to commit: the query a/b.c-1 is saved like this already\n")
    #expect(commitCount() == 2)
    #expect(run("query", "--save", "a/b.c-1", "SELECT 2 AS n", "-m", "Two").error.hasSuffix("] Two\n"))
    #expect(run("query", "--save", "a/b.c-1", "SELECT 2 AS n", "--description", "").error.contains("Change the query"))
    #expect(run("query", "@", "--format", "csv").output.hasSuffix("\na/b.c-1,,SELECT 2 AS n\n"))
    #expect(run("query", "--forget", "a/b.c-1").error.hasSuffix("] Forget the query a/b.c-1\n"))
    #expect(run("query", "@", "--format", "csv").output == "name,description,sql\n")
    #expect(commitCount() == 5)
    #expect(run("verify").exitCode == 0)
  }

  @Test("a revision has its own, and the current branch's where it has none")
  func revisions() {
    _ = run("query", "--save", "q", "SELECT 1 AS n")
    _ = run("query", "--save", "q", "SELECT 2 AS n")
    #expect(run("query", "@q", "--format", "csv").output == "n\n2\n")
    #expect(run("query", "@q", "--format", "csv", "--at", "main~1").output == "n\n1\n")
    #expect(run("query", "@q", "--format", "csv", "--at", "main~2").output == "n\n2\n")
    #expect(run("query", "@", "--format", "jsonl", "--at", "main~2").output == "")
  }

  @Test("parameters and further revisions are given when it runs")
  func parameters() {
    let sql = "SELECT count(*) + :n AS n FROM past_labels"
    #expect(run("query", "--save", "q", sql).exitCode == 1)
    #expect(run("query", "--save", "q", sql, "--with", "past=main").exitCode == 0)
    #expect(run("query", "@q", "--with", "past=main~1", "--param", "n=5", "--format", "csv").output == "n\n5\n")
    #expect(run("query", "@q", "--param", "n=5").error.hasPrefix("error: no such table: past_labels (@q:1)\n"))
    #expect(run("query", "@q", "--with", "past=main").exitCode == 64)
  }

  @Test(
    "what is wrong isn't saved", arguments: ["SELECT x FROM labels", "DELETE FROM labels", "", "SELECT id FROM labels"])
  func wrongSQL(_ sql: String) {
    #expect(run("query", "--save", "q", sql).exitCode == 1)
    #expect(commitCount() == 1)
  }

  @Test("names that can't be, and names that aren't")
  func names() {
    for name in ["", "a b", "é", "/a", "a/", "a..b", "@a", String(repeating: "a", count: 201)] {
      let found = run("query", "--save", name, "SELECT 1")
      #expect(found.exitCode == 64 && found.error.contains("can't be the name of a query"), "\(name)")
    }
    #expect(run("query", "@q").error.hasSuffix("hint: `aufdb query STORE --save NAME SQL` saves one\n"))
    _ = run("query", "--save", "ties", "SELECT 1")
    let near = run("query", "@tie")
    #expect(near.exitCode == 1)
    #expect(near.error == "error: there is no saved query 'tie'\nhint: did you mean ties?\n")
    #expect(run("query", "--forget", "weather").error.hasSuffix("hint: saved here: ties\n"))
  }

  @Test(
    "options that don't go together",
    arguments: [
      ["--save", "q"], ["--save", "q", "SELECT 1", "--forget", "p"], ["--forget", "q", "SELECT 1"],
      ["--list", "SELECT 1"], ["--save", "q", "SELECT 1", "--at", "main"], ["--save", "q", "SELECT 1", "--limit", "1"],
      ["--save", "q", "SELECT 1", "--explain"], ["--save", "q", "SELECT 1", "--timeout", "1"],
      ["--save", "q", "SELECT 1", "--format", "csv"], ["SELECT 1", "-m", "x"], ["SELECT 1", "--branch", "main"],
      ["SELECT 1", "--description", "x"], ["SELECT 1", "--wait", "1"], ["@", "--limit", "1"],
      ["@", "--with", "a=main"],
      ["--forget", "q", "--description", "x"], ["--forget", "q", "--param", "a=1"],
    ])
  func combinations(_ arguments: [String]) {
    let test = TestSurroundings()
    #expect(AufdbCommand.run(["query", store.path] + arguments, in: test.surroundings) == 64, "\(arguments)")
    #expect(test.output == "")
  }

  @Test("diff, log and merge know them")
  func versioning() {
    _ = run("query", "--save", "q", "SELECT 1")
    _ = run("branch create", "side")
    _ = run("query", "--save", "q", "SELECT 2", "--branch", "side")
    _ = run("query", "--save", "r", "SELECT 3", "--branch", "side")
    #expect(run("diff", "main..side", "--stat").output.contains("queries      1        0         1"))
    #expect(run("log", "--table", "queries", "--format", "oneline").output.split(separator: "\n").count == 1)
    _ = run("query", "--save", "q", "SELECT 4")
    let conflict = run("merge", "side")
    #expect(conflict.exitCode == 1 && conflict.output.contains("SELECT 4"))
    #expect(run("merge", "side", "--prefer", "theirs").exitCode == 0)
    #expect(run("query", "@", "--format", "csv").output == "name,description,sql\nq,,SELECT 2\nr,,SELECT 3\n")
    #expect(run("verify").exitCode == 0)
  }
}

// `aufdb query` from its arguments to its output and exit code.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct QueryCommandTests {
  @Test func writesATableByDefault() throws {
    let store = try EmptyStore()
    let run = TestSurroundings().run("query", store.path, "SELECT branch, current FROM branches")
    #expect(run.output == "branch  current\n------  -------\nmain          1\n")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test(arguments: [
    ("csv", "a,b\n1,x\n"), ("tsv", "a\tb\n1\tx\n"), ("json", "[{\"a\":1,\"b\":\"x\"}]\n"),
    ("jsonl", "{\"a\":1,\"b\":\"x\"}\n"), ("markdown", "| a | b |\n| --- | --- |\n| 1 | x |\n"),
    ("table", "a  b\n-  -\n1  x\n"), ("vertical", "--- row 1 ---\na: 1\nb: x\n"),
  ])
  func writesEveryFormat(_ format: String, _ output: String) throws {
    let store = try EmptyStore()
    let run = TestSurroundings().run(
      "query", store.path, "SELECT :n AS a, $t AS b", "--param", "n=1", "--param", "t=x", "--format", format)
    #expect(run.output == output)
    #expect(run.exitCode == 0)
  }

  @Test func readsTheSQLFromStandardInput() throws {
    let store = try EmptyStore()
    let test = TestSurroundings()
    test.standardInput = "SELECT 'from stdin' AS v\n"
    #expect(test.run("query", store.path, "-", "--format", "jsonl").output == "{\"v\":\"from stdin\"}\n")
  }

  @Test(
    arguments: [
      (
        ["SELECT * FROM lables"], 1,
        "error: no such table: lables\nhint: did you mean labels?\n  SELECT * FROM lables\n                ^\n"
      ),
      (["SELECT 1", "--at", "main~9"], 1, "error: there is no revision 'main~9': history ends before it\n"),
      (["SELECT :a"], 64, "error: no value is given for the parameter :a\nhint: give one with --param a=VALUE\n"),
      (
        ["SELECT 1", "--param", "a"], 64,
        "error: --param takes name=value, not 'a'\nhint: for example --param judge=overall\n"
      ),
    ] as [([String], Int32, String)])
  func explainsWhatIsWrong(_ arguments: [String], _ exitCode: Int32, _ message: String) throws {
    let store = try EmptyStore()
    let test = TestSurroundings()
    let code = AufdbCommand.run(["query", store.path] + arguments, in: test.surroundings)
    #expect(code == exitCode)
    #expect(test.error == message)
    #expect(test.output == "")
  }

  @Test func aStoreThatIsNotThere() {
    let run = TestSurroundings().run("query", "no/such.aufdb", "SELECT 1")
    #expect(run.exitCode == 66)
    #expect(run.error.hasPrefix("error: there is no store at no/such.aufdb\nhint: "))
  }

  @Test func theStoreComesFirst() throws {
    let store = try EmptyStore()
    for (arguments, kind) in [(["query", "SELECT 1"], "SQL"), (["search", "a bird"], "words")] {
      let test = TestSurroundings()
      #expect(AufdbCommand.run(arguments + [store.path], in: test.surroundings) == 66)
      #expect(
        test.error == "error: there is no store at \(arguments[1])\nhint: the store comes before the \(kind), and "
          + "\(store.path) is a file\n")
    }
    #expect(TestSurroundings().run("query", "SELECT 1", "no/such").error.contains("hint: `aufdb init SELECT 1`"))
    #expect(TestSurroundings().run("query", store.path, store.path).exitCode == 1)
  }

  @Test func rowsBeforeAnErrorComeOut() throws {
    let store = try EmptyStore()
    let run = TestSurroundings().run(
      "query", store.path, "SELECT abs(column1) AS a FROM (VALUES (1), (-9223372036854775808))", "--format", "csv")
    #expect(run.output == "a\n1\n")
    #expect(run.error == "error: integer overflow\n")
    #expect(run.exitCode == 1)
  }

  @Test(arguments: [(StreamError.Kind.closedPipe, 0), (.inputOutput, 74)] as [(StreamError.Kind, Int32)])
  func anOutputThatFails(_ kind: StreamError.Kind, _ exitCode: Int32) throws {
    let store = try EmptyStore()
    let many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100000) SELECT n FROM c"
    for sql in ["SELECT 1", many] {
      let test = TestSurroundings()
      test.failure = StreamError(kind: kind, path: "standard output", reason: "can't be written: no room")
      let run = test.run("query", store.path, sql, "--format", "csv")
      #expect(run.exitCode == exitCode)
      #expect(run.error == (exitCode == 0 ? "" : "error: standard output: can't be written: no room\n"))
    }
  }
}

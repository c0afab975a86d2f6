// `aufdb schema`: a page for each table, lists of columns, the SQL, and what it refuses.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite struct SchemaCommandTests {
  private let store: EmptyStore
  init() throws { store = try EmptyStore() }

  @Test func aPage() {
    let run = TestSurroundings().run("schema", store.path, "tags", "queries")
    #expect(run.exitCode == 0 && run.error == "")
    #expect(
      run.output == """
        tags
          The tags, which stay.

          tag     its name
          commit  the id of the commit that it is at

          > SELECT t.tag, c.time, c.message FROM tags AS t JOIN commits AS c ON c.id = t."commit"

        queries
          A query that was saved: `aufdb query STORE @NAME` runs it.
          Key: name

          name         TEXT          its name, without the @
          sql          TEXT          one statement or several
          description  TEXT or NULL  what it is for

          > SELECT name, description FROM queries ORDER BY name

        """)
  }

  @Test func anOverviewHasEveryTable() {
    let run = TestSurroundings().run("schema", store.path)
    #expect(run.exitCode == 0 && run.error == "")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    for page in RelationPage.all {
      #expect(lines.contains(Substring(page.name)))
      for example in page.examples { #expect(lines.contains("  > \(example)")) }
    }
    for page in FunctionPage.all {
      #expect(lines.contains(Substring(page.name)) && lines.contains("  \(page.signature)"))
    }
    #expect(TestSurroundings().run("schema").output == run.output)
    #expect(run.output.contains("  X_history  Every version") && run.output.contains("  X_diff     The rows of X"))
    for line in lines where !line.hasPrefix("  > ") { #expect(line.count <= 100, "\(line)") }
    #expect(!lines.contains { $0.hasSuffix(" ") })
  }

  @Test(arguments: [20, 40, 80, 200]) func itFitsTheTerminal(width: Int) {
    let surroundings = TestSurroundings()
    surroundings.terminalColumns = width
    surroundings.environment = ["NO_COLOR": "1"]
    let run = surroundings.run("schema", store.path)
    let words = RelationPage.all.flatMap(\.columns).map(\.name.count).max() ?? 0
    for line in run.output.split(separator: "\n") where !line.hasPrefix("  > ") {
      #expect(line.count <= max(min(width, 120), words + 26), "\(line)")
    }
    let text = run.output.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    #expect(text.contains("how often it won, and its strength by Bradley and Terry."))
  }

  @Test func headingsAreBoldOnATerminal() {
    let surroundings = TestSurroundings()
    surroundings.terminalColumns = 80
    #expect(surroundings.run("schema", store.path, "tags").output.hasPrefix("\u{1B}[1mtags\u{1B}[0m\n  The tags"))
  }

  @Test func columnsAreListedInAFormat() {
    let csv = TestSurroundings().run("schema", store.path, "tags", "labels", "--format", "csv").output
    let lines = csv.split(separator: "\n")
    #expect(lines.first == "table,column,type,meaning" && lines.count == 1 + 2 + Relation.labels.columns.count)
    #expect(lines.contains("tags,tag,,its name"))
    #expect(lines.contains("labels,judge,TEXT,who said so"))
    let all = TestSurroundings().run("schema", store.path, "--format", "jsonl").output.split(separator: "\n")
    #expect(all.count == RelationPage.all.reduce(0) { $0 + $1.columns.count })
    let history = TestSurroundings().run("schema", store.path, "labels_history", "--format", "tsv").output
    #expect(history.contains("labels_history\tborn_commit\tTEXT\tthe id of the commit that added this version\n"))
  }

  @Test func aFunction() {
    let run = TestSurroundings().run("schema", store.path, "Dot")
    #expect(run.exitCode == 0 && run.error == "")
    #expect(
      run.output == """
        dot
          dot(element, a, b)
          The sum of the products of two embeddings' elements, in double precision.

          > SELECT prompt_id, model, sqrt(dot(element, vector, vector)) AS length FROM embeddings LIMIT 3

        """)
  }

  @Test func aStoreIsNotNeeded() {
    for names in [["pairs"], ["labels_diff", "nearest"], ["regexp", "tags"]] {
      let (with, without) = (TestSurroundings(), TestSurroundings())
      #expect(AufdbCommand.run(["schema", store.path] + names, in: with.surroundings) == 0)
      #expect(AufdbCommand.run(["schema"] + names, in: without.surroundings) == 0)
      #expect(!with.output.isEmpty && with.output == without.output)
    }
    #expect(TestSurroundings().run("schema", "--sql").output == Schema.text)
    #expect(TestSurroundings().run("schema", "tags", "--format", "csv").output.hasPrefix("table,column,"))
  }

  @Test func theSQLIsTheFile() {
    #expect(TestSurroundings().run("schema", store.path, "--sql").output == Schema.text)
  }

  @Test func whatIsRefused() {
    let unknown = TestSurroundings().run("schema", store.path, "labels", "leaderbord")
    #expect(unknown.exitCode == 1 && unknown.output == "")
    #expect(unknown.error == "error: there is no table or function 'leaderbord'\nhint: did you mean leaderboard?\n")
    #expect(TestSurroundings().run("schema", store.path, "--sql", "--format", "csv").exitCode == 64)
    #expect(TestSurroundings().run("schema", store.path, "--sql", "labels").exitCode == 64)
    #expect(TestSurroundings().run("schema", "/nowhere", "labels").exitCode == 66)
    let neither = TestSurroundings().run("schema", "pair")
    #expect(neither.exitCode == 66 && neither.output == "")
    #expect(neither.error == "error: there is no store, table or function 'pair'\nhint: did you mean pairs?\n")
    #expect(TestSurroundings().run("schema", "prefs").error.hasPrefix("error: there is no store at prefs\n"))
    let function = TestSurroundings().run("schema", store.path, "tags", "dot", "--format", "csv")
    #expect(function.exitCode == 64 && function.output == "")
    #expect(
      function.error == "error: --format lists the columns of tables, and dot is a function\nhint: leave it out\n")
  }
}

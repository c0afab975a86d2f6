// What people type who know other programs.

import Testing

@testable import Aufdb

@Suite("Statements of other programs") struct ForeignStatementTests {
  private static let all = "`aufdb schema STORE` lists the tables; SELECT * FROM labels shows one"
  private static let labels = "`aufdb schema STORE labels` explains it; SELECT * FROM labels shows its rows"
  private static let select = "a query begins with SELECT: SELECT * FROM labels"

  @Test(
    "get a hint",
    arguments: [
      (".tables", all), ("  .schema labels", labels), ("\\dt", all), ("\\d labels", labels), ("SHOW TABLES;", all),
      ("show full columns from labels", labels), ("DESCRIBE labels", labels), ("desc \"labels\";", labels),
      ("DESC nothing", all), ("-- what is it?\nDESCRIBE labels", labels), ("FROM labels WHERE tie", select),
      ("TABLE labels", select), ("labels", select), ("LABELS;", select), ("FROM nothing", select), ("help", all),
      ("SUMMARIZE labels", labels), ("SELECT 1; SHOW TABLES", all),
    ])
  func hints(sql: String, hint: String) throws {
    let error = try #require(try TestQueryStore().error(sql))
    #expect(error.kind == .refused)
    #expect(error.hint?.split(separator: "\n").first.map(String.init) == hint, "\(sql)")
    #expect(error.hint?.hasSuffix("^") == true)
  }

  @Test(
    "what nobody understands, or is wrong elsewhere, gets none",
    arguments: [
      "nonsense", "SELECT 1 FROM labels show tables", "SELECT FROM labels", "DROP TABLE labels",
    ])
  func others(sql: String) throws {
    let hint = try #require(try TestQueryStore().error(sql)?.hint)
    #expect(!hint.contains("schema") && !hint.contains("begins with SELECT"), "\(hint)")
  }

  @Test("the shell is told of its own commands")
  func shell() throws {
    let test = try TestQueryStore()
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    for (sql, hint) in [
      ("SHOW TABLES", ".tables lists the tables; SELECT * FROM labels shows one"),
      ("DESCRIBE scores", ".schema scores explains it; SELECT * FROM scores shows its rows"),
      ("SELECT :a", "give one with .param a VALUE"), (endless, ".timeout SECONDS allows more, and .timeout 0 any time"),
      ("SELECT * FROM past.labels", ".with past=REVISION makes past_labels, that revision's labels"),
      ("SELECT * FROM past_labels", ".with past=REVISION makes past_labels, that revision's labels"),
    ] {
      let error = #expect(throws: AufdbError.self) {
        try test.results(sql, QueryOptions(timeoutSeconds: 0.01, caller: .shell))
      }
      #expect(error?.hint?.split(separator: "\n").first.map(String.init) == hint, "\(sql)")
    }
  }
}

// Scripts of several statements: how they are cut, what each sees, and where something is wrong.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Scripts of queries") struct QueryScriptTests {
  private let test: TestQueryStore

  init() throws { test = try TestQueryStore() }

  private func results(_ sql: String, _ options: QueryOptions = QueryOptions()) throws -> [[[SQLValue]]] {
    try test.results(sql, options)
  }

  private func error(_ sql: String, _ options: QueryOptions = QueryOptions()) -> AufdbError? {
    #expect(throws: AufdbError.self, "\(sql.prefix(100))") { _ = try results(sql, options) }
  }

  @Test(
    "statements end at their semicolons, and nowhere else",
    arguments: [
      "SELECT 1; SELECT 2", "SELECT 1;SELECT 2;", ";;SELECT 1;;; SELECT 2 ; ;", "SELECT 1; -- ; SELECT 3\nSELECT 2",
      "/* ; */SELECT 1/*;*/;/**/SELECT/*/ ; */2 -- ;", "\n\t\r\u{c}SELECT 1;\r\nSELECT 2\n--",
      "SELECT 1 WHERE ';' = ';' AND ';''' <> ';'; SELECT 2 AS \";\"", "SELECT 1; SELECT 2 AS [;]; /* open",
    ])
  func isCut(_ sql: String) throws {
    #expect(try results(sql) == [[[.integer(1)]], [[.integer(2)]]])
  }

  @Test("what says nothing to us says nothing to SQLite", arguments: [1, 2, 3] as [UInt64])
  func spaceIsSQLitesSpace(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pieces = ["-", "--", "/", "/*", "*/", "*", "\n", " ", ";", "\t", "é", "'"]
    for _ in 0..<300 {
      let text = (0..<generator.next() % 8).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }.joined()
      // Whether this opens a comment depends on SQLite's version.
      if text.hasSuffix("/*") { continue }
      let end = Array(text.utf8).withUnsafeBufferPointer { SQLSpace.end(from: 0, in: $0[...]) }
      let isEmpty = error(text)?.message == "the SQL is empty"
      #expect(isEmpty == (end == text.utf8.count), "seed \(seed): \(text.debugDescription)")
    }
  }

  @Test("all statements see one moment")
  func oneMoment() throws {
    let writer = try Store(test.path, for: .writing(waitSeconds: 0, command: "test"))
    var counts: [Int64] = []
    try test.store.queryScript("SELECT count(*) FROM prompts; SELECT count(*) FROM prompts") { rows in
      guard try rows.next(), case .integer(let count) = rows.value(0) else { return }
      counts.append(count)
      guard rows.statementIndex == 0 else { return }
      _ = try writer.commit(TestQueryStore.context) { change -> (CommitNote, Void) in
        try TestQueryStore.addPrompt("p9", "later", to: change)
        return (CommitNote(message: "Later", operation: Operation("test")), ())
      }
    }
    #expect(counts == [3, 3])
    #expect(try test.rows("SELECT count(*) FROM prompts") == [[.integer(4)]])
  }

  @Test("nothing of a script that is wrong runs")
  func allOrNothing() throws {
    for sql in ["SELECT 1; SELECT x", "SELECT 1; DELETE FROM prompts", "SELECT 1; SELECT :a", "SELECT 1; SELECT '"] {
      var count = 0
      #expect(throws: AufdbError.self) { try test.store.queryScript(sql) { _ in count += 1 } }
      #expect(count == 0, "\(sql)")
    }
  }

  @Test("a parameter belongs to the whole script")
  func parameters() throws {
    let values = QueryOptions(parameters: ["a": .integer(1), "b": .integer(2)])
    #expect(
      try results("SELECT :a; SELECT $b, @a; SELECT 3", values)
        == [[[.integer(1)]], [[.integer(2), .integer(1)]], [[.integer(3)]]])
    #expect(error("SELECT :a; SELECT 1", values)?.message == "the SQL has no parameter named 'b'")
    #expect(error("SELECT :a; SELECT :a", values)?.hint == "it has :a")
    let missing = error("SELECT :a; SELECT :c", QueryOptions(parameters: ["a": .null], file: "r.sql"))
    #expect(missing?.kind == .usage)
    #expect(missing?.description == "no value is given for the parameter :c (r.sql)")
    #expect(missing?.hint == "give one with --param c=VALUE")
  }

  @Test("rows end at the limit of each statement, or before")
  func limit() throws {
    let sql = "SELECT prompt_id FROM prompts ORDER BY 1; VALUES (1); SELECT 1 WHERE 0"
    for (limit, counts, cuts) in [
      (0, [0, 0, 0], [true, true, true]), (1, [1, 1, 0], [true, true, false]), (2, [2, 1, 0], [true, false, false]),
      (3, [3, 1, 0], [true, false, false]), (4, [3, 1, 0], [false, false, false]),
    ] {
      var found: ([Int], [Bool]) = ([], [])
      try test.store.queryScript(sql, QueryOptions(rowLimit: limit)) { rows in
        var count = 0
        while try rows.next() { count += 1 }
        #expect(try !rows.next())
        found.0.append(count)
        found.1.append(rows.isCut)
      }
      #expect(found.0 == counts && found.1 == cuts, "limit \(limit)")
    }
  }

  @Test("statements know their places, and don't begin again")
  func places() throws {
    var seen: [[Int]] = []
    try test.store.queryScript("VALUES (1); VALUES (2)") { rows in
      while try rows.next() {}
      #expect(try !rows.next())
      seen.append([rows.statementIndex, rows.statementCount])
    }
    #expect(seen == [[0, 2], [1, 2]])
  }

  @Test("a plan is given in place of rows")
  func plans() throws {
    var plans: [Bool] = []
    let sql = "SELECT * FROM prompts WHERE prompt_id = :p -- a plan\n; EXPLAIN SELECT 1; EXPLAIN QUERY PLAN SELECT 1"
    try test.store.queryScript(sql, QueryOptions(parameters: ["p": .text("p1")], isExplained: true)) { rows in
      plans.append(rows.isPlan)
      guard rows.statementIndex == 0, try rows.next(), case .text(let text) = rows.value(3) else { return }
      #expect(String(decoding: text, as: UTF8.self).hasPrefix("SEARCH prompts USING INDEX prompts_key"))
    }
    #expect(plans == [true, false, true])
    #expect(
      error("SELECT *\nFROM promts", QueryOptions(isExplained: true))?.hint?.hasSuffix("FROM promts\n     ^") == true)
  }

  @Test("what takes too long is stopped, and the next query runs")
  func timeout() throws {
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    let late = error("SELECT 1;\n" + endless, QueryOptions(timeoutSeconds: 1e-6, file: "r.sql"))
    #expect(late?.kind == .refused)
    #expect(late?.description == "the query took longer than 1e-06 s (r.sql:2)")
    #expect(error(endless, QueryOptions(timeoutSeconds: 0.01))?.message == "the query took longer than 0.01 s")
    #expect(try results("SELECT 1", QueryOptions(timeoutSeconds: 1e300)) == [[[.integer(1)]]])
    for seconds in [0, -1, .nan, -Double.infinity] {
      #expect(error("SELECT 1", QueryOptions(timeoutSeconds: seconds))?.kind == .usage, "\(seconds)")
    }
    #expect(error("SELECT 1", QueryOptions(rowLimit: -1))?.kind == .usage)
  }

  private static let wrongPlaces = [
    ("SELECT 1;\n\nSELECT\n  scor FROM scores;", 4, "  scor FROM scores;\n  ^"),
    ("SELECT 1;\r\nSELECT x", 2, "SELECT x\n       ^"), ("SELECT 1;\rSELECT x", 2, "SELECT x\n       ^"),
    ("-- é\nSELECT 'é', é FROM scores", 2, "SELECT 'é', é FROM scores\n            ^"),
    ("SELECT 1; SELECT 1\nFROM lables", 2, "FROM lables\n     ^"),
    ("SELECT 1;\nSELECT\n\tabs(-9223372036854775808)", 2, "SELECT\n^"),
    ("SELECT 1;\n-- why\nDROP TABLE setting", 3, "DROP TABLE setting\n^"),
    ("SELECT 1;\nPRAGMA query_only = 0", 2, "PRAGMA query_only = 0\n^"), ("SELECT (", 1, "SELECT (\n        ^"),
    ("SELECT 1 FROM\n", 2, "\n^"), ("SELECT nosuch(1)", 1, "SELECT nosuch(1)\n       ^"),
    (
      "SELECT 1 AS x_no, no.such FROM prompts AS no", 1,
      "SELECT 1 AS x_no, no.such FROM prompts AS no\n                  ^"
    ),
  ]

  @Test("an error shows its line, with a caret", arguments: wrongPlaces)
  func placesOfErrors(sql: String, line: Int, shown: String) throws {
    let error = error(sql, QueryOptions(file: "r.sql"))
    #expect(error?.place == AufdbError.Place(file: "r.sql", line: line), "\(sql)")
    #expect(error?.hint?.hasSuffix("\n" + shown) == true, "\(error?.hint ?? "")")
  }

  @Test("of a long line the part around the place is shown")
  func longLines() throws {
    let many = Array(repeating: "1", count: 200).joined(separator: ", ")
    let hint = error("SELECT \(many), nosuch, \(many) FROM prompts")?.hint ?? ""
    let lines = hint.split(separator: "\n")
    #expect(lines.count == 3 && lines[1].count <= 110, "\(hint)")
    let caret = lines[2].count - 1
    #expect(lines[1].dropFirst(caret).hasPrefix("nosuch, 1"))
    #expect(lines[1].hasPrefix("...") && lines[1].hasSuffix("..."))
  }

  @Test(
    "what is no SQL at all",
    arguments: [
      ("", "the SQL is empty (r.sql)"), (" \n-- x\n;/* y */", "the SQL is empty (r.sql)"),
      ("SELECT 1;\nSELECT 2\u{0}", "the SQL has a U+0000 in it (r.sql:2)"),
    ])
  func noSQL(sql: String, message: String) throws {
    let error = error(sql, QueryOptions(file: "r.sql"))
    #expect(error?.kind == .refused)
    #expect(error?.description == message)
  }

  @Test("the body's own errors come out as they are, from any statement")
  func bodyThrows() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try test.store.queryScript("SELECT 1; SELECT 2") { if $0.statementIndex == 1 { throw Stop() } }
    }
  }
}

// What a query gives, at which revision.

import Testing

@testable import Aufdb

@Suite struct QueryTests {
  @Test func readsTheHeadAndThePast() throws {
    let test = try TestQueryStore()
    let sql = "SELECT prompt FROM prompts WHERE prompt_id = 'p1'"
    #expect(try test.rows(sql) == [[.text("new text")]])
    #expect(try test.rows(sql, at: "main") == [[.text("new text")]])
    #expect(try test.rows(sql, at: "main~1") == [[.text("old text")]])
    #expect(try test.rows(sql, at: "main~2") == [])
    #expect(try test.rows("SELECT count(*) FROM prompts", at: "main~1") == [[.integer(2)]])
  }

  @Test func refusesAnUnknownRevision() throws {
    let test = try TestQueryStore()
    #expect { try test.rows("SELECT 1", at: "nowhere") } throws: { ($0 as? AufdbError)?.kind == .refused }
  }

  @Test func showsTheHistory() throws {
    let test = try TestQueryStore()
    #expect(
      try test.rows("SELECT message FROM commits") == [
        [.text("Create the store")], [.text("Add")], [.text("Change")],
      ])
    #expect(try test.rows("SELECT branch, current FROM branches") == [[.text("main"), .integer(1)]])
  }

  @Test func lendsEveryKindOfValue() throws {
    let test = try TestQueryStore()
    let rows = try test.rows("SELECT NULL, -9223372036854775808, 0.1, 'é', x'00ff', '', x''")
    #expect(
      rows == [[.null, .integer(.min), .real(0.1), .text("é"), .blob([0, 255]), .text(""), .blob([])]])
  }

  @Test func lendsTheVeryBytesOfAText() throws {
    let test = try TestQueryStore()
    let bytes = try test.store.query("SELECT prompt FROM prompts WHERE prompt_id = 'p3'") { rows -> [UInt8] in
      guard try rows.next(), case .text(let bytes) = rows.value(0) else { return [] }
      return Array(bytes)
    }
    #expect(bytes == TestQueryStore.awkwardBytes)
  }

  private static let reading = [
    "WITH t(a) AS (VALUES (1), (2)) SELECT sum(a) FROM t", "VALUES (3)", "SELECT 1 UNION SELECT 2",
    "EXPLAIN QUERY PLAN SELECT * FROM prompts", "EXPLAIN SELECT 1", "  SELECT 1 ; ", "-- first\nSELECT 1",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c",
    "SELECT value FROM json_each('[1,2]')", "SELECT name FROM pragma_table_info('labels')",
    "PRAGMA table_info(labels)", "PRAGMA table_list", "PRAGMA user_version", "SELECT max(prompt) FROM prompts",
    "SELECT prompt FROM prompts ORDER BY random()", "SELECT row_number() OVER (ORDER BY prompt_id) FROM prompts",
  ]

  @Test func allowsEverythingThatReads() throws {
    let test = try TestQueryStore()
    for sql in Self.reading { #expect(try !test.rows(sql).isEmpty, "\(sql)") }
  }

  @Test func namesItsColumns() throws {
    let test = try TestQueryStore()
    let names = try test.store.query("SELECT 1 AS a, 2 AS a, prompt_id FROM prompts WHERE 0") { $0.columns }
    #expect(names == ["a", "a", "prompt_id"])
  }

  @Test func whatTheBodyThrowsComesOutAsItIs() throws {
    struct Stop: Error {}
    let test = try TestQueryStore()
    #expect(throws: Stop.self) {
      try test.store.query("SELECT 1") { _ in throw Stop() }
    }
    #expect(try test.rows("SELECT 1") == [[.integer(1)]])
  }

  @Test func canBeInterrupted() throws {
    let test = try TestQueryStore()
    var askedCount = 0
    func isWanted() -> Bool {
      askedCount += 1
      return askedCount < 5
    }
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    let error = #expect(throws: AufdbError.self) {
      try test.store.query(endless, while: isWanted) { _ = try $0.next() }
    }
    #expect(error?.kind == .refused)
    #expect(error?.message == "interrupted")
    #expect(askedCount == 5)
    #expect(try test.rows("SELECT 1") == [[.integer(1)]])
  }

  @Test func aStoreOpenForWritingCanCommitAfterAQuery() throws {
    let test = try TestQueryStore(.writing(waitSeconds: 0, command: "test"))
    #expect(try test.rows("SELECT count(*) FROM prompts") == [[.integer(3)]])
    let (commit, _) = try test.store.commit(TestQueryStore.context) { change -> (CommitNote, Void) in
      try TestQueryStore.addPrompt("p4", "later", to: change)
      return (CommitNote(message: "Later", operation: Operation("test")), ())
    }
    #expect(commit != nil)
    #expect(try test.rows("SELECT count(*) FROM prompts") == [[.integer(4)]])
    #expect(try test.error("DELETE FROM prompts")?.message == "only SELECT is allowed in a query")
  }
}

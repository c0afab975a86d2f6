// Two revisions in one query.

import Testing

@testable import Aufdb

@Suite("Further revisions in a query") struct OtherRevisionTests {
  private let test: TestQueryStore

  init() throws { test = try TestQueryStore() }

  private func rows(_ sql: String, at revision: Revision = .head, _ others: OtherRevision...) throws -> [[SQLValue]] {
    try test.results(sql, QueryOptions(revision: revision, others: others))[0]
  }

  @Test("each has its relations under its own name")
  func sideBySide() throws {
    let sql = """
      SELECT p.prompt_id, old.prompt, p.prompt FROM prompts AS p LEFT JOIN Past_PROMPTS AS old USING (prompt_id)
      WHERE p.prompt IS NOT old.prompt AND p.prompt_id < 'p3'
      """
    let past = try OtherRevision("past", "main~1")
    #expect(try rows(sql, past) == [[.text("p1"), .text("old text"), .text("new text")]])
    #expect(try rows(sql, at: "main~1", past) == [])
    #expect(
      try rows(
        "SELECT (SELECT count(*) FROM a_prompts), (SELECT count(*) FROM b_prompts), (SELECT count(*) FROM prompts)",
        at: "main~1", OtherRevision("a", .head), OtherRevision("b", "main~2"))
        == [[.integer(3), .integer(0), .integer(2)]])
  }

  @Test("nothing of them is left for the next query")
  func areGoneAfterwards() throws {
    #expect(try rows("SELECT count(*) FROM past_prompts", OtherRevision("past", "main~1")) == [[.integer(2)]])
    #expect(throws: AufdbError.self) { try rows("SELECT count(*) FROM past_prompts") }
  }

  @Test("every relation has its view")
  func allRelations() throws {
    let past = try OtherRevision("past", "main~1")
    for relation in Relation.allCases {
      let sql = "SELECT count(*) FROM (SELECT \(relation.columnList) FROM past_\(relation.name))"
      #expect(try rows(sql, past) == [[.integer(relation == .prompts ? 2 : 0)]])
    }
  }

  @Test("an unknown revision is refused, also where nothing asks for it")
  func unknownRevision() throws {
    #expect(
      throws: AufdbError(
        .refused, "there is no revision 'nowhere'",
        hint: "branches and tags here: main; `aufdb log STORE` lists the commits")
    ) {
      try rows("SELECT 1", OtherRevision("past", "nowhere"))
    }
  }

  @Test(
    "a name must be able to stand in SQL",
    arguments: [
      "", "1a", "a-b", "a.b", "a b", "é", "\"a", "labels", "LABELS", "main", "Temp", "sqlite", "sqlite_x", "a'",
      String(repeating: "a", count: 61),
    ])
  func wrongNames(_ name: String) {
    let error = #expect(throws: AufdbError.self) { try OtherRevision(name, .head) }
    #expect(error?.kind == .usage && error?.hint != nil)
  }

  @Test(
    "names that can", arguments: ["a", "_", "A1", "past", "old_labels", "select", String(repeating: "a", count: 60)])
  func rightNames(_ name: String) throws {
    #expect(try rows("SELECT count(*) FROM \(name)_prompts", OtherRevision(name, .head)) == [[.integer(3)]])
  }

  @Test("two of one name are refused, whatever the case")
  func repeatedNames() throws {
    let error = #expect(throws: AufdbError.self) {
      try rows("SELECT 1", OtherRevision("a", .head), OtherRevision("A", "main~1"))
    }
    #expect(error?.kind == .usage && error?.message == "two revisions are named 'A'")
  }

  private static let misspelt = [
    ("past.prompts", true, "write past_prompts"), ("Past.promts", true, "write Past_prompts"),
    ("past.prompts", false, "--with past=REVISION makes past_prompts, that revision's prompts"),
    ("past_prompts", false, "--with past=REVISION makes past_prompts, that revision's prompts"),
    ("past_promts", true, "did you mean past_prompts?"), ("main.promts", true, "did you mean prompts?"),
  ]

  @Test("hints know the names", arguments: misspelt)
  func hints(table: String, isGiven: Bool, hint: String) throws {
    let others = isGiven ? [try OtherRevision("past", "main~1")] : []
    let error = #expect(throws: AufdbError.self) {
      _ = try test.results("SELECT * FROM \(table)", QueryOptions(others: others))
    }
    #expect(error?.message == "no such table: \(table)")
    #expect(error?.hint?.hasPrefix(hint + "\n") == true, "\(error?.hint ?? "")")
  }
}

// X_diff(FROM, TO): held against Store.diff, and used as people use a table.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("X_diff")
struct DiffTableTests {
  /// The rows of X_diff between two states of a model, in order of the key.
  private static func rows(_ relation: Relation, _ from: ModelState, _ to: ModelState) -> [[SQLValue]] {
    let none = Array(repeating: SQLValue.null, count: relation.columns.count)
    let keys = Set(from.rows(of: relation).map(\.key)).union(to.rows(of: relation).map(\.key))
    let rows = keys.compactMap { key -> (key: [SQLValue], row: [SQLValue])? in
      let (old, new) = (from.row(relation, key), to.row(relation, key))
      guard old != new, let values = (new ?? old)?.sqlValues else { return nil }
      var different: SQLValue = .null
      if let old, let new {
        // By their bytes: two texts may be different and yet be equal once they are mended.
        let columns = relation.columns.indices.filter { old.values[$0] != new.values[$0] }
        different = .text(columns.map { relation.columns[$0] }.joined(separator: " "))
      }
      let change = SQLValue.text(old == nil ? "added" : new == nil ? "removed" : "modified")
      let pairs = zip(old?.sqlValues ?? none, new?.sqlValues ?? none).flatMap { [$0, $1] }
      let key = relation.key(of: values)
      return (key, [change] + key + [different] + pairs)
    }
    return rows.sorted { SQLValue.precedes($0.key, $1.key) }.map(\.row)
  }

  @Test("Its rows are those of a diff, between any two commits", arguments: [81, 82, 83] as [UInt64])
  func rows(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 40)
    let store = try Store(modelled.path, for: .reading)
    for _ in 0..<15 {
      let from = try #require(modelled.history.randomElement(using: &modelled.generator))
      let to = try #require(modelled.history.randomElement(using: &modelled.generator))
      var changes: [SQLValue] = []
      for relation in Relation.allCases {
        let comment: Comment = "seed \(seed): \(relation) from \(from.sequence) to \(to.sequence)"
        let rows = Self.rows(relation, from.state, to.state)
        changes += rows.map { _ in .text(relation.name) }
        let both = "SELECT * FROM \(relation.name)_diff('\(from.id)', '\(to.id)')"
        #expect(try store.copies(both) == rows, comment)
        // The second revision is the one that is read.
        let one = "SELECT * FROM \(relation.name)_diff(:from)"
        #expect(try store.copies(one, at: to.revision, ["from": .text(from.id.description)]) == rows, comment)
        guard let part = relation.keyColumns.firstIndex(of: "prompt_id"),
          let prompt = rows.randomElement(using: &modelled.generator)?[part + 1]
        else { continue }
        let ofPrompt = try store.copies("\(both) WHERE prompt_id = :p", at: .head, ["p": prompt])
        #expect(ofPrompt == rows.filter { $0[part + 1] == prompt }, comment)
      }
      #expect(try store.changes(from, to).map { .text($0.relation.name) } == changes, "seed \(seed)")
    }
  }

  @Test func namesItsColumns() throws {
    let test = try TestQueryStore()
    let names = try test.store.query("SELECT * FROM labels_diff('main')") { $0.columns }
    let pair = ["model_1", "sample_1", "model_2", "sample_2"]
    #expect(Array(names.prefix(8)) == ["change", "prompt_id"] + pair + ["judge", "columns"])
    #expect(names.dropFirst(8) == Relation.labels.columns.flatMap { ["old_" + $0, "new_" + $0] }[...])
    for relation in Relation.allCases {
      let names = DiffColumns(relation).names
      #expect(Set(names).count == names.count, "\(relation)")
    }
  }

  private static let answers: [(sql: String, rows: [[SQLValue]])] = [
    (
      "SELECT change, prompt_id, columns, old_prompt, new_prompt FROM prompts_diff('main~1') WHERE prompt_id <> 'p3'",
      [[.text("modified"), .text("p1"), .text("prompt"), .text("old text"), .text("new text")]]
    ),
    ("SELECT change FROM Prompts_Diff('main~1', 'main') ORDER BY 1", [[.text("added")], [.text("modified")]]),
    ("SELECT change FROM prompts_diff('main', 'main~1') ORDER BY 1", [[.text("modified")], [.text("removed")]]),
    ("SELECT * FROM prompts_diff('main')", []), ("SELECT * FROM labels_diff('main~2')", []),
    ("SELECT count(*) FROM prompts_diff WHERE from_revision = 'main~2' AND to_revision IS 'main~1'", [[.integer(2)]]),
    ("SELECT DISTINCT from_revision, to_revision FROM prompts_diff('main~1')", [[.text("main~1"), .text("HEAD")]]),
    (
      "SELECT from_revision, count(*) FROM prompts_diff WHERE from_revision IN ('main~1', 'main~2') GROUP BY 1",
      [[.text("main~1"), .integer(2)], [.text("main~2"), .integer(3)]]
    ),
    (
      "SELECT p.prompt FROM prompts_diff('main~1') AS d JOIN prompts AS p USING (prompt_id) WHERE change = 'modified'",
      [[.text("new text")]]
    ),
    (
      "SELECT prompt_id, d.change FROM prompts LEFT JOIN prompts_diff('main~1') AS d USING (prompt_id) ORDER BY 1",
      [[.text("p1"), .text("modified")], [.text("p2"), .null], [.text("p3"), .text("added")]]
    ),
    (
      "SELECT b.branch, count(*) FROM branches AS b, prompts_diff('main~2', b.branch) GROUP BY 1",
      [[.text("main"), .integer(3)]]
    ),
    (
      "SELECT c.message, (SELECT count(*) FROM prompts_diff(c.id)) FROM commits AS c",
      [
        [.text("Create the store"), .integer(3)], [.text("Add"), .integer(2)], [.text("Change"), .integer(0)],
      ]
    ),
    (
      "SELECT prompt_id FROM prompts_diff('main~2', 'main~1') JOIN prompts_diff('main~1') AS b USING (prompt_id)",
      [[.text("p1")]]
    ),
    ("SELECT count(*) FROM prompts_diff('main~1') WHERE prompt_id = 'P1'", [[.integer(0)]]),
    ("SELECT count(*) FROM prompts_diff('main~1') WHERE prompt_id = 'P1' COLLATE NOCASE", [[.integer(1)]]),
    ("SELECT count(*) FROM prompts_diff('main~1') WHERE prompt_id = NULL", [[.integer(0)]]),
    ("SELECT count(*) FROM prompts_diff('main~1') WHERE prompt_id = x'7031'", [[.integer(0)]]),
    ("SELECT count(*) FROM prompts_diff('main~1') WHERE prompt_id = 'p1' OR change = 'added'", [[.integer(2)]]),
    ("SELECT max(rowid) FROM prompts_diff('main~1')", [[.integer(2)]]),
    ("SELECT name FROM pragma_table_info('prompts_diff') LIMIT 2", [[.text("change")], [.text("prompt_id")]]),
  ]

  @Test func isATableLikeOthers() throws {
    let test = try TestQueryStore()
    for (sql, rows) in Self.answers { #expect(try test.rows(sql) == rows, "\(sql)") }
  }

  @Test func lendsTheVeryBytesOfAText() throws {
    let test = try TestQueryStore()
    let sql = "SELECT new_prompt FROM prompts_diff('main~1') WHERE prompt_id = 'p3'"
    let bytes = try test.store.query(sql) { rows -> [UInt8] in
      guard try rows.next(), case .text(let bytes) = rows.value(0) else { return [] }
      return Array(bytes)
    }
    #expect(bytes == TestQueryStore.awkwardBytes)
  }

  private static let wrong: [(sql: String, message: String)] = [
    ("SELECT * FROM labels_diff", "labels_diff has no revision to compare with"),
    ("SELECT * FROM labels_diff()", "labels_diff has no revision to compare with"),
    ("SELECT * FROM labels_diff WHERE to_revision = 'main'", "labels_diff has no revision to compare with"),
    ("SELECT * FROM labels_diff AS d, labels_diff(d.change)", "labels_diff has no revision to compare with"),
    ("SELECT * FROM labels_diff(NULL)", "a revision for labels_diff is NULL, or no text"),
    ("SELECT * FROM labels_diff('main', NULL)", "a revision for labels_diff is NULL, or no text"),
    ("SELECT * FROM labels_diff(x'6d61696e')", "a revision for labels_diff is NULL, or no text"),
    ("SELECT * FROM labels_diff(CAST(x'ff' AS TEXT))", "a revision for labels_diff is NULL, or no text"),
    ("SELECT * FROM labels_diff('nowhere')", "there is no revision 'nowhere'"),
    ("SELECT * FROM labels_diff('main', 'main~9')", "there is no revision 'main~9': history ends before it"),
    ("SELECT * FROM labels_diff('~')", "'~' is not a revision"),
    ("SELECT * FROM labels_diff('')", "'' is not a revision"),
    ("SELECT * FROM labels_diff(7)", "there is no revision '7'"),
    (
      "SELECT * FROM labels_diff('main''; DROP TABLE setting; --')",
      "there is no revision 'main'; DROP TABLE setting; --'"
    ),
    ("SELECT * FROM labels_diff('main', 'main', 'main')", "too many arguments on labels_diff() - max 2"),
    ("SELECT * FROM labels('main')", "'labels' is not a function"),
  ]

  @Test func explainsWhatIsWrong() throws {
    let test = try TestQueryStore()
    for (sql, message) in Self.wrong {
      let error = try test.error(sql)
      #expect(error?.kind == .refused, "\(sql)")
      #expect(error?.message == message, "\(sql)")
    }
    // As any other verb would say it, hint and all.
    let same = #expect(throws: AufdbError.self) { try test.rows("SELECT 1", at: "nowhere") }
    #expect(try test.error("SELECT * FROM labels_diff('nowhere')") == same)
  }

  @Test func canBeInterrupted() throws {
    let test = try TestQueryStore()
    let endless = """
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
      SELECT sum((SELECT count(*) FROM prompts_diff('main~' || (n % 3)))) FROM c
      """
    var askedCount = 0
    func isWanted() -> Bool {
      askedCount += 1
      return askedCount < 5
    }
    let error = #expect(throws: AufdbError.self) {
      try test.store.query(endless, while: isWanted) { _ = try $0.next() }
    }
    #expect(error?.message == "interrupted")
    #expect(try test.rows("SELECT count(*) FROM prompts_diff('main~1')") == [[.integer(2)]])
  }

  @Test func isOnlyThereForTheQueryThatMentionsIt() throws {
    let test = try TestQueryStore()
    let modules = "SELECT name FROM pragma_module_list WHERE name LIKE '%\\_dif%' ESCAPE '\\' ORDER BY 1"
    #expect(try test.rows(modules) == [])
    #expect(try test.rows("\(modules) -- prompts_diff") == [[.text("prompts_diff")]])
    _ = try test.rows("SELECT * FROM prompts_diff('main~1')")
    #expect(try test.rows(modules) == [])
    #expect(throws: AufdbError.self) {
      try test.store.withConnection { _ = try $0.statement("SELECT * FROM prompts_diff('main~1')") }
    }
  }

  @Test("Sets of commits keep exactly their members", arguments: [84] as [UInt64])
  func commitSets(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let test = try TestQueryStore()
    for _ in 0..<50 {
      let count = Int.random(in: 0...12, using: &generator)
      let members = (0..<count).map { _ in Int64.random(in: 1...20, using: &generator) }
      let set = CommitSet(members)
      let expected = Set(members).sorted().map { [SQLValue.integer($0)] }
      let all = "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT 30) SELECT n FROM c"
      #expect(try test.rows("\(all) WHERE \(set.contains("n"))") == expected, "seed \(seed) \(members)")
      #expect(
        try test.rows("\(all) CROSS JOIN \(set.table) AS s WHERE n BETWEEN s.column1 AND s.column2") == expected,
        "seed \(seed) \(members)")
    }
  }
}

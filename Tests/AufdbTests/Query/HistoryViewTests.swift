// X_history: held against the model, and against the plans that make it fast.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("X_history")
struct HistoryViewTests {
  @Test("It has every version that a revision ever saw", arguments: [71, 72] as [UInt64])
  func versions(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 40)
    let (model, store) = try (ModelHistory(modelled), Store(modelled.path, for: .reading))
    let tips = modelled.branches.values.map(\.tip).sorted().map(modelled.model)
    for tip in tips + [modelled.model(20)] {
      let commits = model.commits(tip)
      for relation in Relation.allCases {
        let expected = model.versions(relation, by: commits).map { version, retirer in
          let retired = retirer.map { [SQLValue.text($0.id.description), .text($0.author), .text($0.time)] }
          let born = version.born
          return version.row.sqlValues + [.text(born.id.description), .text(born.author), .text(born.time)]
            + (retired ?? [.null, .null, .null])
        }
        let found = try store.copies("SELECT * FROM \(relation.name)_history", at: tip.revision)
        let comment: Comment = "seed \(seed), \(relation) at \(tip.sequence)"
        #expect(found.sorted(by: SQLValue.precedes) == expected.sorted(by: SQLValue.precedes), comment)
        // What isn't retired is what the revision sees.
        let seen = try store.copies("SELECT * FROM \(relation.name)", at: tip.revision)
        let left = found.filter { $0.last == .null }.map { Array($0.dropLast(6)) }
        #expect(left.sorted(by: SQLValue.precedes) == seen.sorted(by: SQLValue.precedes), comment)
      }
    }
  }

  @Test("No relation has a column of the same name") func columns() {
    for relation in Relation.allCases {
      #expect(Set(relation.columns).isDisjoint(with: HistoryViews.columns))
    }
  }

  private static let plans = [
    ("SELECT * FROM prompts_history WHERE prompt_id = 'p1'", "USING INDEX prompts_key (prompt_id=?)"),
    (
      "SELECT * FROM responses_history WHERE prompt_id = 'p1' AND model = 'a'",
      "USING INDEX responses_key (prompt_id=? AND model=?)"
    ),
    ("SELECT * FROM labels_history WHERE prompt_id = :p", "USING INDEX labels_key (prompt_id=?)"),
    (
      "SELECT l.*, p.prompt FROM prompts AS p JOIN labels_history AS l USING (prompt_id) WHERE p.source = 's'",
      "USING INDEX labels_key (prompt_id=?)"
    ),
    (
      "SELECT * FROM prompts AS p LEFT JOIN labels_history AS l ON l.prompt_id = p.prompt_id",
      "USING INDEX labels_key (prompt_id=?)"
    ),
    ("SELECT born_at FROM labels_history", "USING COVERING INDEX commit_change_born (relation=? AND first_id<?)"),
  ]

  @Test("A condition on the key goes through the key's index, in joins too", arguments: [73] as [UInt64])
  func plans(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 12)
    let store = try Store(modelled.path, for: .reading)
    for (sql, step) in Self.plans {
      let parameters = sql.contains(":p") ? ["p": SQLValue.text("p1")] : [:]
      for revision in [Revision.head, "main~1"] {
        let plan = try store.copies("EXPLAIN QUERY PLAN \(sql)", at: revision, parameters).compactMap(\.last)
        let lines = plan.map { if case .text(let text) = $0 { text } else { "" } }
        #expect(lines.contains { $0.contains(step) }, "\(sql)\n\(lines.joined(separator: "\n"))")
        #expect(!lines.contains { $0.hasPrefix("SCAN c") || $0.hasPrefix("SCAN r") }, "\(sql)")
        #expect(!lines.contains { $0.contains("AUTOMATIC") || $0.contains("MATERIALIZE") }, "\(sql)")
      }
    }
  }

  @Test func joinsAndGroups() throws {
    let test = try TestQueryStore()
    let sql = """
      SELECT c.message, count(*) FROM Prompts_History AS h JOIN commits AS c ON c.id = h.born_commit
      GROUP BY 1 ORDER BY 1
      """
    #expect(try test.rows(sql) == [[.text("Add"), .integer(2)], [.text("Change"), .integer(2)]])
    #expect(try test.rows(sql, at: "main~1") == [[.text("Add"), .integer(2)]])
    #expect(try test.rows(sql, at: "main~2") == [])
    let both = """
      SELECT n.prompt_id, o.prompt, n.born_at = o.retired_at FROM prompts_history AS n
      JOIN prompts_history AS o ON o.prompt_id = n.prompt_id AND o.retired_commit = n.born_commit
      """
    #expect(try test.rows(both) == [[.text("p1"), .text("old text"), .integer(1)]])
  }

  @Test func lendsTheVeryBytesOfAText() throws {
    let test = try TestQueryStore()
    let bytes = try test.store.query("SELECT prompt FROM prompts_history WHERE prompt_id = 'p3'") { rows -> [UInt8] in
      guard try rows.next(), case .text(let bytes) = rows.value(0) else { return [] }
      return Array(bytes)
    }
    #expect(bytes == TestQueryStore.awkwardBytes)
  }

  @Test func isOnlyThereWhereItIsMentioned() throws {
    let test = try TestQueryStore()
    let views = "SELECT name FROM temp.sqlite_schema WHERE name LIKE '%history' ORDER BY 1"
    #expect(try test.rows(views) == [])
    #expect(try test.rows("\(views) -- LABELS_history") == [[.text("labels_history")]])
    #expect(try test.rows(views) == [])
  }
}

extension Store {
  /// All rows of a query, copied.
  func copies(
    _ sql: String, at revision: Revision = .head, _ parameters: [String: SQLValue] = [:]
  ) throws -> [[SQLValue]] {
    try query(sql, at: revision, parameters: parameters) { rows in
      var all: [[SQLValue]] = []
      while try rows.next() { all.append(rows.columns.indices.map { rows.value($0).copy }) }
      return all
    }
  }
}

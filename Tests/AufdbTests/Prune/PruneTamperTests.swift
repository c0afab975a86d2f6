// Tamper evidence of pruned stores: pruning is no cover for changing history by hand.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Tamper evidence of pruned stores")
struct PruneTamperTests {
  /// Two branches, pruned, so that commits of all kinds are there.
  private static func makeModel() throws -> (model: PrunedModel, file: [UInt8]) {
    let model = try PrunedModel(seed: 61)
    let modelled = model.modelled
    for _ in 0..<5 { try modelled.commitRandomly(count: 20) }
    try modelled.branch("side", at: modelled.tip().sequence)
    model.branches.insert("side")
    for _ in 0..<4 {
      try modelled.commitRandomly(count: 12)
      try modelled.commitRandomly(to: "side", count: 12)
    }
    _ = model.prune(keepCount: 3)
    try modelled.writer().prune(PruneOptions(keepCount: 3))
    modelled.close()
    try RawDatabase(modelled.path, isWritable: true).run("PRAGMA journal_mode = DELETE")
    return (model, try modelled.folder.bytes("store.aufdb"))
  }

  /// Runs SQL on the store as it was; whether verify names a problem. Nil where nothing was changed.
  private func isNamed(
    _ sql: String, _ values: [StoredValue] = [], _ model: PrunedModel, _ file: [UInt8]
  ) throws -> Bool? {
    _ = try model.modelled.folder.file("store.aufdb", file)
    do {
      let database = try RawDatabase(model.modelled.path, isWritable: true)
      do {
        try database.rows(sql, values)
      } catch is RawDatabase.Failure {
        return nil
      }
      guard try database.integer("SELECT total_changes()") > 0 else { return nil }
    }
    return try !Store(model.modelled.path, for: .reading).verify().isSound
  }

  @Test("What pruning noted can't be changed")
  func notes() throws {
    let (model, file) = try Self.makeModel()
    let path = model.modelled.path
    #expect(try Store(path, for: .reading).verify().problems == [])
    let database = try RawDatabase(path)
    let kinds = try database.rows(
      """
      SELECT (SELECT count(*) FROM commit_log WHERE pruned = 1) > 2,
        (SELECT count(*) FROM commit_log WHERE pruned = 0) > 2, sum(kept_digest IS NOT NULL) > 2, sum(retired_digest IS NOT NULL) > 2, sum(kept_digest IS NULL) > 2
      FROM commit_change
      """)
    try #require(kinds == [Array(repeating: .integer(1), count: 5)])
    for commit in model.modelled.history {
      let change = "UPDATE commit_log SET pruned = 1 - pruned WHERE seq = \(commit.sequence)"
      #expect(try isNamed(change, [], model, file) == true, "\(change)")
    }
    let changes = try database.rows("SELECT commit_seq, relation FROM commit_change")
    for change in changes {
      for value in ["NULL", "zeroblob(32)", "change_digest", "CAST(retired_digest AS TEXT)"] {
        for column in ["kept_digest", "retired_digest"] {
          let digest = value == "change_digest" ? "(SELECT change_digest FROM commit_log WHERE seq = ?1)" : value
          let sql = """
            UPDATE commit_change SET \(column) = \(digest)
            WHERE commit_seq = ?1 AND relation = ?2 AND \(column) IS NOT \(digest)
            """
          guard let isNamed = try isNamed(sql, change, model, file) else { continue }
          // A commit that lost rows of its own can't prove what it retired. Nobody reads it, nor needs it to read others.
          guard case .integer(let sequence) = change[0] else { continue }
          let lostRows = model.dropped.contains { $0.birth == sequence }
          if lostRows, column == "retired_digest", ["zeroblob(32)", "change_digest"].contains(value) { continue }
          #expect(isNamed, "\(column) \(value) \(change)")
        }
      }
    }
  }

  @Test("Rows that are left can't be changed, and no more can go", arguments: Relation.allCases)
  func rows(relation: Relation) throws {
    let (model, file) = try Self.makeModel()
    let rows = try RawDatabase(model.modelled.path).rows(
      "SELECT place, past_id, retired_by, \(relation.columns[0]) FROM \(relation.table) ORDER BY place")
    try #require(!rows.isEmpty)
    for row in rows {
      let place = [row[0]]
      for sql in [
        "DELETE FROM \(relation.table) WHERE place = ?1",
        "UPDATE \(relation.table) SET \(relation.columns[0]) = 'other' WHERE place = ?1",
      ] {
        #expect(try isNamed(sql, place, model, file) == true, "\(sql) \(place)")
      }
      // Who retired it, and whether anybody did.
      for commit in model.modelled.history {
        let sql = """
          UPDATE \(relation.table) SET retired_by = \(commit.sequence)
          WHERE place = ?1 AND place < 0 AND retired_by <> \(commit.sequence)
          """
        guard let isNamed = try isNamed(sql, place, model, file) else { continue }
        #expect(isNamed, "\(sql) \(place)")
      }
    }
  }

  @Test("A row can be taken out of an unpruned store by no trick of marks and digests")
  func forgedPruning() throws {
    let model = try PrunedModel(seed: 62)
    let modelled = model.modelled
    for _ in 0..<6 { try modelled.commitRandomly(count: 20) }
    modelled.close()
    try RawDatabase(modelled.path, isWritable: true).run("PRAGMA journal_mode = DELETE")
    let file = try modelled.folder.bytes("store.aufdb")
    // Marks alone, on any commit or on all of them.
    for condition in modelled.history.map({ "seq = \($0.sequence)" }) + ["1", "seq > 1"] {
      let sql = "UPDATE commit_log SET pruned = 1 WHERE \(condition)"
      #expect(try isNamed(sql, [], model, file) == true, "\(condition)")
    }
    for commit in modelled.history.dropFirst() {
      let sql = "UPDATE commit_change SET retired_digest = zeroblob(32) WHERE commit_seq = \(commit.sequence)"
      #expect(try isNamed(sql, [], model, file) == true, "\(sql)")
    }
  }
}

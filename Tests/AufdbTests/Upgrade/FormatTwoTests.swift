// Stores of format 2, upgraded: what comes out is, table by table, what a store of today's format has.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Upgrading a store of format 2")
struct FormatTwoTests {
  @Test("Branches, tags, retired rows: equal to a store that was always new", arguments: [31, 32, 33] as [UInt64])
  func branched(seed: UInt64) throws {
    let modelled = try UpgradeTests.makeBranched(seed: seed)
    let old = try modelled.formatTwo()
    for sql in [
      "SELECT count(*) FROM estimates_all WHERE place < 0", "SELECT count(*) FROM selections_all WHERE place < 0",
      "SELECT count(*) FROM estimates_all WHERE place > 0", "SELECT count(*) FROM selections_all WHERE place > 0",
    ] {
      try #require(try RawDatabase(old).integer(sql) > 0, "seed \(seed): \(sql)")
    }
    let report = try Store.upgrade(old, waitSeconds: 0)
    #expect(report.oldVersion == 2 && report.newVersion == 6 && report.compactionFailure == nil)
    #expect(report.commitCount == modelled.history.count && report.rowCount > 50, "seed \(seed)")
    try modelled.expectSameTables(in: old, "seed \(seed)")
    let store = try Store(old, for: .reading)
    for commit in modelled.history {
      #expect(try store.commit(Revision(commit.id.description)).sequence == commit.sequence)
      try modelled.expectState(at: commit.sequence, in: store, "seed \(seed)")
    }
    #expect(try store.verify().problems == [], "seed \(seed)")
  }

  @Test("Every branch goes on with late values, and what was before stays", arguments: [34, 35] as [UInt64])
  func goesOn(seed: UInt64) throws {
    let modelled = try UpgradeTests.makeBranched(seed: seed)
    let old = try modelled.formatTwo()
    try Store.upgrade(old, waitSeconds: 0)
    var lateCount = 0
    do {
      let store = try Store(old, for: .writing(waitSeconds: 0, command: "test"))
      for branch in modelled.branches.keys.sorted() {
        let context = CommitContext(branch: branch, author: "a", milliseconds: 9_000_000)
        _ = try store.commit(context) { change in
          for relation in [Relation.estimates, .selections] {
            guard let (id, row) = try change.rows(of: relation).first else { continue }
            let late = relation == .estimates ? StoredValue.blob([0, 0, 0, 0]) : .text(#"{"criterion":1}"#)
            try change.retire(relation, id)
            let new = ModelRow(relation: relation, values: row.values.dropLast() + [late])
            try change.writer(relation).add(new)
            lateCount += 1
          }
          try change.addPrompt("new on \(branch)", "text")
          return (CommitNote(message: "after", operation: Operation("test")), ())
        }
      }
      #expect(try store.verify().problems == [], "seed \(seed)")
      for commit in modelled.history { try modelled.expectState(at: commit.sequence, in: store, "seed \(seed)") }
    }
    try #require(lateCount > 2, "seed \(seed)")
    // Its history goes to another store, old rows and new ones.
    let (bundle, copy) = (modelled.folder.path("all.bundle"), modelled.folder.path("copy.aufdb"))
    _ = try Store(old, for: .reading).createBundle(BundleSelection(), at: bundle)
    try Store.apply(bundle, to: copy)
    let (one, other) = (try Store(old, for: .reading), try Store(copy, for: .reading))
    #expect(try other.verify().problems == [] && other.tips() == one.tips(), "seed \(seed)")
    for branch in modelled.branches.keys {
      let isEqual = try other.state(at: Revision(branch)) == one.state(at: Revision(branch))
      #expect(isEqual, "seed \(seed), \(branch)")
    }
  }

  @Test("Pruned commits stay pruned, and keep what they left")
  func pruned() throws {
    let modelled = try ModelledStore(seed: 36, format: 2)
    for _ in 0..<12 { try modelled.commitRandomly(count: 12) }
    let report = try modelled.writer().prune(PruneOptions(keepCount: 2))
    try #require(report.prunedCount > 5 && report.dropped.contains { $0.relation == .estimates })
    let old = try modelled.formatTwo()
    try Store.upgrade(old, waitSeconds: 0)
    try modelled.expectSameTables(in: old, "pruned")
    #expect(try Store(old, for: .reading).verify().prunedCount == report.prunedCount)
    try modelled.expectState(at: modelled.tip().sequence, in: Store(old, for: .reading))
  }

  @Test("Views that hide what a deleted branch left are written anew")
  func deletedBranch() throws {
    let modelled = try ModelledStore(seed: 37, format: 2)
    for _ in 0..<3 { try modelled.commitRandomly(count: 12) }
    try modelled.branch("side", at: modelled.tip().sequence)
    for _ in 0..<3 { try modelled.commitRandomly(to: "side", count: 20) }
    try modelled.writer().deleteRef(.branch, "side", force: true)
    let old = try modelled.formatTwo()
    let view = "SELECT sql FROM sqlite_schema WHERE name = 'estimates' AND type = 'view'"
    try #require(try RawDatabase(old).texts(view).first?.contains("t.upper\nFROM estimates_all AS t") == true)
    try Store.upgrade(old, waitSeconds: 0)
    try modelled.expectSameTables(in: old, "deleted branch")
    #expect(try RawDatabase(old).texts(view).first?.contains("t.upper, t.heads") == true)
    let shown = try RawDatabase(old).integer("SELECT count(*) FROM estimates")
    #expect(try shown == modelled.tip().state.rows(of: .estimates).count)
  }

  @Test("Until then the store is refused, with a word on how")
  func refused() throws {
    let modelled = try ModelledStore(seed: 38, format: 2)
    try modelled.commitRandomly(count: 12)
    let old = try modelled.formatTwo()
    try modelled.expectRefused(old, format: 2)
  }

  @Test(
    "What can't be upgraded stays as it is",
    arguments: [
      ("CREATE TABLE notes (x)", AufdbError.Kind.refused, "the store has 'notes' in its schema"),
      ("CREATE INDEX mine ON estimates_all (reward)", .refused, "the store has 'mine' in its schema"),
      ("DROP VIEW estimates", .badData, "the store is damaged: the schema's 'estimates' is missing"),
      ("DROP INDEX estimates_past", .badData, "the store is damaged: the schema's 'estimates_past' is missing"),
      (
        "UPDATE estimates_all SET reward = 99 WHERE place = (SELECT max(place) FROM estimates_all)", .badData,
        "damaged: "
      ),
      ("DELETE FROM selections_all WHERE place = (SELECT max(place) FROM selections_all)", .badData, "damaged: "),
      ("UPDATE relation SET next_past = next_past + 1 WHERE code = 6", .badData, "damaged: "),
      ("DROP INDEX scores_key; CREATE INDEX scores_key ON scores_all (judge)", .badData, "'scores_key' is changed"),
      ("UPDATE commit_log SET message = 'other' WHERE seq = 2", .badData, "its content gives the id"),
    ])
  func notUpgraded(sql: String, kind: AufdbError.Kind, message: String) throws {
    let modelled = try ModelledStore(seed: 39, format: 2)
    for _ in 0..<5 { try modelled.commitRandomly(count: 30) }
    let old = try modelled.formatTwo()
    try modelled.expectNotUpgraded(old, after: sql, kind, message)
  }
}

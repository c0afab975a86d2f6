// Stores of formats 3 to 5, upgraded: what comes out is, table by table, what a store of today's format has.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Upgrading a store of format 3, 4 or 5")
struct AddedObjectsTests {
  @Test(
    "Branches, tags, retired rows: equal to a store that was always new", arguments: [41, 42, 43] as [UInt64],
    [3, 4, 5])
  func branched(seed: UInt64, format: Int) throws {
    let modelled = try UpgradeTests.makeBranched(seed: seed, format: format)
    let old = try modelled.older(format)
    try #require(try RawDatabase(old).integer("SELECT count(heads) FROM estimates_all") > 0, "seed \(seed)")
    let report = try Store.upgrade(old, waitSeconds: 0)
    #expect(report.oldVersion == format && report.newVersion == 6 && report.compactionFailure == nil)
    #expect(report.commitCount == modelled.history.count && report.rowCount > 50, "seed \(seed)")
    try modelled.expectSameTables(in: old, "seed \(seed)")
    let store = try Store(old, for: .reading)
    for commit in modelled.history {
      #expect(try store.commit(Revision(commit.id.description)).sequence == commit.sequence)
      try modelled.expectState(at: commit.sequence, in: store, "seed \(seed)")
    }
    #expect(try store.verify().problems == [], "seed \(seed)")
  }

  @Test(
    "Every branch goes on with the new relations, and what was before stays", arguments: [44, 45] as [UInt64],
    [3, 4, 5])
  func goesOn(seed: UInt64, format: Int) throws {
    let modelled = try UpgradeTests.makeBranched(seed: seed, format: format)
    let old = try modelled.older(format)
    try Store.upgrade(old, waitSeconds: 0)
    var new: [String: [ModelRow]] = [:]
    for branch in modelled.branches.keys.sorted() {
      let relations = Relation.allCases.filter { !AddedObjects.relations(ofFormat: format).contains($0) }
      let rows = relations.compactMap { modelled.generator.row(of: $0, in: ModelState()) }
      try #require(rows.count == relations.count && !rows.isEmpty)
      new[branch] = rows
      let store = try Store(old, for: .writing(waitSeconds: 0, command: "test"))
      _ = try store.commit(CommitContext(branch: branch, author: "a", milliseconds: 9_000_000)) { change in
        for row in rows { try change.writer(row.relation).add(row) }
        return (CommitNote(message: "after", operation: Operation("test")), ())
      }
    }
    // Its history goes to another store, old rows and new ones.
    let (bundle, copy) = (modelled.folder.path("all.bundle"), modelled.folder.path("copy.aufdb"))
    _ = try Store(old, for: .reading).createBundle(BundleSelection(), at: bundle)
    try Store.apply(bundle, to: copy)
    for path in [old, copy] {
      let store = try Store(path, for: .reading)
      #expect(try store.verify().problems == [], "seed \(seed)")
      for commit in modelled.history { try modelled.expectState(at: commit.sequence, in: store, "seed \(seed)") }
      for (branch, rows) in new {
        let contents = try store.contents(at: Revision(branch))
        for row in rows { #expect(contents[row.relation] == [row], "seed \(seed), \(branch)") }
      }
    }
  }

  @Test("Until then the store is refused, with a word on how", arguments: [3, 4, 5])
  func refused(format: Int) throws {
    let modelled = try ModelledStore(seed: 46, format: format)
    try modelled.commitRandomly(count: 12)
    let old = try modelled.older(format)
    try modelled.expectRefused(old, format: format)
  }

  @Test(
    "What can't be upgraded stays as it is",
    arguments: [
      ("CREATE TABLE progress (x)", AufdbError.Kind.refused, "the store has 'progress' in its schema"),
      ("CREATE INDEX mine ON estimates_all (reward)", .refused, "the store has 'mine' in its schema"),
      (
        "CREATE TRIGGER labels_all AFTER INSERT ON ref BEGIN DELETE FROM ref; END", .refused,
        "the store has the trigger 'labels_all' in its schema"
      ),
      (
        "DROP TABLE ref; CREATE VIEW ref AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
          + "SELECT i AS name, 'branch' AS kind, i AS commit_seq, 0 AS sees_past, i AS lane FROM n", .badData,
        "the store is damaged: the schema's 'ref' is no table"
      ),
      ("DROP VIEW estimates", .badData, "the store is damaged: the schema's 'estimates' is missing"),
      ("INSERT INTO relation VALUES (13, 'others', 1, 0)", .badData, "damaged: "),
      (
        "UPDATE estimates_all SET reward = 99 WHERE place = (SELECT max(place) FROM estimates_all)", .badData,
        "damaged: "
      ),
      ("DROP INDEX scores_key; CREATE INDEX scores_key ON scores_all (judge)", .badData, "'scores_key' is changed"),
    ])
  func notUpgraded(sql: String, kind: AufdbError.Kind, message: String) throws {
    let modelled = try ModelledStore(seed: 47, format: 3)
    for _ in 0..<5 { try modelled.commitRandomly(count: 30) }
    let old = try modelled.older(3)
    try modelled.expectNotUpgraded(old, after: sql, kind, message)
  }
}

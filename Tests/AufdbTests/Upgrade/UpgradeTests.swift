// Stores of format 1, upgraded: the same commits, which show the same rows. FormatTwoTests.swift and
// AddedObjectsTests.swift have those of formats 2 to 5.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Upgrading a store")
struct UpgradeTests {
  /// A history with branches at tips and at old commits, and a tag.
  ///
  /// - Parameter format: the newest one that has room for what is in it.
  static func makeBranched(seed: UInt64, format: Int = 2) throws -> ModelledStore {
    let modelled = try ModelledStore(seed: seed, format: format)
    for _ in 0..<3 { try modelled.commitRandomly(count: 12) }
    for step in 0..<16 {
      if step % 4 == 1 {
        let commits = modelled.history.map(\.sequence)
        let at = try #require(commits.randomElement(using: &modelled.generator))
        try modelled.branch("b\(step)", at: step % 8 == 1 ? at : modelled.tip().sequence)
      }
      let branch = try #require(modelled.branches.keys.sorted().randomElement(using: &modelled.generator))
      try modelled.commitRandomly(to: branch, count: 8)
    }
    try modelled.writer().createRef(.tag, RefName("v1"), at: Revision(modelled.model(3).id.description))
    return modelled
  }

  private func table(_ sql: String, of path: String) throws -> [[StoredValue]] { try RawDatabase(path).rows(sql) }

  @Test("One branch: the upgraded store is laid out like one that was always new", arguments: [1, 2] as [UInt64])
  func linear(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed, format: 2)
    for _ in 0..<12 { try modelled.commitRandomly(count: 10) }
    let old = try modelled.formatOne()
    let report = try Store.upgrade(old, waitSeconds: 0)
    #expect(report.oldVersion == 1 && report.newVersion == 6 && report.commitCount == 13)
    #expect(report.compactionFailure == nil)
    for sql in [
      "SELECT * FROM commit_change ORDER BY 1, 2", "SELECT * FROM relation ORDER BY 1", "SELECT * FROM lane ORDER BY 1",
      "SELECT * FROM ref", "SELECT * FROM setting ORDER BY 1", "SELECT count(*) FROM retirement",
      "SELECT name, sql FROM sqlite_schema ORDER BY 1", "PRAGMA user_version", "PRAGMA page_size",
      "SELECT * FROM labels_all WHERE place > 0 ORDER BY 1", "SELECT * FROM prompts_all WHERE place > 0 ORDER BY 1",
      "SELECT past_id, retired_by, prompt FROM prompts_all WHERE place < 0 ORDER BY 1",
    ] {
      #expect(try table(sql, of: old) == table(sql, of: modelled.path), "\(sql), seed \(seed)")
    }
  }

  @Test(
    "Branches: every commit keeps its id and its rows, and every branch goes on", arguments: [11, 12, 13] as [UInt64])
  func branched(seed: UInt64) throws {
    let modelled = try Self.makeBranched(seed: seed)
    let old = try modelled.formatOne()
    if seed == 12 {
      try RawDatabase(old, isWritable: true).run("UPDATE setting SET value = 'b5' WHERE value = 'main'")
    }
    let report = try Store.upgrade(old, waitSeconds: 0)
    #expect(report.rowCount > 50, "seed \(seed)")
    let store = try Store(old, for: .writing(waitSeconds: 0, command: "test"))
    for commit in modelled.history {
      #expect(try store.commit(Revision(commit.id.description)).sequence == commit.sequence)
      try modelled.expectState(at: commit.sequence, in: store, "seed \(seed)")
    }
    #expect(try store.verify().problems == [], "seed \(seed)")
    // Retirements that the rows tell themselves are not noted twice.
    let apart = try table("SELECT count(*) FROM retirement", of: old)
    #expect(try apart == table("SELECT count(*) FROM retirement", of: modelled.path), "seed \(seed)")
    let lanes = try table("SELECT lane FROM ref WHERE kind = 'branch' ORDER BY name <> 'main', lane", of: old)
    #expect(lanes.first == [.integer(0)] && Set(lanes).count == modelled.branches.count)
    for (branch, tip) in modelled.branches.sorted(by: { $0.key < $1.key }) {
      let context = CommitContext(branch: branch, author: "a", milliseconds: 9_000_000)
      let (commit, _) = try store.commit(context) { change in
        for relation in Relation.allCases.reversed() {
          guard let (id, row) = try change.rows(of: relation).first else { continue }
          try change.retire(relation, id)
          try change.writer(relation).add(row)
        }
        try change.addPrompt("new on \(branch)", "text")
        return (CommitNote(message: "after", operation: Operation("test")), ())
      }
      #expect(commit?.parents == [modelled.model(tip.tip).id])
    }
    #expect(try store.verify().problems == [], "seed \(seed)")
    for commit in modelled.history { try modelled.expectState(at: commit.sequence, in: store, "seed \(seed)") }
  }

  @Test("A branch that was deleted leaves live rows, which the views of the branch that is left don't show")
  func deletedBranch() throws {
    let modelled = try ModelledStore(seed: 3, format: 2)
    for _ in 0..<3 { try modelled.commitRandomly(count: 12) }
    try modelled.branch("side", at: modelled.tip().sequence)
    for _ in 0..<2 { try modelled.commitRandomly(to: "side", count: 20) }
    let old = try modelled.formatOne()
    try RawDatabase(old, isWritable: true).run(
      "DELETE FROM ref WHERE name = 'side'; UPDATE setting SET value = 'written' WHERE name = 'head_views'")
    try Store.upgrade(old, waitSeconds: 0)
    let store = try Store(old, for: .reading)
    #expect(try store.verify().problems == [])
    for commit in modelled.history { try modelled.expectState(at: commit.sequence, in: store) }
    let shown = try RawDatabase(old).integer("SELECT count(*) FROM prompts")
    #expect(try shown == modelled.tip().state.rows(of: .prompts).count)
  }

  @Test("Until then the store is refused, with a word on how")
  func refused() throws {
    let modelled = try ModelledStore(seed: 4, format: 2)
    try modelled.commitRandomly(count: 12)
    let old = try modelled.formatOne()
    try modelled.expectRefused(old, format: 1)
    // Nothing to do, and nothing done.
    let bytes = try modelled.folder.bytes("store.aufdb")
    #expect(try Store.upgrade(modelled.path, waitSeconds: 0) == UpgradeReport(oldVersion: 6, newVersion: 6))
    #expect(try modelled.folder.bytes("store.aufdb") == bytes)
  }

  @Test(
    "What can't be upgraded stays as it is",
    arguments: [
      ("PRAGMA user_version = 7", AufdbError.Kind.badData, "has format version 7, and this aufdb knows 6"),
      ("PRAGMA user_version = 0", .badData, "has format version 0, and this aufdb knows 6"),
      ("CREATE TABLE notes (x)", .refused, "the store has 'notes' in its schema, which is none of aufdb's"),
      (
        "CREATE TRIGGER labels AFTER INSERT ON ref BEGIN DELETE FROM ref; END", .refused,
        "the store has the trigger 'labels' in its schema"
      ),
      ("DROP VIEW labels", .badData, "the store is damaged: the schema's 'labels' is missing"),
      ("UPDATE prompts_live SET prompt = 'other' WHERE id = (SELECT max(id) FROM prompts_live)", .badData, "damaged: "),
      ("DELETE FROM prompts_past WHERE id = (SELECT max(id) FROM prompts_past)", .badData, "damaged: "),
      ("UPDATE relation SET next_id = 77 WHERE code = 1", .badData, "damaged: "),
      ("UPDATE prompts_past SET retired_by = retired_by - 1", .badData, "damaged: "),
      ("UPDATE commit_log SET message = 'other' WHERE seq = 2", .badData, "its content gives the id"),
    ])
  func notUpgraded(sql: String, kind: AufdbError.Kind, message: String) throws {
    let modelled = try ModelledStore(seed: 5, format: 2)
    for _ in 0..<5 { try modelled.commitRandomly(count: 30) }
    let old = try modelled.formatOne()
    try modelled.expectNotUpgraded(old, after: sql, kind, message)
  }

  @Test("A store that somebody writes to is left alone")
  func busy() throws {
    let modelled = try ModelledStore(seed: 4, format: 2)
    let old = try modelled.formatOne()
    let lock = try StoreLock.acquire(storePath: old, waitSeconds: 0, command: "other")
    #expect(throws: AufdbError.self) { try Store.upgrade(old, waitSeconds: 0) }
    withExtendedLifetime(lock) {}
    #expect(try RawDatabase(old).integer("PRAGMA user_version") == 1)
  }

  @Test(
    "Killed at any write to the disk: the store is in the old format, or whole in the new one",
    arguments: 1...5, [false, true])
  func killed(format: Int, isInLog: Bool) async throws {
    let modelled = try Self.makeBranched(seed: 21)
    let old: String =
      switch format {
      case 1: try modelled.formatOne()
      case 2: try modelled.formatTwo()
      default: try modelled.older(format)
      }
    if !isInLog { try RawDatabase(old, isWritable: true).run("PRAGMA journal_mode = DELETE") }
    let images = try ScratchFolder()
    let folder: String = images.url.path(percentEncoded: false)
    await #expect(processExitsWith: .success) { [old = old as String, folder = folder as String] in
      CrashImages.start(path: old, folder: folder, stride: 5)
      try Store.upgrade(old, waitSeconds: 0)
    }
    let names = try images.names().filter { $0.hasSuffix(".aufdb") }
    try #require(names.count >= 10, "\(names.count) images")
    var counts = [0, 0]
    for name in names {
      let path = images.path(name)
      let wasOld = try Store.upgrade(path, waitSeconds: 0).oldVersion == format
      counts[wasOld ? 0 : 1] += 1
      let store = try Store(path, for: .reading)
      #expect(try store.verify().problems == [], "image \(name)")
      for commit in modelled.history where commit.sequence % 4 == 0 {
        try modelled.expectState(at: commit.sequence, in: store, "image \(name)")
      }
    }
    #expect(counts[0] > 0 && counts[1] > 0, "\(counts)")
  }

  @Test("A new format that stands in the log only, because somebody reads the old one, is taken for what it is")
  func formatInLog() throws {
    let modelled = try Self.makeBranched(seed: 22)
    let old = try modelled.formatOne()
    let reader = try RawDatabase(old)
    try reader.run("BEGIN")
    let count = try reader.integer("SELECT count(*) FROM prompts_live")
    #expect(try Store.upgrade(old, waitSeconds: 0).compactionFailure != nil)
    #expect(try modelled.folder.bytes("format1.aufdb")[63] == 1)
    #expect(try reader.integer("SELECT count(*) FROM prompts_live") == count)
    let store = try Store(old, for: .reading)
    #expect(try store.verify().problems == [])
    for commit in modelled.history { try modelled.expectState(at: commit.sequence, in: store) }
    #expect(try Store.upgrade(old, waitSeconds: 0).oldVersion == 6)
    try reader.run("COMMIT")
    do { _ = try Store(old, for: .writing(waitSeconds: 1, command: "test")) }
    #expect(try modelled.folder.bytes("format1.aufdb")[63] == 6)
  }
}

extension ModelledStore {
  /// Damages or changes an old store by SQL; upgrading it must then be refused, and leave every byte as it is.
  func expectNotUpgraded(_ old: String, after sql: String, _ kind: AufdbError.Kind, _ message: String) throws {
    do {
      let database = try RawDatabase(old, isWritable: true)
      try database.run("PRAGMA journal_mode = DELETE")
      let count = try database.integer("SELECT total_changes()")
      try database.run(sql)
      if sql.hasPrefix("UPDATE") || sql.hasPrefix("DELETE") {
        try #require(try database.integer("SELECT total_changes()") > count)
      }
    }
    let name = URL(filePath: old).lastPathComponent
    let before = try folder.bytes(name)
    let names = try folder.names()
    let error = #expect(throws: AufdbError.self) { try Store.upgrade(old, waitSeconds: 0) }
    #expect(error?.kind == kind)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(try folder.bytes(name) == before)
    #expect(try folder.names() == names)
  }
}

// Pruning by hand: what is refused afterwards, what is said, and what becomes of the file.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Pruning")
struct PruneTests {
  private static func prompt(_ name: String, _ text: String = "text") -> ModelRow {
    ModelRow(relation: .prompts, values: [.text(name), .null, .text(text), .text("text"), .null])
  }

  /// Commits 2...6: a prompt that stays, and one that is another text in each.
  private func makeStore(textLength: Int = 4) throws -> ModelledStore {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: [Self.prompt("stays")]))
    for index in 0..<4 {
      func text(_ index: Int) -> String { String(repeating: "\(index)", count: textLength) }
      let old = index == 0 ? [] : [Self.prompt("changes", text(index - 1))]
      try modelled.commit(ModelChange(retired: old, added: [Self.prompt("changes", text(index))]))
    }
    return modelled
  }

  private func revision(_ modelled: ModelledStore, _ sequence: Int64) throws -> Revision {
    try Revision(modelled.model(sequence).id.description)
  }

  private func expectPruned(
    _ sequence: Int64, of modelled: ModelledStore, hint: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    let error = #expect(throws: AufdbError.self, sourceLocation: sourceLocation) { try body() }
    let id = modelled.model(sequence).id.short
    #expect(error?.kind == .refused, sourceLocation: sourceLocation)
    #expect(error?.message == "commit \(id) was pruned: some of its rows are gone", sourceLocation: sourceLocation)
    #expect(error?.hint == hint, sourceLocation: sourceLocation)
  }

  @Test("Whoever reads a pruned commit is refused with the same words; what came before it may be whole")
  func refusals() throws {
    let modelled = try makeStore()
    let store = try modelled.writer()
    let report = try store.prune(PruneOptions(keepCount: 2))
    #expect(report.dropped.map(\.rowCount) == [2] && report.prunedCount == 2 && report.keptCount == 2)
    // "changes", "0000" and "text": the values that aren't NULL.
    #expect(report.sizeBytes == 2 * (7 + 4 + 4))
    let hint = "the oldest commit of 'main' that is kept is \(modelled.model(5).id.short)"
    for sequence in [3, 4] as [Int64] {
      let pruned = try revision(modelled, sequence)
      expectPruned(sequence, of: modelled, hint: hint) { _ = try store.query("SELECT 1", at: pruned) { _ in } }
      expectPruned(sequence, of: modelled, hint: hint) { _ = try store.stats(at: pruned) }
      expectPruned(sequence, of: modelled, hint: hint) { try store.createRef(.branch, RefName("b"), at: pruned) }
      expectPruned(sequence, of: modelled, hint: hint) { try store.createRef(.tag, RefName("t"), at: pruned) }
      expectPruned(sequence, of: modelled, hint: hint) { try store.diff(DiffRange(from: pruned)) { _ in } }
      expectPruned(sequence, of: modelled, hint: hint) {
        try store.diff(DiffRange(from: "main", to: pruned)) { _ in }
      }
      expectPruned(sequence, of: modelled, hint: hint) {
        let options = ExportOptions(format: .dpo, directory: modelled.folder.path("out"), revision: pruned)
        _ = try store.export(options)
      }
      expectPruned(sequence, of: modelled, hint: hint) {
        let options = SelectOptions(method: "random", revision: pruned)
        _ = try store.select(options, context: CommitContext(author: "a", milliseconds: 1))
      }
    }
    #expect(try !modelled.folder.names().contains("out"))
    #expect(try store.refs(.branch).count == 1 && store.refs(.tag).isEmpty)
    for sequence in [1, 2, 5, 6] as [Int64] { try modelled.expectState(at: sequence, in: store) }
    #expect(try store.log().map(\.isPruned) == [false, false, true, true, false, false])
    #expect(try store.log().map(\.id) == modelled.history.reversed().map(\.id))
    #expect(try store.verify().prunedCount == 2)
  }

  @Test("A tag pins, and a merge base that was pruned can't be compared with")
  func tags() throws {
    let modelled = try makeStore()
    let store = try modelled.writer()
    try store.createRef(.tag, RefName("v1"), at: revision(modelled, 3))
    try modelled.branch("side", at: 4)
    try modelled.commit(ModelChange(added: [Self.prompt("side")]), to: "side")
    #expect(try store.prune(PruneOptions(keepCount: 1)).dropped.map(\.rowCount) == [1])
    try modelled.expectState(at: 3, in: store)
    // Commit 4 is the merge base, whose rows the branch "side" still sees.
    let threeDots = DiffRange(from: "main", to: "side", isFromMergeBase: true)
    var found: [RowChange] = []
    try store.diff(threeDots) { found.append($0) }
    #expect(found.map(\.key) == [[.text("side")]])
    // Once that branch has gone on, nobody does.
    try modelled.commit(
      ModelChange(retired: [Self.prompt("changes", "1111")], added: [Self.prompt("changes", "side")]), to: "side")
    #expect(try store.prune(PruneOptions(keepCount: 1)).rowCount == 1)
    expectPruned(
      4, of: modelled, hint: "the oldest commit of 'main' that is kept is \(modelled.model(6).id.short)"
    ) {
      try store.diff(threeDots) { _ in }
    }
    found = []
    try store.diff(DiffRange(from: "main", to: "side")) { found.append($0) }
    #expect(found.map(\.kind) == [.modified, .added])
    #expect(try store.verify().problems == [])
  }

  @Test("Rows of a deleted branch go, and with them what made the views careful")
  func deletedBranch() throws {
    let modelled = try makeStore()
    let store = try modelled.writer()
    let plain = try RawDatabase(modelled.path).rows("SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
    try modelled.branch("side", at: 6)
    try modelled.commit(
      ModelChange(retired: [Self.prompt("stays")], added: [Self.prompt("stays", "side")]), to: "side")
    // Deleting by the library writes the views anew.
    try store.deleteRef(.branch, "side", force: true)
    #expect(try RawDatabase(modelled.path).integer("SELECT count(*) FROM retirement WHERE in_live = 1") == 1)
    let report = try store.prune(PruneOptions(keepCount: 9))
    #expect(report.rowCount == 1 && report.prunedCount == 1)
    #expect(try RawDatabase(modelled.path).integer("SELECT sum(retired_apart) FROM relation") == 1)
    #expect(try store.verify().problems == [])
    // The row that the branch retired is main's, and so its retirement is history still.
    try modelled.commit(ModelChange(retired: [Self.prompt("stays")]))
    try modelled.expectState(at: modelled.tip().sequence, in: store)
    #expect(try store.prune(PruneOptions(keepCount: 1)).rowCount == 4)
    let database = try RawDatabase(modelled.path)
    #expect(try database.integer("SELECT count(*) + (SELECT sum(retired_apart) FROM relation) FROM retirement") == 0)
    #expect(try store.verify().problems == [])
    #expect(try database.integer("SELECT count(*) FROM prompts") == 1)
    #expect(plain.count == 19)
  }

  @Test("Nothing to prune changes nothing, and neither does a dry run", arguments: [(9, false), (1, true)])
  func unchanged(keepCount: Int, isDryRun: Bool) throws {
    let modelled = try makeStore()
    modelled.close()
    let before = try modelled.folder.bytes("store.aufdb")
    do {
      let store = try Store(modelled.path, for: .writing(waitSeconds: 0, command: "test"))
      let report = try store.prune(PruneOptions(keepCount: keepCount, isDryRun: isDryRun))
      #expect(report.isEmpty != isDryRun && report.fileBytes == nil)
    }
    #expect(try modelled.folder.bytes("store.aufdb") == before)
    if isDryRun {
      let store = try Store(modelled.path, for: .reading)
      #expect(try store.prune(PruneOptions(keepCount: keepCount, isDryRun: true)).rowCount == 3)
    }
    #expect(try modelled.folder.bytes("store.aufdb") == before)
    #expect(try modelled.folder.names() == ["store.aufdb"])
  }

  @Test("The file gives the room back, or keeps it for what comes next", arguments: [true, false])
  func fileSize(compacts: Bool) throws {
    let modelled = try makeStore(textLength: 400_000)
    modelled.close()
    let before = try modelled.folder.bytes("store.aufdb").count
    let report = try Store(modelled.path, for: .writing(waitSeconds: 0, command: "test")).prune(
      PruneOptions(keepCount: 1, compacts: compacts))
    let after = try modelled.folder.bytes("store.aufdb").count
    #expect(report.fileBytes?.before == Int64(before))
    #expect(report.sizeBytes > 1_200_000)
    #expect(compacts ? after < before - 1_100_000 && report.fileBytes?.after == Int64(after) : after >= before)
    #expect(try modelled.folder.names() == ["store.aufdb"])
    let database = try RawDatabase(modelled.path)
    #expect(try database.integer("PRAGMA user_version") == 6 && database.integer("PRAGMA page_size") == 16384)
  }

  @Test("Readers go on with what they began to read, and the file shrinks after them")
  func readers() throws {
    let modelled = try makeStore(textLength: 400_000)
    modelled.close()
    let reader = try RawDatabase(modelled.path)
    try reader.run("BEGIN")
    #expect(try reader.integer("SELECT count(*) FROM prompts_all") == 5)
    do {
      let store = try Store(modelled.path, for: .writing(waitSeconds: 0, command: "test"))
      let report = try store.prune(PruneOptions(keepCount: 1))
      #expect(report.rowCount == 3 && report.compactionFailure != nil)
      #expect(try store.verify().problems == [])
    }
    #expect(try reader.integer("SELECT count(*) FROM prompts_all") == 5)
    try reader.run("COMMIT")
    #expect(try reader.integer("SELECT count(*) FROM prompts_all") == 2)
  }

  @Test("Commits after a merge see what both sides left")
  func merge() throws {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: ["a", "b", "c"].map { Self.prompt($0) }))
    try modelled.branch("side", at: 2)
    try modelled.commit(ModelChange(retired: [Self.prompt("a"), Self.prompt("b")], added: [Self.prompt("d")]))
    try modelled.commit(ModelChange(retired: [Self.prompt("b")], added: [Self.prompt("e")]), to: "side")
    let store = try modelled.writer()
    func commit(_ sequence: Int64, _ parents: [Int64]) throws -> Commit {
      try store.write { connection in
        try connection.insertCommit(
          sequence, parents: parents.map { try connection.commit($0) }, branch: "main", author: "a",
          milliseconds: sequence, message: "m", operation: "{}", changeDigest: RelationDigest.changeDigest([]))
      } keep: { _ in
        true
      }
    }
    let merge = try commit(5, [3, 4])
    _ = try commit(6, [5])
    // Both sides retired b, and main a: the base alone saw it once "side" is gone.
    try store.deleteRef(.branch, "side")
    let report = try store.prune(PruneOptions(keepCount: 3, compacts: false))
    #expect(report.rowCount == 1 && report.prunedCount == 1, "b goes; a is seen by side's last commit")
    #expect(try store.verify().problems == [])
    #expect(try store.prune(PruneOptions(keepCount: 1)).rowCount == 1)
    #expect(try store.verify().problems == [])
    #expect(try store.log().map(\.isPruned) == [false, false, true, false, true, false])
    let names = try store.contents(at: Revision(merge.id.description))[.prompts]?.map(\.key).sorted()
    #expect(names == ["tc", "td", "te"])
  }

  @Test(
    "What the commits that would lose rows recorded must be so, or nothing goes",
    arguments: [
      "UPDATE prompts_all SET prompt = 'x' WHERE place = (SELECT min(place) FROM prompts_all)",
      "DELETE FROM prompts_all WHERE place = (SELECT min(place) FROM prompts_all)",
      "UPDATE prompts_all SET retired_by = 77 WHERE place < 0",
      "UPDATE prompts_all SET retired_by = 0 WHERE place < 0", "UPDATE prompts_all SET past_id = 99 WHERE past_id = 3",
      "UPDATE ref SET commit_seq = 77", "UPDATE commit_parent SET parent_seq = 9 WHERE commit_seq = 3",
      "UPDATE commit_change SET commit_seq = 99 WHERE commit_seq = 3",
    ])
  func damaged(sql: String) throws {
    let modelled = try makeStore()
    modelled.close()
    try RawDatabase(modelled.path, isWritable: true).run(sql)
    let before = try modelled.folder.bytes("store.aufdb")
    let store = try Store(modelled.path, for: .writing(waitSeconds: 0, command: "test"))
    for isDryRun in [true, false] {
      let error = #expect(throws: AufdbError.self) {
        try store.prune(PruneOptions(keepCount: 2, isDryRun: isDryRun))
      }
      #expect(error?.kind == .badData, "\(error?.description ?? "")")
    }
    #expect(try modelled.folder.bytes("store.aufdb") == before)
  }

  @Test("At least one commit is kept", arguments: [0, -1])
  func keepsNone(count: Int) throws {
    let modelled = try makeStore()
    let error = #expect(throws: AufdbError.self) { try modelled.writer().prune(PruneOptions(keepCount: count)) }
    #expect(error?.kind == .usage)
    try modelled.expectAll()
  }
}

// Merges by hand: what is a conflict, who wins, and what is left alone.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Merging")
struct MergeTests {
  /// main and side, each one commit from a base with the prompts a and b.
  private func parted(
    main: ModelChange, side: ModelChange, seed: UInt64 = 1
  ) throws -> (model: VersionModel, ours: ModelState, theirs: ModelState) {
    let model = try VersionModel(seed: seed)
    try model.commit(ModelChange(added: [Self.prompt("a"), Self.prompt("b")]), to: "main")
    try model.branch("side", at: try #require(model.tips["main"]))
    try model.commit(main, to: "main")
    try model.commit(side, to: "side")
    return (model, model.state(try #require(model.tips["main"])), model.state(try #require(model.tips["side"])))
  }

  private static func prompt(_ name: String, _ text: String = "text") -> ModelRow {
    ModelRow(relation: .prompts, values: [.text(name), .null, .text(text), .text("text"), .null])
  }

  private static func modified(_ name: String, _ text: String) -> ModelChange {
    ModelChange(retired: [prompt(name)], added: [prompt(name, text)])
  }

  private func merge(
    _ model: VersionModel, _ revision: Revision = "side", into branch: String = "main", prefer: MergeSide? = nil,
    isDryRun: Bool = false, allowsFastForward: Bool = true
  ) throws -> (outcome: MergeOutcome, conflicts: [MergeConflict]) {
    var conflicts: [MergeConflict] = []
    let options = MergeOptions(
      revision, preferring: prefer, isDryRun: isDryRun, allowsFastForward: allowsFastForward)
    let outcome = try model.writer().merge(options, context: model.context(branch)) { conflicts.append($0) }
    return (outcome, conflicts)
  }

  /// The prompts at a branch's tip: their texts by name.
  private func prompts(_ model: VersionModel, _ branch: String = "main") throws -> [String: String] {
    let rows = try Store(model.path, for: .reading).contents(at: Revision(branch))[.prompts] ?? []
    return Dictionary(
      rows.compactMap { row in
        guard case .text(let name) = row["prompt_id"].sqlValue, case .text(let text) = row["prompt"].sqlValue
        else { return nil }
        return (name, text)
      }, uniquingKeysWith: { $0 + " and " + $1 })
  }

  @Test("Late columns are merged like any other, and are in conflict like any other")
  func lateColumns() throws {
    func estimate(_ model: String, _ reward: Double, _ heads: StoredValue) -> ModelRow {
      let name: [StoredValue] = [.text("s"), .text("a"), .text(model), .integer(0)]
      return ModelRow(relation: .estimates, values: name + [.real(reward), .real(0), .real(1), heads])
    }
    let model = try VersionModel(seed: 1)
    let snapshot = ModelRow(relation: .snapshots, values: [.text("s"), .text("import"), .null])
    let responses = ["m", "n"].map { name in
      ModelRow(relation: .responses, values: [.text("a"), .text(name), .integer(0), .text("r"), .null, .null, .null])
    }
    let (m, n) = (estimate("m", 0.5, .null), estimate("n", 0.5, .blob([1, 2, 3, 4])))
    try model.commit(ModelChange(added: [Self.prompt("a"), snapshot] + responses + [m, n]), to: "main")
    try model.branch("side", at: try #require(model.tips["main"]))
    let ours = [estimate("m", 0.5, .blob([0, 0, 0, 0])), estimate("n", 0.5, .null)]
    try model.commit(ModelChange(retired: [m, n], added: ours), to: "main")
    // The side changes what stands before the late column of one, and the late column of the other.
    let theirs = [m, estimate("n", 0.5, .blob([9, 9, 9, 9]))]
    try model.commit(ModelChange(retired: [n], added: [theirs[1]]), to: "side")
    let (outcome, conflicts) = try merge(model)
    guard case .conflicts(1) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(conflicts.map(\.differingColumns) == [["heads"]])
    #expect(conflicts.first?.base?.last == .blob([1, 2, 3, 4]) && conflicts.first?.ours?.last == .null)
    guard case .merged(_, resolved: 1) = try merge(model, prefer: .theirs).outcome else {
      Issue.record("not merged")
      return
    }
    let store = try Store(model.path, for: .reading)
    let rows = try store.contents(at: .head)[.estimates] ?? []
    #expect(rows.count == 2 && rows.contains(ours[0]) && rows.contains(theirs[1]))
    #expect(try store.verify().problems == [])
  }

  @Test("What one side alone changed is taken over, added, modified or removed")
  func clean() throws {
    let (model, _, _) = try parted(
      main: ModelChange(added: [Self.prompt("c")]),
      side: ModelChange(retired: [Self.prompt("a"), Self.prompt("b")], added: [Self.prompt("a", "theirs")]))
    guard case .merged(let commit, resolved: 0) = try merge(model).outcome else {
      Issue.record("not merged")
      return
    }
    #expect(commit.parents == [model.ids[3], model.ids[4]])
    #expect(commit.changes == [], "the merge itself has nothing to do")
    #expect(try prompts(model) == ["a": "theirs", "c": "text"])
    #expect(try prompts(model, "side") == ["a": "theirs"])
    #expect(try Store(model.path, for: .reading).verify().problems == [])
    #expect(try merge(model).outcome == .upToDate)
    guard case .fastForward = try merge(model, "main", into: "side").outcome else {
      Issue.record("side has nothing of its own any more")
      return
    }
    #expect(try prompts(model, "side") == prompts(model))
    #expect(try Store(model.path, for: .reading).verify().problems == [])
  }

  @Test("A row that both changed is a conflict, and nothing is changed", arguments: [false, true])
  func conflict(isDryRun: Bool) throws {
    let (model, _, _) = try parted(
      main: Self.modified("a", "ours"), side: ModelChange(retired: [Self.prompt("a")]))
    let before = try Store(model.path, for: .reading).refs(.branch)
    let (outcome, conflicts) = try merge(model, isDryRun: isDryRun)
    #expect(outcome == .conflicts(1))
    let conflict = try #require(conflicts.first)
    #expect(conflict.relation == .prompts && conflict.key == [.text("a")] && !conflict.isDangling)
    #expect(conflict.base == Self.prompt("a").sqlValues && conflict.ours == Self.prompt("a", "ours").sqlValues)
    #expect(conflict.theirs == nil && conflicts.count == 1)
    #expect(try Store(model.path, for: .reading).refs(.branch) == before)
    #expect(try prompts(model) == ["a": "ours", "b": "text"])
  }

  @Test(
    "A preferred side wins, whatever it did",
    arguments: [
      (MergeSide.ours, "ours", nil), (.theirs, "ours", nil), (.ours, "ours", "theirs"), (.theirs, "ours", "theirs"),
      (.ours, nil, "theirs"), (.theirs, nil, "theirs"),
    ] as [(MergeSide, String?, String?)])
  func preferred(side: MergeSide, ours: String?, theirs: String?) throws {
    func change(_ text: String?) -> ModelChange {
      ModelChange(retired: [Self.prompt("a")], added: text.map { [Self.prompt("a", $0)] } ?? [])
    }
    let (model, _, _) = try parted(main: change(ours), side: change(theirs))
    guard case .merged(let commit, resolved: 1) = try merge(model, prefer: side).outcome else {
      Issue.record("not merged")
      return
    }
    #expect(commit.changes.allSatisfy { $0.added == 0 })
    #expect(try prompts(model)["a"] == (side == .ours ? ours : theirs))
    #expect(try Store(model.path, for: .reading).verify().problems == [])
  }

  @Test("Both made the same of it: no conflict, and the row stands once")
  func same() throws {
    let (model, _, _) = try parted(main: Self.modified("a", "new"), side: Self.modified("a", "new"))
    #expect(try merge(model).conflicts.isEmpty)
    #expect(try prompts(model) == ["a": "new", "b": "text"])
    #expect(try Store(model.path, for: .reading).verify().problems == [])
  }

  @Test("A row that one side removed and another side's new row refers to can't be merged, whoever is preferred")
  func dangling() throws {
    let response = ModelRow(
      relation: .responses, values: [.text("a"), .text("m"), .integer(0), .text("x"), .null, .null, .null])
    let (model, _, _) = try parted(
      main: ModelChange(retired: [Self.prompt("a")]), side: ModelChange(added: [response]))
    for prefer in [nil, MergeSide.ours, .theirs] {
      let (outcome, conflicts) = try merge(model, prefer: prefer)
      #expect(outcome == .conflicts(1))
      #expect(conflicts.map(\.isDangling) == [true] && conflicts.first?.relation == .responses)
    }
    #expect(try prompts(model) == ["b": "text"])
  }

  @Test("With itself or an ancestor: nothing; without fast-forward: a commit without changes")
  func trivial() throws {
    let (model, _, _) = try parted(main: ModelChange(added: [Self.prompt("c")]), side: Self.modified("a", "new"))
    for revision in ["main", "main~1", "main~2", "HEAD"] as [Revision] {
      #expect(try merge(model, revision).outcome == .upToDate)
    }
    try model.branch("ahead", at: try #require(model.tips["main"]))
    try model.commit(ModelChange(added: [Self.prompt("d")]), to: "ahead")
    guard case .merged(let commit, _) = try merge(model, "ahead", allowsFastForward: false).outcome else {
      Issue.record("no commit")
      return
    }
    #expect(commit.parents.count == 2 && commit.changes == [])
    #expect(try prompts(model)["d"] == "text")
  }

  @Test("Whichever side starts, the same rows come of it", arguments: [71, 72, 73, 74] as [UInt64])
  func symmetry(seed: UInt64) throws {
    let model = try VersionModel(seed: seed)
    for _ in 0..<8 { try model.change("main", count: 6) }
    try model.branch("side", at: try #require(model.tips["main"]))
    for _ in 0..<4 {
      try model.change("main", count: 2)
      try model.change("side", count: 2)
    }
    try model.branch("main copy".replacing(" ", with: "-"), at: try #require(model.tips["main"]))
    let (one, conflicts) = try merge(model)
    let (other, opposite) = try merge(model, "main-copy", into: "side")
    #expect(conflicts.map(\.key) == opposite.map(\.key), "seed \(seed)")
    for (conflict, other) in zip(conflicts, opposite) where !conflict.isDangling {
      #expect(conflict.ours == other.theirs && conflict.theirs == other.ours, "seed \(seed)")
    }
    guard case .merged = one, case .merged = other else { return }
    let store = try Store(model.path, for: .reading)
    let (ours, theirs) = try (store.contents(at: "main"), store.contents(at: "side"))
    for relation in Relation.allCases {
      let keys = (ours[relation] ?? []).map { "\($0.values)" }.sorted()
      #expect(keys == (theirs[relation] ?? []).map { "\($0.values)" }.sorted(), "seed \(seed), \(relation.name)")
    }
  }

  @Test("Histories that began apart, unknown revisions and branches are refused")
  func refused() throws {
    let (model, _, _) = try parted(main: ModelChange(added: [Self.prompt("c")]), side: Self.modified("a", "x"))
    #expect(throws: AufdbError.self) { try merge(model, "nowhere") }
    #expect(throws: AufdbError.self) { try merge(model, "side", into: "nowhere") }
    let other = try model.writer().write { connection in
      try connection.insertCommit(
        5, parents: [], branch: "other", author: "a", milliseconds: 1, message: "m", operation: "{}",
        changeDigest: RelationDigest.changeDigest([])
      ).sequence
    } keep: { _ in
      true
    }
    #expect(other == 5)
    let error = #expect(throws: AufdbError.self) { try merge(model, "other") }
    #expect(error?.message == "'main' and 'other' have no history in common" && error?.kind == .refused)
  }
}

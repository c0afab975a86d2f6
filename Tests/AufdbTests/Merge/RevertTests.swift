// Reverts by hand: what comes back, what is in the way, and what is refused.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Reverting")
struct RevertTests {
  private static func prompt(_ name: String, _ text: String = "text") -> ModelRow {
    ModelRow(relation: .prompts, values: [.text(name), .null, .text(text), .text("text"), .null])
  }

  private static let response = ModelRow(
    relation: .responses,
    values: [.text("a"), .text("m"), .integer(0), .text([0x61, 0x00, 0xFF]), .null, .null, .null])

  private func revert(
    _ model: VersionModel, _ revision: Revision, parent: Int = 1, isDryRun: Bool = false
  ) throws -> (outcome: RevertOutcome, conflicts: [MergeConflict]) {
    var conflicts: [MergeConflict] = []
    let outcome = try model.writer().revert(
      revision, parent: parent, isDryRun: isDryRun, context: model.context("main")
    ) { conflicts.append($0) }
    return (outcome, conflicts)
  }

  private func rows(_ model: VersionModel, at revision: Revision = "main") throws -> [String] {
    let contents = try Store(model.path, for: .reading).contents(at: revision)
    return Relation.allCases.flatMap { contents[$0] ?? [] }.map { "\($0.relation.name) \($0.values)" }.sorted()
  }

  /// A prompt, a response to it, and the response gone with another text for the prompt.
  private func model() throws -> VersionModel {
    let model = try VersionModel(seed: 1)
    try model.commit(ModelChange(added: [Self.prompt("a"), Self.prompt("b")]), to: "main")
    try model.commit(ModelChange(added: [Self.response]), to: "main")
    try model.commit(
      ModelChange(retired: [Self.response, Self.prompt("a")], added: [Self.prompt("a", "new")]), to: "main")
    return model
  }

  @Test("Reverting the last commit brings back exactly what was there, and reverting that undoes it again")
  func twice() throws {
    let model = try model()
    let (before, after) = (try rows(model, at: "main~1"), try rows(model))
    guard case .reverted(let commit) = try revert(model, "main").outcome else {
      Issue.record("not reverted")
      return
    }
    #expect(commit.message == "Revert \"change\"")
    #expect(try rows(model) == before)
    guard case .reverted = try revert(model, "main").outcome else {
      Issue.record("not reverted again")
      return
    }
    #expect(try rows(model) == after)
    #expect(try Store(model.path, for: .reading).verify().problems == [])
  }

  @Test("What later commits changed again is in the way; what they made the same of is not")
  func conflicts() throws {
    let model = try model()
    try model.commit(
      ModelChange(retired: [Self.prompt("a", "new")], added: [Self.prompt("a", "newer")]), to: "main")
    let before = try rows(model)
    let (outcome, conflicts) = try revert(model, "main~1")
    #expect(outcome == .conflicts(1))
    #expect(conflicts.map(\.key) == [[.text("a")]] && conflicts.first?.isDangling == false)
    #expect(conflicts.first?.base == Self.prompt("a", "new").sqlValues)
    #expect(try rows(model) == before)
    try model.commit(ModelChange(retired: [Self.prompt("a", "newer")], added: [Self.prompt("a")]), to: "main")
    guard case .reverted(let commit) = try revert(model, "main~2").outcome else {
      Issue.record("the prompt is back as it was; only the response is left to bring back")
      return
    }
    #expect(commit.changes == [Commit.Change(relation: .responses, added: 1, retired: 0)])
    #expect(try revert(model, "main~3").outcome == .nothingToDo)
  }

  @Test("A commit whose rows others refer to can't be undone before those")
  func dependents() throws {
    let model = try VersionModel(seed: 1)
    try model.commit(ModelChange(added: [Self.prompt("a")]), to: "main")
    try model.commit(ModelChange(added: [Self.response]), to: "main")
    let (outcome, conflicts) = try revert(model, "main~1")
    #expect(outcome == .conflicts(1))
    #expect(conflicts.map(\.isDangling) == [true] && conflicts.first?.relation == .responses)
    guard case .reverted = try revert(model, "main").outcome else {
      Issue.record("the newest first")
      return
    }
    guard case .reverted = try revert(model, "main~2").outcome else {
      Issue.record("then the one before")
      return
    }
    #expect(try rows(model) == [])
  }

  @Test("A dry run says the same and changes nothing")
  func dryRun() throws {
    let model = try model()
    let refs = try Store(model.path, for: .reading).refs(.branch)
    guard case .reverted = try revert(model, "main", isDryRun: true).outcome else {
      Issue.record("not reverted")
      return
    }
    #expect(try Store(model.path, for: .reading).refs(.branch) == refs)
  }

  @Test("The first commit, one of another branch, and a parent that isn't there are refused")
  func refused() throws {
    let model = try model()
    try model.branch("side", at: 2)
    try model.commit(ModelChange(added: [Self.prompt("c")]), to: "side")
    let cases: [(Revision, Int, String)] = [
      ("main~3", 1, "is the first one: there is nothing before it"), ("main", 2, "has no parent 2"),
      ("main", 0, "has no parent 0"), ("side", 1, "is not in the history of 'main'"),
    ]
    for (revision, parent, text) in cases {
      let error = #expect(throws: AufdbError.self) { try revert(model, revision, parent: parent) }
      #expect(error?.kind == .refused && error?.message.hasSuffix(text) == true, "\(error?.message ?? "")")
    }
  }

  @Test("A merge is reverted to the parent that is named")
  func merge() throws {
    let model = try model()
    try model.branch("side", at: try #require(model.tips["main"]))
    try model.commit(ModelChange(added: [Self.prompt("ours")]), to: "main")
    try model.commit(ModelChange(added: [Self.prompt("theirs")]), to: "side")
    let (ours, theirs) = (try rows(model), try rows(model, at: "side"))
    for (parent, expected) in [(1, ours), (2, theirs)] {
      let outcome = try model.writer().merge(
        MergeOptions("side"), context: CommitContext(author: "a", milliseconds: 99)
      ) { _ in }
      if parent == 1, case .merged = outcome {} else { #expect(parent == 2 && outcome == .upToDate) }
      let merge: Revision = parent == 1 ? "main" : "main~1"
      guard case .reverted = try revert(model, merge, parent: parent).outcome else {
        Issue.record("not reverted to parent \(parent)")
        return
      }
      if parent == 1 { #expect(try rows(model) == expected) }
    }
  }
}

// Snapshots from reward heads: which head made them, what is missing, and what doesn't fit.

import Testing

@testable import Aufdb

@Suite("Score") struct ScoreTests {
  private func trained(_ store: PlantedStore, features: [InputFeature] = [.embedding]) throws {
    try store.label()
    try store.train(TrainOptions(head: "h", features: features, learner: .small))
  }

  private func estimates(_ store: PlantedStore, _ snapshot: String) throws -> [[SQLValue]] {
    try store.fixture.rows(
      """
      SELECT prompt_id, model, sample, reward, lower, upper, heads FROM estimates
      WHERE snapshot = '\(snapshot)' ORDER BY 1, 2, 3
      """)
  }

  @Test("a snapshot says which head made it, in which state")
  func details() throws {
    let store = try PlantedStore()
    try trained(store)
    let (commit, report) = try store.score(ScoreOptions(head: "h", snapshot: "s"))
    #expect(report.estimateCount == 96 && report.promptCount == 24)
    #expect(commit?.message == "Score 96 responses by h (snapshot s)")
    let traced = try store.fixture.texts(
      """
      SELECT r.head FROM snapshots AS s JOIN reward_heads AS r ON r.head = s.details ->> '$.head' WHERE s.origin = 'score'
      """)
    #expect(traced == ["h"])
    let state = try store.fixture.rows("SELECT state FROM reward_heads")[0][0]
    guard case .blob(let bytes) = state else { throw AufdbError(.internalDefect, "no state") }
    #expect(try store.fixture.texts("SELECT details ->> '$.state' FROM snapshots") == [StoredHead.digest(bytes)])
    #expect(try store.fixture.isSound())
  }

  @Test("the same estimates for any number of threads, and single heads where they are asked for")
  func deterministic() throws {
    let store = try PlantedStore()
    try trained(store)
    try store.score(ScoreOptions(head: "h", snapshot: "one", keepsHeads: true))
    try store.score(ScoreOptions(head: "h", snapshot: "three", keepsHeads: true), threadCount: 3)
    try store.score(ScoreOptions(head: "h", snapshot: "bare"))
    let estimates = try estimates(store, "one")
    #expect(try self.estimates(store, "three") == estimates)
    #expect(try self.estimates(store, "bare").map { $0.dropLast() } == estimates.map { $0.dropLast() })
    #expect(estimates.allSatisfy { if case .blob(let heads) = $0[6] { heads.count == 16 } else { false } })
    #expect(try self.estimates(store, "bare").allSatisfy { $0[6] == .null })
  }

  @Test("what a snapshot lacks is added, by the very head that made it")
  func missing() throws {
    let store = try PlantedStore(promptCount: 6)
    try trained(store)
    try store.score(ScoreOptions(head: "h"))
    #expect(try store.score(ScoreOptions(head: "h", onlyMissing: true)).commit == nil)
    try store.change { change in
      try change.addResponse("p02", "new", "text")
      try change.addEmbedding("p02", "new", [1, 0, 0, 0, 0, 0])
    }
    let (commit, report) = try store.score(ScoreOptions(head: "h", onlyMissing: true))
    #expect(commit?.changes == [Commit.Change(relation: .estimates, added: 1, retired: 0)])
    #expect(report.presentCount == 24 && report.estimateCount == 1)
    let again = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h")) }
    #expect(again?.message == "there is a snapshot 'h' already")
    try store.train(TrainOptions(head: "h", learner: .small, epochCount: 2))
    let changed = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h", onlyMissing: true)) }
    #expect(changed?.message == "the snapshot 'h' wasn't made by the reward head 'h' as it is now")
    #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h", snapshot: "x", onlyMissing: true)) }
  }

  @Test("an old snapshot can be made again, though its head has been trained anew since")
  func remade() throws {
    let store = try PlantedStore()
    try trained(store)
    let commit = try #require(try store.score(ScoreOptions(head: "h", snapshot: "old")).commit)
    try store.train(TrainOptions(head: "h", seed: 9, learner: .small))
    try store.score(ScoreOptions(head: "h", snapshot: "new"))
    let revision = try Revision(commit.id.description)
    try store.score(ScoreOptions(head: "h", snapshot: "again", revision: revision))
    #expect(try estimates(store, "again") == estimates(store, "old"))
    #expect(try estimates(store, "new") != estimates(store, "old"))
    let states = try store.fixture.texts("SELECT details ->> '$.state' FROM snapshots ORDER BY snapshot")
    #expect(states[0] == states[2] && states[0] != states[1])
  }

  @Test("log-length is a feature like others")
  func features() throws {
    let store = try PlantedStore()
    try trained(store, features: [.embedding, .logLength])
    #expect(try store.score(ScoreOptions(head: "h")).report.estimateCount == 96)
    let means = try store.fixture.rows("SELECT configuration ->> '$.features' FROM reward_heads")
    #expect(means == [[.text("embedding,log-length")]])
  }

  @Test("a head that fits no embedding any more, an unknown one, and one without bounds")
  func refusals() throws {
    let store = try PlantedStore(promptCount: 3)
    let unknown = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h")) }
    #expect(
      unknown?.message == "there is no reward head 'h'" && unknown?.hint == "`aufdb train STORE --head NAME` makes one")
    try trained(store)
    var single = TrainOptions(head: "single", learner: .small)
    single.learner.headCount = 1
    try store.train(single)
    let bare = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "single")) }
    #expect(bare?.message == "the reward head 'single' has no bounds, which estimates need")
    // Another length under the same name: every vector is replaced.
    try store.change { change in
      let rows = try change.connection.all("SELECT id, prompt_id, model FROM embeddings") {
        ($0.integer(0), $0.string(1), $0.string(2))
      }
      for (id, promptID, model) in rows {
        try change.retire(.embeddings, id)
        try change.addEmbedding(promptID, model, [1, 2])
      }
    }
    let error = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h")) }
    #expect(error?.message == "the reward head 'h' takes 6 numbers, and 'planted' now gives 2")
  }

  @Test("a number that isn't finite is named with its response")
  func notFinite() throws {
    let store = try PlantedStore(promptCount: 3)
    try trained(store)
    try store.change { change in
      try change.addResponse("p01", "odd", "text")
      try change.addEmbedding("p01", "odd", [1, .nan, 0, 0, 0, 0])
    }
    let error = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h")) }
    #expect(error?.kind == .badData)
    #expect(error?.message.hasPrefix("the response of odd to 'p01': ") == true, "\(error?.message ?? "")")
  }
}

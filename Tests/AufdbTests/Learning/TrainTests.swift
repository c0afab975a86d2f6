// Reward heads from labels: what is learned, what is kept, and what is refused.

import Testing

@testable import Aufdb

@Suite("Train") struct TrainTests {
  private func options(_ kind: HeadKind = .ensemble, head: String = "h") -> TrainOptions {
    TrainOptions(head: head, kind: kind, learner: .small, epochCount: 20)
  }

  private func state(_ store: PlantedStore, _ head: String = "h") throws -> SQLValue {
    try store.fixture.rows("SELECT state FROM reward_heads WHERE head = '\(head)'")[0][0]
  }

  @Test(
    "every kind learns the planted reward, and ranks responses that no label speaks of", arguments: HeadKind.allCases)
  func learns(kind: HeadKind) throws {
    let store = try PlantedStore(promptCount: 60)
    try store.label()
    let (commit, report) = try store.train(options(kind))
    #expect(report.labelCount == 60 && report.tieCount == 0 && report.judge == "overall")
    #expect(try #require(report.accuracy) > 0.85)
    #expect(commit?.message == "Train the \(kind.rawValue) head h on 60 labels by overall")
    #expect(commit?.changes == [Commit.Change(relation: .rewardHeads, added: 1, retired: 0)])
    try store.score(ScoreOptions(head: "h"))
    // Of pairs without a label, how many are ranked as the scores do?
    let right = try store.fixture.rows(
      """
      SELECT avg((a.reward > b.reward) = (x.score > y.score)) FROM estimates AS a
      JOIN estimates AS b ON b.prompt_id = a.prompt_id AND b.model > a.model
      JOIN scores AS x ON x.prompt_id = a.prompt_id AND x.model = a.model
      JOIN scores AS y ON y.prompt_id = b.prompt_id AND y.model = b.model
      WHERE NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.prompt_id = a.prompt_id
        AND (l.chosen_model, l.rejected_model) IN ((a.model, b.model), (b.model, a.model)))
      """)
    guard case .real(let share) = right[0][0] else { throw AufdbError(.internalDefect, "no share") }
    #expect(share > 0.8)
    #expect(try store.fixture.isSound())
  }

  @Test("the same for any number of threads, and again it is nothing new", arguments: HeadKind.allCases)
  func deterministic(kind: HeadKind) throws {
    let store = try PlantedStore()
    try store.label()
    try store.train(options(kind))
    let state = try state(store)
    #expect(try store.train(options(kind), threadCount: 3).commit == nil)
    try store.train(options(kind, head: "other"), threadCount: 2)
    #expect(try self.state(store, "other") == state)
    var seeded = options(kind)
    seeded.seed = 1
    #expect((try store.train(seeded).commit != nil))
    #expect((try self.state(store) == state) == (kind != .ensemble), "only an ensemble draws anything")
  }

  @Test("an ensemble is trained further, from its very state")
  func continued() throws {
    let store = try PlantedStore()
    try store.label()
    try store.train(options())
    let before = try state(store)
    var more = options()
    more.continues = true
    try store.train(more)
    #expect(try state(store) != before)
    more.head = "nobody"
    #expect(throws: AufdbError.self) { try store.train(more) }
    more = options(head: "h")
    more.continues = true
    more.encoder = "another"
    let error = #expect(throws: AufdbError.self) { try store.train(more) }
    #expect(error?.message == "the reward head 'h' sees embeddings of 'planted', not of 'another'")
  }

  @Test("without labels there is a head that knows nothing", arguments: HeadKind.allCases)
  func untrained(kind: HeadKind) throws {
    let store = try PlantedStore()
    let (commit, report) = try store.train(options(kind))
    #expect(commit?.message == "Train the \(kind.rawValue) head h on no labels")
    #expect(report.accuracy == nil && report.judge == nil)
    let scored = try store.score(ScoreOptions(head: "h"))
    #expect(scored.report.labelCount == 0 && scored.report.estimateCount == 96)
    #expect(try store.fixture.texts("SELECT count(*) FROM estimates WHERE lower > reward OR upper < reward") == ["0"])
    #expect(try store.fixture.texts("SELECT count(*) > 90 FROM estimates WHERE upper > lower") == ["1"])
  }

  @Test("nothing but ties is refused, and a tie among others is left out")
  func ties() throws {
    let store = try PlantedStore(promptCount: 4)
    try store.change { change in
      for prompt in 0..<3 {
        try change.addLabel(PlantedStore.promptID(prompt), chosen: "m0", rejected: "m1", tie: true)
      }
    }
    let error = #expect(throws: AufdbError.self) { try store.train(options()) }
    #expect(error?.message == "all 3 labels by overall are ties: nothing can be learned")
    try store.change { try $0.addLabel(PlantedStore.promptID(3), chosen: "m0", rejected: "m1") }
    let (_, report) = try store.train(options())
    #expect(report.labelCount == 1 && report.tieCount == 3)
  }

  @Test("one kind of pair only can be learned: all labels prefer one model to another", arguments: HeadKind.allCases)
  func oneKindOfPair(kind: HeadKind) throws {
    let store = try PlantedStore()
    try store.change { change in
      for prompt in 0..<24 {
        try change.addLabel(PlantedStore.promptID(prompt), chosen: "m2", rejected: "m1", scores: (1, 0))
      }
    }
    #expect(try #require(store.train(options(kind)).report.accuracy) > 0.5)
  }

  @Test("labels of responses without an embedding are named, or left out")
  func missing() throws {
    let store = try PlantedStore { prompt, response in prompt == 1 && response == 2 }
    try store.change { change in
      for prompt in 0..<3 { try change.addLabel(PlantedStore.promptID(prompt), chosen: "m2", rejected: "m1") }
    }
    let error = #expect(throws: AufdbError.self) { try store.train(options()) }
    #expect(
      error?.message == "1 label is of responses without an embedding of the encoder 'planted': p01 m2")
    var partial = options()
    partial.allowsPartial = true
    let (_, report) = try store.train(partial)
    #expect(report.labelCount == 2 && report.missingCount == 1)
    let incomplete = #expect(throws: AufdbError.self) { try store.score(ScoreOptions(head: "h")) }
    #expect(incomplete?.message == "1 response lacks an embedding of the encoder 'planted': p01 m2")
    let scored = try store.score(ScoreOptions(head: "h", allowsPartial: true)).report
    #expect(scored.estimateCount == 95 && scored.missingCount == 1)
  }

  @Test("a learning rate that diverges is found out, and nothing is committed")
  func diverging() throws {
    let store = try PlantedStore()
    try store.label()
    let head = try store.fixture.head()
    var wild = options()
    wild.learner.learningRate = 1e30
    let error = #expect(throws: AufdbError.self) { try store.train(wild) }
    #expect(error?.kind == .refused && error?.message.contains("training in iteration 0 failed") == true)
    #expect(try store.fixture.head() == head)
  }

  @Test("what makes no sense is refused")
  func refusals() throws {
    let store = try PlantedStore(promptCount: 3)
    for change: (inout TrainOptions) -> Void in [
      { $0.head = "" }, { $0.epochCount = 0 }, { $0.ridge = 0 }, { $0.learner.batchSize = 0 },
      { $0.learner.beta = .nan },
      { $0.learner.headCount = 0 }, { $0.learner.learningRate = -1 }, { $0.learner.layerCount = 0 },
      {
        $0.continues = true
        $0.kind = .linear
      }, { $0.seed = .max },
    ] {
      var options = options()
      change(&options)
      let error = #expect(throws: AufdbError.self) { try store.train(options) }
      #expect(error?.kind == .usage, "\(error?.message ?? "")")
    }
    var unknown = options()
    unknown.encoder = "other"
    #expect(throws: AufdbError.self) { try store.train(unknown) }
    unknown = options()
    unknown.judge = "nobody"
    #expect(throws: AufdbError.self) { try store.train(unknown) }
    try store.label()
    try store.fixture.annotate(.random(seed: 1))
    let error = #expect(throws: AufdbError.self) { try store.train(options()) }
    #expect(error?.message == "there are labels of 2 judges: overall, random")
    var pointwise = options(.pointwisePrior)
    pointwise.judge = "random"
    #expect(throws: AufdbError.self) { try store.train(pointwise) }
    pointwise.judge = "overall"
    pointwise.scoreRange = 0.9...1
    #expect(throws: AufdbError.self) { try store.train(pointwise) }
  }
}

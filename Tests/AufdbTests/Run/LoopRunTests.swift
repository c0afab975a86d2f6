// The loop: one commit an iteration, and whatever kills it, the same commits in the end.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@testable import Aufdb

private struct Interrupted: Error {}

@Suite("Run") struct LoopRunTests {
  private func everything(_ store: PlantedStore) throws -> [Relation: [[SQLValue]]] { try store.fixture.everything() }

  @Test("one commit an iteration, with all that it did")
  func iterations() throws {
    let store = try PlantedStore()
    var configuration = RunConfiguration.small
    configuration.checkpointInterval = 2
    let before = try store.fixture.commitCount()
    var iterations: [Int] = []
    let report = try store.run(configuration) { iterations.append($0.iteration) }
    #expect(iterations == [1, 2, 3, 4, 5] && report.iterationCount == 5 && report.end == .prompts)
    #expect(try store.fixture.commitCount() == before + 5)
    #expect(report.promptCount == 24 && report.labelCount == 24 && report.tieCount == 0)
    let rows = try store.fixture.rows(
      """
      SELECT iteration, batch, snapshot, prompt_count, label_count, loss > 0, win_rate BETWEEN 0 AND 1, score_gap > 0
      FROM progress ORDER BY iteration
      """)
    #expect(rows.count == 5)
    #expect(rows[4] == [5, 5].map { .integer($0) } + [.text("drts-0005")] + [24, 24, 1, 1, 1].map { .integer($0) })
    #expect(try store.fixture.texts("SELECT count(*) FROM estimates") == ["96"])
    let unlabelled =
      "SELECT count(*) FROM selections AS s LEFT JOIN labels AS l USING (prompt_id, method, batch) WHERE l.judge IS NULL"
    #expect(try store.fixture.texts(unlabelled) == ["0"])
    let head = try store.fixture.head()
    #expect(head.message == "Iteration 5 of drts: 4 pairs for overall, 24 labels so far")
    #expect(
      Set(head.changes.map(\.relation)) == [.snapshots, .estimates, .selections, .labels, .rewardHeads, .progress])
    #expect(try store.fixture.isSound())
    // What has come to its end does nothing.
    let again = try store.run(configuration)
    #expect(again.newIterationCount == 0 && again.labelCount == 24)
    #expect(try store.fixture.head() == head)
  }

  @Test("stopped anywhere it goes on to the same commits", arguments: [UInt64(1), 2, 3])
  func resumes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var configuration = RunConfiguration.small
    configuration.heldoutCount = 3
    configuration.seed = Int(seed)
    configuration.learner.replayCount = seed == 2 ? 9 : nil
    configuration.learner.repeats = seed != 3
    configuration.method = ["drts", "bald", "far"][Int(seed) - 1]
    let whole = try PlantedStore()
    try whole.run(configuration)
    let broken = try PlantedStore()
    var stopCount = 0
    while true {
      configuration.checkpointInterval = Int.random(in: 1...4, using: &generator)
      // Heads that are stored are part of commits: the last of them, with the same interval, must be equal.
      let fatal = Int.random(in: 1...2, using: &generator)
      var count = 0
      do {
        try broken.run(configuration, threadCount: Int.random(in: 1...3, using: &generator)) { _ in
          count += 1
          if count == fatal { throw Interrupted() }
        }
        break
      } catch is Interrupted {
        stopCount += 1
      }
    }
    #expect(stopCount >= 2, "seed \(seed)")
    #expect(try everything(broken) == everything(whole), "seed \(seed)")
    #expect(try broken.fixture.isSound())
  }

  @Test("with the same interval even the commits' ids are the same")
  func sameCommits() throws {
    var configuration = RunConfiguration.small
    configuration.checkpointInterval = 2
    let (whole, broken) = (try PlantedStore(), try PlantedStore())
    try whole.run(configuration)
    for _ in 0..<5 {
      do { try broken.run(configuration) { _ in throw Interrupted() } } catch is Interrupted {}
    }
    try broken.run(configuration)
    #expect(try broken.fixture.head() == whole.fixture.head())
  }

  @Test("bounds stop it, and what is raised later goes on")
  func bounds() throws {
    let store = try PlantedStore()
    var configuration = RunConfiguration.small
    configuration.budget = 12
    let first = try store.run(configuration)
    #expect(first.labelCount == 12 && first.end == .budget && first.iterationCount == 3)
    configuration.budget = nil
    configuration.promptLimit = 14
    let second = try store.run(configuration)
    #expect(second.promptCount == 14 && second.end == .prompts && second.resumedAt == 4)
    configuration.promptLimit = nil
    #expect(try store.run(configuration).promptCount == 24)
    #expect(try store.fixture.texts("SELECT configuration ->> '$.iteration' FROM reward_heads") == ["6"])
  }

  @Test("patience ends it when held-out labels get no better")
  func patience() throws {
    let store = try PlantedStore(promptCount: 60)
    var configuration = RunConfiguration.small
    configuration.heldoutCount = 10
    configuration.patience = 2
    configuration.learner.learningRate = 1e-9
    let report = try store.run(configuration)
    #expect(report.end == .patience(2) && report.iterationCount == 2)
    #expect(try store.fixture.texts("SELECT count(*) FROM labels WHERE method = 'random'") == ["10"])
    // Prompts that are held out aren't selected from.
    let both = "SELECT count(*) FROM selections AS a JOIN selections AS b USING (prompt_id) WHERE a.method < b.method"
    #expect(try store.fixture.texts(both) == ["0"])
  }

  @Test("every method runs, but for dopt", arguments: SelectionMethods.names)
  func methods(name: String) throws {
    let store = try PlantedStore(promptCount: 7)
    var configuration = RunConfiguration.small
    configuration.method = name
    if name == "fixed-pair" { configuration.methodParameters = ["first-model": "m0", "second-model": "m1"] }
    guard name != "dopt" else {
      let error = #expect(throws: AufdbError.self) { try store.run(configuration) }
      #expect(error?.kind == .usage)
      return
    }
    let report = try store.run(configuration)
    #expect(report.labelCount == 7 && report.iterationCount == 2)
  }

  @Test("the data decides, and not its order: two stores of the same rows run alike")
  func order() throws {
    let store = try PlantedStore()
    try store.run(.small)
    let picks = "SELECT prompt_id, first_model, second_model, batch FROM selections ORDER BY 1"
    let other = try PlantedStore()
    // Retiring a row and bearing it again moves it behind all others.
    try other.change { change in
      let reader = try RowReader(.embeddings, in: change.connection)
      for id in try change.connection.all("SELECT id FROM embeddings ORDER BY id LIMIT 40", read: { $0.integer(0) }) {
        try reader.read(id)
        try reader.copy(to: change.writer(.embeddings))
        try change.retire(.embeddings, id)
      }
    }
    try other.run(.small)
    #expect(try other.fixture.rows(picks) == store.fixture.rows(picks))
  }
}

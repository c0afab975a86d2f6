// What a run refuses, and what is left of it then.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

private struct Interrupted: Error {}

@Suite("Run, refused") struct RunRefusalTests {
  private func interrupted(_ store: PlantedStore, _ configuration: RunConfiguration, after count: Int) throws {
    var made = 0
    do {
      try store.run(configuration) { _ in
        made += 1
        if made == count { throw Interrupted() }
      }
    } catch is Interrupted {}
  }

  private func expectRefused(
    _ store: PlantedStore, _ configuration: RunConfiguration, _ message: String, hint: String? = nil,
    kind: AufdbError.Kind = .refused
  ) throws {
    let head = try store.fixture.head()
    let error = #expect(throws: AufdbError.self) { try store.run(configuration) }
    #expect(error?.message == message)
    if let hint { #expect(error?.hint == hint) }
    #expect(error?.kind == kind)
    #expect(try store.fixture.head() == head)
  }

  @Test("a run isn't gone on with under other settings")
  func otherSettings() throws {
    let store = try PlantedStore()
    var configuration = RunConfiguration.small
    configuration.heldoutCount = 2
    try interrupted(store, configuration, after: 1)
    configuration.heldoutCount = 3
    try expectRefused(
      store, configuration, "a run 'drts' was begun with other settings",
      hint: "begin another one with --name, or go back to those: heldout was 2")
    configuration.heldoutCount = 2
    try interrupted(store, configuration, after: 2)
    configuration.seed = 5
    configuration.learner.beta = 2
    try expectRefused(
      store, configuration, "a run 'drts' was begun with other settings",
      hint: "begin another one with --name, or go back to those: beta was 1.0, seed was 0")
    configuration.name = "second"
    #expect(try store.run(configuration).iterationCount == 5)
  }

  @Test("how a judge is asked may change in a run, and who it is may not")
  func otherJudge() throws {
    let store = try PlantedStore(promptCount: 12)
    let answer = #"while read line; do id=${line#*\"id\":}; echo "{\"id\":${id%%,*},\"choice\":\"first\"}"; done"#
    var configuration = RunConfiguration.small
    configuration.judge = "command:\(answer)"
    configuration.judgeName = "sh"
    try interrupted(store, configuration, after: 1)
    configuration.judge = "command:true; \(answer)"
    try interrupted(store, configuration, after: 1)
    configuration.judgeName = "another"
    try expectRefused(
      store, configuration, "a run 'drts' was begun with other settings",
      hint: "begin another one with --name, or go back to those: judged-by was sh")
  }

  @Test("labels that changed since are found out")
  func changedLabels() throws {
    let store = try PlantedStore()
    try interrupted(store, .small, after: 2)
    try store.change { change in
      let row = try change.connection.first(
        "SELECT id, prompt_id, chosen_model, rejected_model FROM labels ORDER BY id LIMIT 1"
      ) { ($0.integer(0), $0.string(1), $0.string(2), $0.string(3)) }
      let (id, prompt, chosen, rejected) = try #require(row)
      try change.retire(.labels, id)
      try change.addLabel(prompt, chosen: rejected, rejected: chosen, method: "drts", batch: 1)
    }
    let error = #expect(throws: AufdbError.self) { try store.run(.small) }
    #expect(error?.kind == .refused)
    #expect(
      error?.message.hasPrefix("the run 'drts' can't be gone on with, because its labels or prompts have") == true)
  }

  @Test("prompts that came or went since are found out")
  func changedPrompts() throws {
    let store = try PlantedStore(promptCount: 12)
    var configuration = RunConfiguration.small
    configuration.checkpointInterval = 1
    try interrupted(store, configuration, after: 1)
    try store.change { change in
      try change.addPrompt("new", "question")
      for model in ["m0", "m1"] {
        try change.addResponse("new", model, "text")
        try change.addEmbedding("new", model, [1, 0, 0, 0, 0, 0])
      }
    }
    try expectRefused(
      store, configuration,
      "the run 'drts' can't be gone on with, because its labels or prompts have changed: it began with 12 prompts, and "
        + "there are 13 now")
  }

  @Test("a head or a snapshot of the run's name that is somebody else's is left alone")
  func takenNames() throws {
    let store = try PlantedStore(promptCount: 12)
    try store.train(TrainOptions(head: "drts", learner: .small))
    try expectRefused(
      store, .small, "there is a reward head 'drts' already, which isn't of the run 'drts'",
      hint: "name the run with --name")
    try store.score(ScoreOptions(head: "drts", snapshot: "mine-0002"))
    var configuration = RunConfiguration.small
    configuration.name = "mine"
    let error = #expect(throws: AufdbError.self) { try store.run(configuration) }
    #expect(error?.message == "there is a snapshot 'mine-0002' already, which isn't of the run 'mine'")
    #expect(try store.fixture.texts("SELECT max(iteration) FROM progress") == ["1"])
  }

  @Test("labels that are there already are taken, and the judge isn't asked again")
  func labelledBefore() throws {
    let store = try PlantedStore()
    try store.run(.small)
    var second = RunConfiguration.small
    second.name = "second"
    let report = try store.run(second)
    #expect(report.labelCount == 24)
    #expect(try store.fixture.texts("SELECT count(*) FROM labels") == ["24"])
    // Both trained on the same, so they end alike.
    let losses = try store.fixture.rows("SELECT run, iteration, loss FROM progress ORDER BY iteration, run")
    for index in stride(from: 0, to: losses.count, by: 2) { #expect(losses[index][2] == losses[index + 1][2]) }
  }

  @Test("responses without an embedding are named; a part may be allowed")
  func missing() throws {
    let store = try PlantedStore(promptCount: 12) { prompt, response in
      prompt == 3 && response > 0 || prompt == 7 && response == 1
    }
    try expectRefused(
      store, .small,
      "4 responses lack an embedding of the encoder 'planted': p03 m1, p03 m2, p03 m3 ...")
    var partial = RunConfiguration.small
    partial.allowsPartial = true
    let report = try store.run(partial)
    #expect(report.missingCount == 4 && report.tooFewCount == 1 && report.promptCount == 11)
    var some = RunConfiguration.small
    some.condition = "source = 'even'"
    some.name = "even"
    #expect(try store.run(some).promptCount == 6)
    some.condition = "no such column"
    let error = #expect(throws: AufdbError.self) { try store.run(some) }
    #expect(error?.message.hasPrefix("--where: ") == true)
  }

  @Test("no judge, no embeddings, too many held out, a method that lacks scores, a rate that diverges")
  func refusals() throws {
    let store = try PlantedStore(promptCount: 7)
    var configuration = RunConfiguration.small
    configuration.judge = nil
    try expectRefused(store, configuration, "the run has no judge", kind: .usage)
    configuration.judge = "scores:nobody"
    try expectRefused(store, configuration, "there are no scores of a judge 'nobody'")
    configuration = .small
    configuration.heldoutCount = 7
    try expectRefused(
      store, configuration,
      "7 prompts have two embedded responses or more, of which 7 are to be held out: none are left")
    configuration = .small
    configuration.method = "maxmin"
    configuration.judge = "random"
    try expectRefused(
      store, configuration, "the method maxmin needs scores, and the judge random gives none beforehand", kind: .usage)
    configuration = .small
    configuration.learner.learningRate = 1e30
    let error = #expect(throws: AufdbError.self) { try store.run(configuration) }
    #expect(error?.message.contains("training in iteration 1 failed") == true)
    #expect(try store.fixture.texts("SELECT count(*) FROM selections") == ["0"])
    let empty = try ImportFixture()
    let none = #expect(throws: AufdbError.self) {
      try empty.writing { try $0.run(.small, threadCount: 1, context: { ImportFixture.context() }) }
    }
    #expect(none?.message == "there are no embeddings")
  }

  @Test("all held-out labels ties")
  func heldoutTies() throws {
    let store = try PlantedStore(promptCount: 7)
    try store.change { change in
      for (id, prompt, model) in try change.connection.all(
        "SELECT id, prompt_id, model FROM scores", read: { ($0.integer(0), $0.string(1), $0.string(2)) })
      {
        try change.retire(.scores, id)
        try change.addScore(prompt, model, 1)
      }
    }
    var configuration = RunConfiguration.small
    configuration.heldoutCount = 2
    try expectRefused(store, configuration, "overall prefers neither response of any of the 2 held-out pairs")
    // Without held-out labels it runs, and learns nothing.
    let report = try store.run(.small)
    #expect(report.tieCount == 7)
    #expect(try store.fixture.texts("SELECT count(loss) FROM progress") == ["0"])
  }

  @Test("people answer a file an iteration, and the run goes on with it")
  func fileJudge() throws {
    let store = try PlantedStore(promptCount: 8)
    var configuration = RunConfiguration.small
    let path = store.fixture.folder.path("pairs.jsonl")
    configuration.judge = "file:\(path)"
    configuration.judgeName = "ada"
    for (iteration, count) in [(1, 5), (2, 3)] {
      let file = store.fixture.folder.path("pairs-000\(iteration).jsonl")
      for _ in 0..<2 {
        let report = try store.run(configuration)
        #expect(report.end == .waiting(file: file, pairCount: count))
      }
      let text = String(decoding: try store.fixture.folder.bytes("pairs-000\(iteration).jsonl"), as: UTF8.self)
      let answered = text.replacing(#""choice":null"#, with: #""choice":"first""#)
      #expect(answered != text)
      unlink(file)
      let _: String = try store.fixture.folder.file("pairs-000\(iteration).jsonl", Array(answered.utf8))
    }
    let report = try store.run(configuration)
    #expect(report.end == .prompts && report.labelCount == 8)
    #expect(try store.fixture.texts("SELECT count(*) FROM labels WHERE judge = 'ada' AND method = 'drts'") == ["8"])
  }

  @Test("what a command said before it failed is kept, and not asked again")
  func commandFails() throws {
    let store = try PlantedStore(promptCount: 8)
    var configuration = RunConfiguration.small
    configuration.judgeRestartCount = 0
    configuration.judgeName = "sh"
    // Answers two pairs, and dies.
    let answer = #"read line; id=${line#*\"id\":}; id=${id%%,*}; echo "{\"id\":$id,\"choice\":\"first\"}""#
    configuration.judge = "command:\(answer); \(answer); exit 3"
    #expect(throws: AufdbError.self) { try store.run(configuration) }
    #expect(try store.fixture.texts("SELECT count(*) FROM labels") == ["2"])
    #expect(try store.fixture.texts("SELECT count(*) FROM selections") == ["0"])
    #expect(try store.fixture.head().message == "Keep 2 labels of drts's iteration 1, in which sh failed")
    // Another judge of the same name finishes what that one began.
    configuration.judge = "command:while \(answer.replacing("read line;", with: "read line; do")); done"
    let report = try store.run(configuration)
    #expect(report.labelCount == 8 && report.end == .prompts)
    #expect(try store.fixture.texts("SELECT count(*) FROM labels") == ["8"])
    #expect(try store.fixture.isSound())
  }

  @Test("killed between two steps of SQLite's machine, it ends as if nothing had happened")
  func killed() async throws {
    let whole = try PlantedStore(promptCount: 10)
    try whole.run(.small)
    let expected = try whole.fixture.everything()
    var generator = SeededGenerator(seed: 5)
    for turn in 0..<3 {
      let store = try PlantedStore(promptCount: 10)
      let path: String = store.path
      let fatal = Int.random(in: 1...2, using: &generator)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, fatal = fatal as Int] in
        let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
        let killer = VirtualMachineSteps(fatal: 400 * fatal)
        var count = 0
        try store.run(
          .small, threadCount: 2,
          context: {
            count += 1
            // The first call is the run's preparation.
            if count == fatal + 1 { try store.withConnection { killer.watch($0) } }
            return ImportFixture.context()
          })
        withExtendedLifetime(killer) {}
      }
      #expect(try store.fixture.isSound(), "turn \(turn)")
      try store.run(.small, threadCount: 2)
      #expect(try store.fixture.everything() == expected, "turn \(turn), seed 5")
    }
  }
}

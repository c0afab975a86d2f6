// Whole evaluations of small stores: what a report must be, and what is refused.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Evaluations") struct EvaluationTests {
  private static func evaluate(
    _ store: ImportFixture, _ change: (inout EvaluateOptions) -> Void = { _ in }
  ) throws -> EvaluationReport {
    var options = MadePool.options
    options.methods = ["random", "deltaucb", "maxmin"]
    change(&options)
    return try Store(store.path, for: .reading).evaluate(options)
  }

  private static func refusal(
    of store: ImportFixture, _ change: (inout EvaluateOptions) -> Void = { _ in }
  ) throws -> AufdbError? {
    do {
      _ = try evaluate(store, change)
      return nil
    } catch let error as AufdbError {
      return error
    }
  }

  @Test("the same report for any number of threads and any order of import, and another for another seed")
  func threads() throws {
    let groups = MadePool.groups(seed: 1, promptCount: 24)
    let store = try MadePool.store(groups)
    let report = try Self.evaluate(store)
    for threadCount in [2, 5] {
      let other = try Self.evaluate(store) { $0.threadCount = threadCount }
      #expect(other == report && other.json == report.json && other.page == report.page)
    }
    let turned = try Self.evaluate(MadePool.store(groups.reversed()))
    #expect(turned.figures == report.figures && turned.curve == report.curve)
    #expect(try Self.evaluate(store) { $0.seed = 5 }.figures != report.figures)
    #expect(try store.commitCount() == 3, "the store is only read")
  }

  @Test("a report has what was asked for, the baselines, and says what couldn't be spent") func contents() throws {
    let store = try MadePool.store(MadePool.groups(seed: 2, promptCount: 24))
    var calls: [[Int]] = []
    var options = MadePool.options
    options.methods = ["deltaucb", "length"]
    let report = try Store(store.path, for: .reading).evaluate(options) { calls.append([$0, $1]) }
    #expect(report.policies.map(\.name) == ["random", "deltaucb", "length", "far", "random-4", "range"])
    #expect(report.policies.map(\.isBaseline) == [true, false, false, true, true, true])
    #expect(calls == (1...14).map { [$0, 14] })
    #expect(report.subject.trainingPromptCount == 17 && report.subject.testPromptCount == 7)
    let largest = try #require(report.figure("deltaucb", .plain, .accuracy, .labels(50)))
    #expect(largest.labelCount == 17 && !largest.isReached)
    #expect(report.notes.contains { $0.hasPrefix("The budget of 50 labels is more than every training prompt once") })
    #expect(report.notes.contains { $0.hasPrefix("2 seeds are few") })
    #expect(report.figure("random-4", .plain, .accuracy, .labels(4)) == nil)
    #expect(report.figure("random-4", .pointwise, .accuracy, .cost(16)) != nil)
    #expect(report.figure("random", .length, .matchedAccuracy, .cost(8))?.differenceToPlain != nil)
    #expect(report.figure("random", .plain, .gap, .labels(4))?.difference == nil)
    let headline = try #require(report.headline("deltaucb", .plain, .accuracy))
    let differences = try [4, 8].map {
      try #require(report.figure("deltaucb", .plain, .accuracy, .labels($0))?.difference?.paired.mean)
    }
    #expect(abs(headline.difference.paired.mean - (differences[0] + differences[1]) / 2) < 1e-12)
    #expect(report.policies[1].calibration != nil && report.policies[2].calibration == nil)
    let bins = try #require(report.policies[1].calibration).bins
    #expect(abs(bins.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    #expect(report.curve.map(\.labelCount) == [4, 8, 16, 23, 32, 40])
  }

  @Test("JSON has all figures and settings; only figures of models have factors") func json() throws {
    let store = try MadePool.store(MadePool.groups(seed: 3, promptCount: 24))
    let report = try Self.evaluate(store)
    #expect(report.figures.allSatisfy { ($0.factor != nil) == $0.measure.isOfModel })
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect((json["figures"] as? [Any])?.count == report.figures.count)
    #expect((json["settings"] as? [String: String])?["heads"] == "3")
  }

  @Test("incomplete prompts are left out, counted and named") func omissions() throws {
    let groups = MadePool.groups(seed: 4, promptCount: 24)
    let store = try MadePool.store(groups)
    try store.importLines([
      completionsLine("unscored", [completion("a", score: 0.5), completion("b")]),
      completionsLine("unembedded", [completion("a", score: 0.5), completion("b", score: 0.1)]),
    ])
    try store.importLines(
      [completionsLine("p1000", [completion("empty", "", score: 0.2)])], named: "more.jsonl")
    let report = try Self.evaluate(store)
    #expect(report.subject.omissions.unscoredPromptCount == 1 && report.subject.omissions.unembeddedPromptCount == 1)
    #expect(report.subject.omissions.emptyResponseCount == 1)
    #expect(report.subject.omissions.examples == ["unembedded", "unscored"])
    #expect(report.subject.responseCount == groups.reduce(0) { $0 + $1.scores.count })
  }

  @Test("test prompts by SQL; what is no condition is refused") func condition() throws {
    let store = try MadePool.store(MadePool.groups(seed: 5, promptCount: 20))
    let report = try Self.evaluate(store) { $0.test = .condition("prompt_id < 'p1006' -- a comment") }
    #expect(report.subject.testPromptCount == 6)
    let unknown = try Self.refusal(of: store) { $0.test = .condition("sauce = 1") }
    #expect(unknown?.kind == .refused && unknown?.message == "--test-where: no such column: sauce")
    let writing = try Self.refusal(of: store) { $0.test = .condition("1); DELETE FROM prompts; --") }
    #expect(writing?.kind == .refused)
    let none = try Self.refusal(of: store) { $0.test = .condition("prompt_id = 'nowhere'") }
    #expect(none?.message == "no prompt is left for testing")
    let one = try Self.refusal(of: store) { $0.test = .condition("prompt_id <> 'p1004'") }
    #expect(one?.message == "1 prompt is left to select from, of which a method needs two or more")
    let all = try Self.refusal(of: store) { $0.test = .condition("1") }
    #expect(all?.message == "no prompt is left to select from, of which a method needs two or more")
  }

  @Test("scores beyond 0 and 1 leave the pointwise head out, and say so") func otherScale() throws {
    var groups = MadePool.groups(seed: 6, promptCount: 20)
    for index in groups.indices { groups[index].scores = groups[index].scores.map { $0 * 10 } }
    let report = try Self.evaluate(MadePool.store(groups))
    #expect(report.models == [.plain, .pairwise])
    #expect(!report.policies.contains { $0.name == "range" })
    #expect(report.notes.contains { $0.hasPrefix("Some scores lie outside of 0 to 1") })
    #expect(report.page.contains("Some scores lie outside"))
  }

  @Test("data that can't be compared on") func refusedData() throws {
    let empty = try ImportFixture()
    #expect(try Self.refusal(of: empty)?.message == "there are no scores")
    try empty.importLines([completionsLine("p", [completion("a", score: 1), completion("b", score: 0)])])
    #expect(try Self.refusal(of: empty)?.message == "there are no embeddings")
    let tied = try MadePool.store(MadePool.groups(seed: 7, promptCount: 12) { _ in true })
    #expect(
      try Self.refusal(of: tied)?.message == "no two responses of a test prompt differ in score by 0.1 or more")
    var single = MadePool.groups(seed: 8, promptCount: 4)
    for index in single.indices {
      single[index].scores = [0.5]
      single[index].textLengths = [5]
      single[index].models = ["m0"]
      single[index].embeddings = Array(single[index].embeddings.prefix(MadePool.dimension))
    }
    let lonely = try Self.refusal(of: MadePool.store(single))
    #expect(lonely?.message.hasPrefix("no prompt has two responses that all have a score and an embedding") == true)
    let store = try MadePool.store(MadePool.groups(seed: 9, promptCount: 12))
    #expect(try Self.refusal(of: store) { $0.judge = "ada" }?.hint == "judges here: overall")
    #expect(try Self.refusal(of: store) { $0.encoder = "f" }?.hint == "encoders here: e")
    #expect(try Self.refusal(of: store) { $0.test = .holdout(0.01) }?.message == "no prompt is left for testing")
  }

  @Test("a score that is no number, which only a foreign program can have written") func notANumber() throws {
    let store = try MadePool.store(MadePool.groups(seed: 10, promptCount: 12))
    let raw = try RawDatabase(store.path, isWritable: true)
    try raw.run("UPDATE scores_all SET score = 9e999 WHERE place = (SELECT min(place) FROM scores_all)")
    let error = try Self.refusal(of: store)
    #expect(
      error?.kind == .badData && error?.message.contains("has the score inf") == true, "\(String(describing: error))")
  }

  @Test("options out of range, and methods that don't exist") func refusedOptions() throws {
    let store = try MadePool.store(MadePool.groups(seed: 11, promptCount: 12))
    let cases: [(String, (inout EvaluateOptions) -> Void)] = [
      ("there is no selection method 'detlaucb'", { $0.methods = ["detlaucb"] }),
      ("the method 'random' is named twice", { $0.methods = ["random", "random"] }),
      ("--holdout takes a share between 0 and 1, not 1.0", { $0.test = .holdout(1) }),
      ("--holdout takes a share between 0 and 1, not nan", { $0.test = .holdout(.nan) }),
      ("--seeds takes 1 to 10000, not 0", { $0.seedCount = 0 }),
      ("a seed is at most \(Int64.max)", { $0.seed = .max }),
      ("--budgets takes numbers above 0 in ascending order", { $0.budgets = [100, 50] }),
      ("--judge-costs takes numbers above 0 in ascending order", { $0.judgeCosts = [] }),
      ("--ridge takes a finite number above 0, not 0.0", { $0.ridge = 0 }),
      ("--heads takes 2 to 1000, not 1", { $0.learner.headCount = 1 }),
      ("--learning-rate takes a finite number above 0, not inf", { $0.learner.learningRate = .infinity }),
      ("--replay takes 1 or more, not 0", { $0.learner.replayCount = 0 }),
      ("method fixed-pair: first-model must be given", { $0.methods = ["fixed-pair"] }),
      (
        "--quantile means nothing to any of the methods random, deltaucb, maxmin",
        { $0.parameters = ["quantile": "0.1"] }
      ),
      (
        "method deltaquantile: quantile can't be '2.0': it must be a number from 0.0 to 1.0",
        { ($0.methods, $0.parameters) = (["deltaquantile"], ["quantile": "2"]) }
      ),
    ]
    for (message, change) in cases {
      let error = try Self.refusal(of: store, change)
      #expect(error?.kind == .usage && error?.message == message)
    }
    let pair = try Self.refusal(of: store) {
      ($0.methods, $0.parameters) = (["fixed-pair"], ["first-model": "m0", "second-model": "nobody"])
    }
    #expect(
      pair?.message == "the method fixed-pair picks no pair of any prompt that is left to select from")
    let diverging = try Self.refusal(of: store) { $0.learner.learningRate = 1e39 }
    #expect(diverging?.message.hasPrefix("deltaucb, seed 0: training in iteration") == true)
  }
}

// What every replay keeps to, whoever picks.

import AufdbAcquisition
import Testing

@testable import Aufdb

@Suite("Replays") struct MethodReplayTests {
  /// Every method there is, and the baselines that are none.
  static let policies: [ReplayPolicy] =
    ((try? allMethods()) ?? []).map { .method($0) } + [.allPairs(responseCount: 4), .range]

  private static func allMethods() throws -> [any SelectionMethod] {
    var options = EvaluateOptions()
    options.methods = SelectionMethods.names
    options.parameters = ["first-model": "m0", "second-model": "m1"]
    return try options.makeMethods()
  }

  @Test("every method and baseline: training prompts only, each once, in the seed's order", arguments: [UInt64(1), 2])
  func laws(seed: UInt64) throws {
    let data = try MadePool.data(seed: seed)
    let replay = MethodReplay(data: data, options: MadePool.options, seed: seed)
    #expect(Self.policies.count == SelectionMethods.names.count + 2)
    var orders: Set<[Int]> = []
    for policy in Self.policies {
      let labels = try replay.run(policy).labels
      let prompts = labels.annotations.map { annotation in
        data.pool.prompts.firstIndex { $0.rows.contains(annotation.judged[0]) } ?? -1
      }
      #expect(Set(prompts) == Set(data.split.training), "\(policy.name), seed \(seed)")
      #expect(prompts.count == data.split.training.count, "\(policy.name), seed \(seed)")
      orders.insert(prompts)
      for (annotation, prompt) in zip(labels.annotations, prompts) {
        let rows = data.pool.prompts[prompt].rows
        #expect(annotation.judged.allSatisfy(rows.contains) && Set(annotation.judged).count == annotation.judged.count)
        for pair in annotation.pairs {
          #expect(pair.chosen != pair.rejected, "\(policy.name), seed \(seed)")
          #expect(annotation.judged.contains(pair.chosen) && annotation.judged.contains(pair.rejected))
          #expect(data.pool.scores[pair.chosen] >= data.pool.scores[pair.rejected])
          #expect(pair.isTie == (data.pool.scores[pair.chosen] == data.pool.scores[pair.rejected]))
        }
      }
    }
    #expect(orders.count == 1, "all policies see one order; seed \(seed)")
  }

  @Test("what a label costs: two responses, or all whose scores the method looks at") func costs() throws {
    let data = try MadePool.data(seed: 3)
    let replay = MethodReplay(data: data, options: MadePool.options, seed: 0)
    func cost(_ policy: ReplayPolicy) throws -> [Int] {
      try replay.run(policy).labels.annotations.map(\.judged.count)
    }
    let sizes = try replay.run(.method(MaxMinMethod())).labels.annotations.map { annotation in
      data.pool.prompts.first { $0.rows.contains(annotation.judged[0]) }?.rows.count ?? 0
    }
    #expect(try cost(.method(MaxMinMethod())) == sizes)
    #expect(try cost(.method(GreedyMethod(by: .scores))) == sizes)
    #expect(try cost(.method(UltraFeedbackMethod(by: .scores))) == sizes.map { min(4, $0) })
    #expect(try cost(.allPairs(responseCount: 3)) == sizes.map { min(3, $0) })
    for policy in [ReplayPolicy.method(RandomMethod()), .method(DeltaUCBMethod()), .range] {
      #expect(try cost(policy).allSatisfy { $0 == 2 })
    }
    let pairs = try replay.run(.allPairs(responseCount: 3)).labels.annotations.map(\.pairs.count)
    #expect(pairs == sizes.map { min(3, $0) * (min(3, $0) - 1) / 2 })
  }

  @Test("maxmin finds the widest gap") func maxmin() throws {
    let data = try MadePool.data(seed: 4)
    for annotation in try MethodReplay(data: data, options: MadePool.options, seed: 0)
      .run(.method(MaxMinMethod())).labels.annotations
    {
      let scores = annotation.judged.map { data.pool.scores[$0] }
      #expect(data.pool.scores[annotation.pairs[0].chosen] == scores.max())
      #expect(data.pool.scores[annotation.pairs[0].rejected] == scores.min())
    }
  }

  @Test("ties cost a label and teach the learner nothing") func ties() throws {
    let data = try MadePool.data(seed: 5) { $0 % 2 == 0 }
    let outcome = try MethodReplay(data: data, options: MadePool.options, seed: 1).run(.method(DeltaUCBMethod()))
    let ties = data.split.training.count { $0 % 2 == 0 }
    #expect(outcome.labels.annotations.count { $0.pairs[0].isTie } == ties)
    #expect(outcome.labels.labelCount == data.split.training.count)
    #expect(outcome.learner?.labelCount == data.split.training.count - ties)
    let all = try MadePool.data(seed: 5) { _ in true }
    let nothing = try MethodReplay(data: all, options: MadePool.options, seed: 1).run(.method(DeltaUCBMethod()))
    #expect(nothing.learner?.labelCount == 0 && nothing.labels.labelCount == all.split.training.count)
    let means = nothing.labels.means(first: 5, scores: all.pool.scores)
    #expect(means?.gap == 0 && means?.chosen == 0.5)
  }

  @Test("a seed decides on everything", arguments: ["random", "drts", "dopt"]) func seeds(name: String) throws {
    let data = try MadePool.data(seed: 6)
    var options = MadePool.options
    options.methods = [name]
    let policy = try ReplayPolicy.method(options.makeMethods()[0])
    func labels(_ seed: UInt64) throws -> CollectedLabels {
      try MethodReplay(data: data, options: options, seed: seed).run(policy).labels
    }
    #expect(try labels(1) == labels(1))
    #expect(try labels(1) != labels(2))
  }

  @Test("random pairs go on pass after pass, never the same pair twice, until none is left") func passes() throws {
    let data = try MadePool.data(seed: 7)
    let replay = MethodReplay(data: data, options: MadePool.options, seed: 2)
    let once = try replay.run(.method(RandomMethod())).labels
    let long = try replay.run(.method(RandomMethod()), untilLabelCount: 1000).labels
    #expect(Array(long.annotations.prefix(once.annotations.count)) == once.annotations)
    let pairs = long.annotations.map { Set([$0.pairs[0].chosen, $0.pairs[0].rejected]) }
    #expect(Set(pairs).count == pairs.count)
    let allPairs = data.split.training.reduce(0) { sum, prompt in
      let count = data.pool.prompts[prompt].rows.count
      return sum + count * (count - 1) / 2
    }
    #expect(pairs.count == allPairs)
    let short = try replay.run(.method(RandomMethod()), untilLabelCount: 29).labels
    #expect(short.annotations == Array(long.annotations.prefix(29)))
  }

  @Test("prefixes by labels and by cost") func prefixes() {
    var labels = CollectedLabels()
    let pair = JudgedPair(0, 1, scores: [1, 0])
    for size in [2, 4, 2, 3] {
      labels.append(Annotation(pairs: Array(repeating: pair, count: size - 1), judged: Array(0..<size)))
    }
    #expect(labels.labelCounts == [1, 4, 5, 7] && labels.costs == [2, 6, 8, 11])
    #expect([0, 1, 3, 4, 6, 7, 99].map { labels.prefix(labels: $0) } == [0, 1, 1, 2, 3, 4, 4])
    #expect([1, 2, 7, 8, 11, 99].map { labels.prefix(cost: $0) } == [0, 1, 2, 3, 4, 4])
  }
}

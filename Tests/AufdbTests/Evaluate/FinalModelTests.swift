// Final models on a planted reward, and what they are measured by.

import AufdbAcquisition
import AufdbReward
import Testing

@testable import Aufdb

@Suite("Final models") struct FinalModelTests {
  @Test("labels of a planted reward are learned", arguments: [UInt64(1), 2, 3]) func planted(seed: UInt64) throws {
    let data = try MadePool.data(seed: seed, promptCount: 120)
    let labels = try MethodReplay(data: data, options: MadePool.options, seed: seed)
      .run(.method(RandomMethod()), untilLabelCount: 400).labels
    for model in [FinalModel.plain, .pairwise, .pointwise] {
      #expect(try accuracy(model, labels.annotations[...], data) > 0.85, "\(model), seed \(seed)")
      let few = try accuracy(model, labels.annotations.prefix(0), data)
      #expect(few == 0.5, "without labels all rewards are the same")
    }
  }

  @Test("a baseline's sign is learnt; length needs no labels") func baselines() throws {
    let data = try MadePool.data(seed: 4)
    let labels = try MethodReplay(data: data, options: MadePool.options, seed: 4).run(.method(RandomMethod())).labels
    let right = try accuracy(.component, labels.annotations[...], data)
    let flipped = labels.annotations.map { annotation in
      Annotation(
        pairs: annotation.pairs.map { JudgedPair($0.chosen, $0.rejected, scores: data.pool.scores.map { -$0 }) },
        judged: annotation.judged)
    }
    #expect(abs(try accuracy(.component, flipped[...], data) - (1 - right)) < 1e-6)
    #expect(
      try accuracy(.length, labels.annotations.prefix(0), data) == accuracy(.length, labels.annotations[...], data))
  }

  private func accuracy(
    _ model: FinalModel, _ annotations: ArraySlice<Annotation>, _ data: EvaluationData
  ) throws -> Double {
    let fit = try FinalModel.Fit(model, annotations, data, ridge: model == .plain ? 0.1 : 3)
    let outcomes = data.test.measure(fit.rewards(ofRows: data.test.poolRows, data))
    return Double(outcomes.right.reduce(0, +)) / Double(data.test.pairs.count)
  }

  @Test("measured by hand: gaps, lengths, ties of rewards, and the best response") func measures() {
    var one = EvaluationPool.Group()
    one.id = Array("a".utf8)
    (one.scores, one.textLengths) = ([0.9, 0.5, 0.45], [100, 100, 300])
    (one.models, one.embeddings) = (["x", "y", "z"], [0, 0, 0])
    var other = EvaluationPool.Group()
    other.id = Array("b".utf8)
    (other.scores, other.textLengths, other.models, other.embeddings) = ([0.2, 0.4], [50, 57], ["x", "y"], [0, 0])
    let test = TestSet(EvaluationPool([one, other], dimension: 1), [0, 1], gapThreshold: 0.1, lengthThreshold: 0.15)
    #expect(
      test.pairs.map { [$0.better, $0.worse] } == [[0, 1], [0, 2], [4, 3]]
        && test.pairs.map(\.isLengthMatched) == [true, false, true])
    #expect(test.pairCounts(lengthMatched: false) == [2, 1] && test.pairCounts(lengthMatched: true) == [1, 1])
    let outcomes = test.measure([0, 0, 1, 0, 3])
    #expect(outcomes.right == [0.5, 1] && outcomes.matchedRight == [0.5, 1])
    #expect(outcomes.bestScore == [0.45, 0.4])
    #expect(test.measure([1, 1, 1, 1, 1]).bestScore == [0.9, 0.2], "of equals the first")
    let all = TestSet(EvaluationPool([one, other], dimension: 1), [0], gapThreshold: 0, lengthThreshold: 10)
    #expect(all.pairs.count == 3 && all.pairs.allSatisfy(\.isLengthMatched))
  }

  @Test("the first component is the direction of the largest variance") func component() {
    let covariance = Matrix(rowCount: 3, columnCount: 3, elements: [2, 1, 0, 1, 2, 0, 0, 0, 0.5])
    let direction = PrincipalDirection.first(of: covariance)
    #expect(abs(abs(direction[0]) - 0.5.squareRoot()) < 1e-9 && abs(direction[0] - direction[1]) < 1e-9)
    #expect(abs(direction[2]) < 1e-9)
    #expect(PrincipalDirection.first(of: Matrix(rowCount: 2, columnCount: 2)) == [0, 0])
  }
}

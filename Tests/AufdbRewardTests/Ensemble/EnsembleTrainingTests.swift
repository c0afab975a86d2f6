// Training an ensemble: gradients against the definition in doubles, and the laws of training.

import AufdbReward
import AufdbTestSupport
import Testing

@Suite struct EnsembleTrainingTests {
  /// Inputs, hidden units, layers, heads, pairs.
  static let shapes: [[Int]] = [
    [1, 1, 2, 1, 1], [5, 1, 1, 3, 4], [3, 7, 2, 2, 31], [33, 17, 2, 2, 33], [70, 9, 3, 2, 5], [4, 5, 2, 2, 150],
    [16, 35, 4, 1, 3], [257, 3, 2, 1, 2],
  ]

  @Test(arguments: shapes, [UInt64(101), 102])
  func gradientsAgreeWithTheDefinition(shape: [Int], seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let training = try generator.training(inputs: shape[0], hidden: shape[1], layers: shape[2], heads: shape[3])
    let inputs: Matrix<Float> = generator.matrix(40, shape[0])
    let pairs = generator.pairs(shape[4], of: 40)
    var settings = TrainingSettings()
    settings.regularisation = 3
    settings.centre = 0.2
    let (gradient, step) = try training.gradient(inputs, pairs: pairs, settings)
    let expected = naiveGradient(training, inputs, pairs, settings)
    let tolerance = 1e-5 * largestMagnitude(expected.gradient)
    #expect(largestDifference(gradient.all, expected.gradient) <= tolerance, "\(shape), seed \(seed)")
    #expect(isNear(step.loss, expected.loss, relative: 1e-5), "\(shape), seed \(seed)")
    let norm = squaredLength(expected.gradient).squareRoot()
    #expect(isNear(step.gradientNorm, norm, relative: 1e-5), "\(shape), seed \(seed)")
  }

  @Test(arguments: [UInt64(111), 112])
  func bitsDontDependOnThreads(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    // Enough parameters for several parts of the optimiser's pass.
    let training = try generator.training(inputs: 130, hidden: 200, layers: 2, heads: 3)
    let inputs: Matrix<Float> = generator.matrix(20, 130)
    let steps = (0..<3).map { _ in generator.pairs(9, of: 20) }
    var one = training
    let records = try one.train(inputs, steps: steps, TrainingSettings())
    for threadCount in 2...3 {
      var several = training
      #expect(try several.train(inputs, steps: steps, TrainingSettings(), threadCount: threadCount) == records)
      #expect(several == one, "\(threadCount) threads, seed \(seed)")
    }
  }

  /// What was saved between two calls goes on as if nothing had happened.
  @Test(arguments: [UInt64(121), 122])
  func trainingGoesOnFromTensors(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var straight = try generator.training(inputs: 11, hidden: 6, layers: 2, heads: 3)
    let inputs: Matrix<Float> = generator.matrix(30, 11)
    let calls = (0..<4).map { call in (0...call).map { _ in generator.pairs(5, of: 30) } }
    var restored = straight
    for steps in calls {
      let records = try straight.train(inputs, steps: steps, TrainingSettings())
      restored = try EnsembleTraining(tensors: restored.tensors)
      #expect(try restored.train(inputs, steps: steps, TrainingSettings()) == records, "seed \(seed)")
      #expect(restored == straight, "seed \(seed)")
    }
    #expect(straight.stepCount == 10)
    #expect(try EnsembleHead(tensors: straight.tensors) == straight.head)
  }

  /// A call's rate begins anew, and its moments go on: two calls are not one.
  @Test func theRateBeginsAnewWithEachCall() throws {
    var generator = SeededGenerator(seed: 131)
    var training = try generator.training(inputs: 4, hidden: 3, layers: 2, heads: 2)
    let inputs: Matrix<Float> = generator.matrix(10, 4)
    let steps = (0..<4).map { _ in generator.pairs(3, of: 10) }
    var other = training
    let rates = try training.train(inputs, steps: steps, TrainingSettings()).map(\.learningRate)
    #expect(rates[0] == 5e-5)
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 } && rates[3] > 0)
    for half in [steps[..<2], steps[2...]] {
      let rates = try other.train(inputs, steps: Array(half), TrainingSettings()).map(\.learningRate)
      #expect(rates == [5e-5, 2.5e-5])
    }
    #expect(other.stepCount == training.stepCount)
    #expect(other.head != training.head)
  }

  @Test func nothingIsTrainedInNoSteps() throws {
    var generator = SeededGenerator(seed: 141)
    var training = try generator.training(inputs: 4, hidden: 3, layers: 2, heads: 2)
    let before = training
    #expect(try training.train(generator.matrix(2, 4), steps: [], TrainingSettings()) == [])
    #expect(training == before)
  }

  /// A linear preference is learned, and the rewards of new responses follow it.
  @Test(arguments: [UInt64(151), 152])
  func preferencesAreLearned(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let shape = try EnsembleShape(inputCount: 6, hiddenCount: 16, layerCount: 2, headCount: 3)
    var training = EnsembleTraining(
      EnsembleHead(shape: shape, beta: 1, weights: EnsembleHead.xavierUniform(shape, using: &generator)))
    let inputs: Matrix<Float> = generator.matrix(60, 6)
    func isBetter(_ first: Int, _ second: Int) -> Bool {
      inputs[first, 0] - inputs[first, 1] > inputs[second, 0] - inputs[second, 1]
    }
    let steps = (0..<100).map { _ in
      generator.pairs(16, of: 40).map {
        isBetter($0.chosen, $0.rejected) ? $0 : PairIndex(chosen: $0.rejected, rejected: $0.chosen)
      }
    }
    var settings = TrainingSettings()
    settings.learningRate = 0.01
    let records = try training.train(inputs, steps: steps, settings, threadCount: 2)
    let last = records.suffix(10)
    #expect(last.reduce(0) { $0 + $1.winRate } > 0.9 * 10, "seed \(seed)")
    #expect(last.allSatisfy { $0.meanMargin > records[0].meanMargin && $0.loss < records[0].loss }, "seed \(seed)")
    let rewards = try training.head.estimates(inputs).rewards
    let unseen = (40..<59).flatMap { first in (first + 1..<60).map { (first, $0) } }
    let right = unseen.count { isBetter($0, $1) == (rewards[$0] > rewards[$1]) }
    #expect(Double(right) > 0.85 * Double(unseen.count), "seed \(seed)")
  }

  /// A pair of equal responses pulls nowhere, not even by a rounding error, which AdamW would make a step of.
  @Test func equalResponsesLeaveTheBiasesAlone() throws {
    var generator = SeededGenerator(seed: 161)
    let head = try generator.ensemble(inputs: 5, hidden: 8, layers: 3, heads: 2)
    var settings = TrainingSettings()
    settings.centre = 0
    for pairCount in [1, 7, 33, 64] {
      let pairs = generator.pairs(pairCount, of: 20).map { PairIndex(chosen: $0.chosen, rejected: $0.chosen) }
      let (gradient, step) = try EnsembleTraining(head).gradient(generator.matrix(20, 5), pairs: pairs, settings)
      #expect(step.winRate == 0 && step.meanMargin == 0)
      for layer in head.shape.layers {
        guard let biasOffset = layer.biasOffset else { continue }
        let biases = gradient.all[biasOffset..<biasOffset + layer.outputCount]
        #expect(biases.allSatisfy { $0 == 0 }, "\(pairCount) pairs")
      }
    }
  }
}

// Estimates and gradients of the ensemble against another implementation's, in double precision from the same inputs.

import AufdbReward
import Testing

@Suite(.enabled(if: RewardData.isPresent, "skipped: shared/data/reward is absent"))
struct EnsembleConformanceTests {
  @Test func everyCaseIsRead() {
    #expect(RewardData.names("forward").count == 7)
    #expect(RewardData.names("gradient").count == 5)
    #expect(RewardData.names("trajectory", "outer").count == 8)
  }

  @Test(arguments: RewardData.names("forward", "gradient", "trajectory", "outer"))
  func parametersLieAsTheCaseSays(name: String) throws {
    let description = try RewardCase(name).description
    let shape = try RewardCase(name).shape
    #expect(shape.parameterCount == description.paramsPerHead)
    let parts = shape.layers.flatMap { layer -> [(Int, [Int])] in
      let weights = (layer.weightOffset, [layer.outputCount, layer.inputCount])
      return [weights] + (layer.biasOffset.map { [($0, [layer.outputCount])] } ?? [])
    }
    #expect(parts.map(\.0) == description.layout.map(\.offset))
    #expect(parts.map(\.1) == description.layout.map(\.shape))
  }

  @Test(arguments: RewardData.names("forward"))
  func estimatesAgree(name: String) throws {
    let example = try RewardCase(name)
    let individual = try example.tensors.doubles("individual_f64")
    let tolerance = 5e-6 * max(1, largestMagnitude(individual))
    let features = try example.matrix("features")
    let columns = [
      (EnsembleHead.Centre.mean, EnsembleHead.Bounds.deviation, ["reward", "lower", "upper"]),
      (.median, .extremes, ["reward_median", "bound_min", "bound_max"]),
    ]
    for (centre, bounds, names) in columns {
      let head = try example.head(centre: centre, bounds: bounds)
      let estimates = try head.estimates(features)
      #expect(largestDifference(estimates.heads, individual) <= tolerance)
      for (found, expected) in zip([estimates.rewards, estimates.lower, estimates.upper], names) {
        #expect(
          largestDifference(found, try example.tensors.doubles("\(expected)_f64")) <= tolerance, "\(expected)")
      }
    }
  }

  @Test(arguments: RewardData.names("gradient"))
  func gradientsAgree(name: String) throws {
    let example = try RewardCase(name)
    let config = example.description.config
    let chosen = try example.matrix("chosen_features")
    let inputs = Matrix(
      rowCount: 2 * chosen.rowCount, columnCount: chosen.columnCount,
      elements: chosen.all + (try example.matrix("rejected_features")).all)
    let pairs = (0..<chosen.rowCount).map { PairIndex(chosen: $0, rejected: chosen.rowCount + $0) }
    let training = try EnsembleTraining(example: example, weights: "weights")
    var settings = TrainingSettings()
    settings.regularisation = try #require(config.lambda)
    settings.centre = config.center ?? 0
    let (gradient, step) = try inputs.withView { inputs throws(TrainingError) in
      try training.gradient(inputs, pairs: pairs, settings, threadCount: 1)
    }
    let expected = try example.tensors.doubles("grad_f64")
    #expect(largestDifference(gradient.all, expected) <= 5e-6 * largestMagnitude(expected))
    let results = try #require(example.description.results?["f64"])
    #expect(isNear(step.loss, results.loss, relative: 1e-5, floor: 1e-11))
    #expect(isNear(step.base, results.lossBase, relative: 1e-5, floor: 1e-11))
    #expect(isNear(step.regularisation, results.lossReg, relative: 2e-3, floor: 2e-12))
    #expect(isNear(step.centre, results.lossCenter, relative: 1e-5, floor: 1e-11))
    #expect(isNear(step.gradientNorm, results.gradNorm, relative: 5e-5))

    let margins = zip(
      try example.tensors.doubles("rewards_chosen_f64"), try example.tensors.doubles("rewards_rejected_f64")
    ).map { $0 - $1 }
    let meanMargins = pairs.indices.map { pair in
      (0..<config.heads).reduce(0.0) { $0 + margins[pair * config.heads + $1] } / Double(config.heads)
    }
    let size = max(1, largestMagnitude(margins))
    #expect((step.meanMargin - meanMargins.reduce(0, +) / Double(pairs.count)).magnitude <= 1e-5 * size)
    #expect(step.winRate == Double(meanMargins.count { $0 > 0 }) / Double(pairs.count))
  }
}

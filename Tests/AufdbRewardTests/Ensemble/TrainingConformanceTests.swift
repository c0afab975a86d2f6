// Whole trainings of the ensemble, step by step, against another implementation's in double precision.

import AufdbReward
import Testing

@Suite(.enabled(if: RewardData.isPresent, "skipped: shared/data/reward is absent"))
struct TrainingConformanceTests {
  @Test(arguments: RewardData.names("trajectory", "outer"))
  func trainingsAgree(name: String) throws {
    let example = try RewardCase(name)
    let pool = try example.matrix("pool")
    var training = EnsembleTraining(try example.head("weights_initial"))
    let calls = try #require(example.description.trainCalls)
    for (index, call) in calls.enumerated() {
      var settings = TrainingSettings()
      settings.learningRate = try #require(example.description.config.lr)
      settings.centre = example.description.config.center ?? 0
      settings.regularisation = call.lambda
      let steps = call.steps.map { $0.pairs.map { PairIndex(chosen: $0[0], rejected: $0[1]) } }
      #expect(steps.count == call.numSteps)
      let records = try training.train(pool, steps: steps, settings)
      for (record, step) in zip(records, call.steps) { expectNear(record, step.f64) }
      #expect(training.stepCount == call.adamStepAfter)
      try expectWeights(training, after: index, call, of: example)
    }
    try expectProbes(training, of: example)
  }

  private func expectNear(_ record: TrainingStep, _ expected: RewardCase.Description.Call.Step.Values) {
    #expect(isNear(record.learningRate, expected.lr, relative: 1e-12))
    #expect(isNear(record.loss, expected.loss, relative: 1e-5, floor: 1e-11))
    #expect(isNear(record.base, expected.lossBase, relative: 1e-5, floor: 1e-11))
    #expect(isNear(record.regularisation, expected.lossReg, relative: 2e-3, floor: 2e-12))
    #expect(isNear(record.centre, expected.lossCenter, relative: 1e-5, floor: 1e-11))
    #expect(isNear(record.gradientNorm, expected.gradNorm, relative: 5e-5))
  }

  private func expectWeights(
    _ training: EnsembleTraining, after index: Int, _ call: RewardCase.Description.Call, of example: RewardCase
  ) throws {
    let weights = training.head.weights.all
    let isMedium = example.name == "traj_med"
    let expected = call.checksumAfter
    let samples = expected.sampleFlatIndices.map { weights[$0] }
    #expect(largestDifference(samples, expected.f64.sampleValues) <= (isMedium ? 1e-5 : 2e-6))
    let squares = weights.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(isNear(squares, expected.f64.sumSq, relative: 1e-6))
    let initial = training.initialWeights.all
    let width = training.head.shape.parameterCount
    for (head, distance) in expected.f64.movedL2PerHead.enumerated() {
      let own = head * width..<(head + 1) * width
      #expect(isNear(distanceBetween(weights[own], initial[own]), distance, relative: 1e-3))
    }
    guard !isMedium else { return }
    let reference = try example.tensors.doubles("weights_after_\(index)_f64")
    #expect(largestDifference(weights, reference) <= 2e-6)
    let error = zip(weights, reference).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    let move = zip(initial, reference).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    let isSlow = example.description.config.lr == 5e-5
    #expect(error.squareRoot() <= (isSlow ? 1e-3 : 1e-4) * move.squareRoot())
    for (moments, name) in [(training.firstMoments, "exp_avg"), (training.secondMoments, "exp_avg_sq")] {
      let reference = try example.tensors.doubles("\(name)_after_\(index)_f64")
      #expect(largestDifference(moments.all, reference) <= 1e-4 * largestMagnitude(reference), "\(name)")
    }
  }

  private func distanceBetween(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
    zip(one, other).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }.squareRoot()
  }

  private func expectProbes(_ training: EnsembleTraining, of example: RewardCase) throws {
    let probes = try example.matrix("probe_features")
    let first = try example.head("weights_initial").estimates(probes)
    let initial = try example.tensors.doubles("probe_individual_initial_f64")
    #expect(largestDifference(first.heads, initial) <= 5e-6 * max(1, largestMagnitude(initial)))
    let last = try training.head.estimates(probes)
    #expect(largestDifference(last.heads, try example.tensors.doubles("probe_individual_final_f64")) <= 1e-5)
    #expect(largestDifference(last.rewards, try example.tensors.doubles("probe_reward_final_f64")) <= 1e-5)
    #expect(largestDifference(last.lower, try example.tensors.doubles("probe_lower_final_f64")) <= 1e-5)
    #expect(largestDifference(last.upper, try example.tensors.doubles("probe_upper_final_f64")) <= 1e-5)
  }
}

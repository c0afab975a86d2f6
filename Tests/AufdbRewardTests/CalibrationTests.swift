// Calibration against its definitions, over all pairs in both orders.

import AufdbReward
import AufdbTestSupport
import Glibc
import Testing

@Suite struct CalibrationTests {
  private typealias Pair = (chosen: Calibration.Estimate, rejected: Calibration.Estimate)

  /// A pair in one of its orders.
  private struct Event {
    let probability: Double
    let lower: Double
    let outcome: Double
  }

  private func estimate(_ reward: Double, _ half: Double = 0) -> Calibration.Estimate {
    Calibration.Estimate(reward: reward, lower: reward - half, upper: reward + half)
  }

  private func calibration(_ pairs: [Pair], binCount: Int = 10) -> Calibration {
    var calibration = Calibration(binCount: binCount)
    for pair in pairs { calibration.add(chosen: pair.chosen, rejected: pair.rejected) }
    return calibration
  }

  private func pairs(_ count: Int, seed: UInt64) -> [Pair] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (
        estimate(2 * generator.normal(), generator.uniform().magnitude),
        estimate(2 * generator.normal(), generator.uniform().magnitude)
      )
    }
  }

  @Test(arguments: [1, 2, 7, 10, 20], [UInt64(901), 902])
  func figuresAreThoseOfTheDefinition(binCount: Int, seed: UInt64) throws {
    let pairs = pairs(200, seed: seed)
    let found = calibration(pairs, binCount: binCount)
    let events = pairs.flatMap { chosen, rejected in
      let probability = sigmoid(chosen.reward - rejected.reward)
      return [
        Event(probability: probability, lower: sigmoid(chosen.lower - rejected.upper), outcome: 1),
        Event(probability: 1 - probability, lower: 1 - sigmoid(chosen.upper - rejected.lower), outcome: 0),
      ]
    }
    func errors(_ place: (Event) -> Double, _ error: (Double, Double) -> Double) -> [Double] {
      var errors: [Double] = []
      for bin in 0..<binCount {
        let members = events.filter { min(Int(place($0) * Double(binCount)), binCount - 1) == bin }
        guard !members.isEmpty else { continue }
        let count = Double(members.count)
        let predicted = members.reduce(0) { $0 + place($1) } / count
        let observed = members.reduce(0) { $0 + $1.outcome } / count
        errors += Array(repeating: error(predicted, observed), count: members.count)
      }
      return errors
    }
    let means = errors({ $0.probability }, { abs($0 - $1) })
    let bounds = errors({ $0.lower }, { max(0, $0 - $1) })
    try expect(found.expectedError, means.reduce(0, +) / 400, seed)
    try expect(found.maximumError, means.max() ?? .nan, seed)
    try expect(found.expectedBoundError, bounds.reduce(0, +) / 400, seed)
    try expect(found.maximumBoundError, bounds.max() ?? .nan, seed)
    try expect(found.brierScore, squaredLength(events.map { $0.probability - $0.outcome }) / 400, seed)
    #expect(found.rightCount == pairs.count { $0.chosen.reward > $0.rejected.reward })
    #expect(found.accuracy == Double(found.rightCount) / 200)
    #expect(found.certainRightCount == pairs.count { $0.chosen.lower > $0.rejected.upper })
    #expect(found.certainWrongCount == pairs.count { $0.chosen.upper < $0.rejected.lower })
    #expect(found.bins.reduce(0) { $0 + $1.count } == 400)
  }

  /// A reliability curve is symmetric around (1/2, 1/2).
  @Test(arguments: [9, 10], [UInt64(911)])
  func theCurveIsSymmetric(binCount: Int, seed: UInt64) throws {
    let bins = calibration(pairs(150, seed: seed), binCount: binCount).bins
    for (bin, mirrored) in zip(bins, bins.reversed()) {
      #expect(bin.count == mirrored.count)
      #expect((bin.start - (1 - mirrored.end)).magnitude <= 1e-15)
      guard let predicted = bin.predicted, let observed = bin.observed else { continue }
      #expect(try abs(predicted - (1 - #require(mirrored.predicted))) <= 1e-12)
      #expect(try abs(observed - (1 - #require(mirrored.observed))) <= 1e-12)
    }
  }

  /// Labels drawn with the predicted probability are calibrated; the same rewards times four are too sure, and a fourth
  /// of them too unsure, whose bounds are then right.
  @Test(arguments: [UInt64(921), 922])
  func overconfidenceIsSeen(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let margins = (0..<4000).map { _ in
      let margin = 1.5 * generator.normal()
      return Double.random(in: 0..<1, using: &generator) < sigmoid(margin) ? margin : -margin
    }
    func calibration(_ factor: Double) -> Calibration {
      self.calibration(margins.map { (estimate(factor * $0), estimate(0)) })
    }
    let errors = try [1, 4, 0.25].map { try #require(calibration($0).expectedError) }
    #expect(errors[0] < 0.03 && errors[1] > 0.1 && errors[2] > 0.1, "seed \(seed)")
    let scores = try [1, 4, 0.25].map { try #require(calibration($0).brierScore) }
    #expect(scores[0] < scores[1] && scores[0] < scores[2], "seed \(seed)")
    #expect(calibration(1).accuracy == calibration(4).accuracy)
  }

  /// Wide bounds promise nothing, and so break no promise; bounds of no width are as wrong as the probabilities.
  @Test func widerBoundsPromiseLess() throws {
    let rewards = pairs(100, seed: 931).map { ($0.chosen.reward, $0.rejected.reward) }
    let errors = try [0, 0.5, 2, 50].map { half in
      try #require(calibration(rewards.map { (estimate($0, half), estimate($1, half)) }).expectedBoundError)
    }
    #expect(errors == errors.sorted(by: >))
    #expect(errors[3] < 1e-12)
  }

  @Test func onePairIsInTwoBins() {
    let found = calibration([(estimate(1, 0.1), estimate(0, 0.2))])
    let probability = sigmoid(1)
    #expect(found.bins.filter { $0.count > 0 }.map(\.start) == [0.2, 0.7])
    #expect(found.bins[7].observed == 1)
    #expect(found.accuracy == 1 && found.certainCount == 1 && found.certainRightCount == 1)
    for error in [found.expectedError, found.maximumError] {
      #expect(error.map { abs($0 - (1 - probability)) < 1e-15 } == true)
    }
    #expect(found.bins[0].end == 0.1 && found.bins[0].predicted == nil && found.bins[0].error == 0)
  }

  /// Equal rewards are wrong, and certain of nothing; edges belong to the bin that begins there.
  @Test func equalRewardsPredictNothing() {
    let found = calibration([(estimate(3), estimate(3))])
    #expect(found.accuracy == 0)
    #expect(found.brierScore == 0.25)
    #expect(found.certainCount == 0)
    #expect(found.bins[5].count == 2 && found.bins[5].observed == 0.5)
    #expect(found.expectedError == 0)
  }

  @Test func farMarginsReachBothEnds() {
    let found = calibration([(estimate(1e300), estimate(-1e300)), (estimate(-1e300), estimate(1e300))], binCount: 3)
    #expect(found.bins.map(\.count) == [2, 0, 2])
    #expect(found.brierScore == 0.5 && found.maximumError == 0.5)
  }

  @Test func withoutPairsThereIsNothingToSay() {
    let found = Calibration()
    let figures = [
      found.accuracy, found.brierScore, found.expectedError, found.maximumError, found.expectedBoundError,
      found.maximumBoundError,
    ]
    #expect(figures.allSatisfy { $0 == nil })
    #expect(found.bins.count == 10 && found.pairCount == 0)
  }

  private func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

  private func expect(_ found: Double?, _ expected: Double, _ seed: UInt64) throws {
    #expect(try abs(#require(found) - expected) <= 1e-12, "seed \(seed)")
  }
}

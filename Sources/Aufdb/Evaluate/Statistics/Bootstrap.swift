// How far a figure would move with other seeds and other test prompts: both are drawn again, with replacement.
//
// All figures of a report are computed from the same resamples, so that differences between methods keep what the
// methods share. A resample is a count for each seed and for each test prompt; draws are keyed by the resample's
// number, so that fewer resamples are a part of more.

import AufdbAcquisition
import AufdbReward

/// Resamples of seeds and of test prompts, as how often each is drawn.
struct Bootstrap: Sendable {
  let seedCount: Int
  let promptCount: Int
  let replicateCount: Int
  /// S x R: how often seed s is in resample r.
  private let seedWeights: Matrix<Double>
  /// P x R: how often test prompt p is in resample r.
  private let promptWeights: Matrix<Double>

  /// - Complexity: R (S + P) draws; 8 R (S + P) bytes.
  init(seedCount: Int, promptCount: Int, replicateCount: Int, seed: UInt64) {
    precondition(seedCount > 0 && promptCount > 0 && replicateCount >= 0, "nothing to draw from")
    self.seedCount = seedCount
    self.promptCount = promptCount
    self.replicateCount = replicateCount
    let key = RandomKey(seed: seed, purpose: "bootstrap")
    func weights(_ count: Int, round: UInt32) -> Matrix<Double> {
      var weights = Matrix<Double>(rowCount: count, columnCount: replicateCount)
      for replicate in 0..<replicateCount {
        var draws = key.prompt("\(replicate)").draws(round: round)
        for _ in 0..<count { weights[draws.below(count), replicate] += 1 }
      }
      return weights
    }
    seedWeights = weights(seedCount, round: 0)
    promptWeights = weights(promptCount, round: 1)
  }

  /// The mean over each resample's seeds of a figure that has one value a seed.
  func means(ofSeeds values: [Double]) -> [Double] {
    precondition(values.count == seedCount, "another number of values than seeds")
    return (0..<replicateCount).map { replicate in
      values.indices.reduce(0) { $0 + seedWeights[$1, replicate] * values[$1] } / Double(seedCount)
    }
  }

  /// For each resample, the sum over its seeds and test prompts, divided by the number of seeds.
  ///
  /// - Parameter values: S x P.
  /// - Complexity: S P R multiply-adds.
  func sums(_ values: Matrix<Double>) -> [Double] {
    precondition(values.rowCount == seedCount && values.columnCount == promptCount, "values of another shape")
    let bySeed = values.times(promptWeights)
    return (0..<replicateCount).map { replicate in
      (0..<seedCount).reduce(0) { $0 + seedWeights[$1, replicate] * bySeed[$1, replicate] } / Double(seedCount)
    }
  }

  /// For each resample, the sum over its test prompts of a number that doesn't depend on the seed.
  func sums(ofPrompts values: [Double]) -> [Double] {
    let row = Matrix(rowCount: 1, columnCount: promptCount, elements: values).times(promptWeights)
    return (0..<replicateCount).map { row[0, $0] }
  }
}

/// A range that covers 95 % of what resampling gives.
public struct Interval: Sendable, Equatable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// From the 2.5th to the 97.5th percentile, interpolated linearly between order statistics (type 7 of R. Hyndman
  /// and Y. Fan, "Sample Quantiles in Statistical Packages", 1996); nil for no numbers. None may be NaN.
  init?(percentilesOf values: [Double]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    func percentile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let lower = Int(place)
      let upper = min(lower + 1, sorted.count - 1)
      // Infinities have no differences.
      guard sorted[lower] != sorted[upper] else { return sorted[lower] }
      return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
    self.init(low: percentile(0.025), high: percentile(0.975))
  }
}

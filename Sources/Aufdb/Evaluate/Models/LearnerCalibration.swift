// Whether the active learner knows what it knows: its estimates of the test prompts' responses at the end of a replay,
// against all pairs of a test prompt's responses with different scores. What is counted stands in `Calibration`.

import AufdbReward

extension Calibration {
  /// - Throws: `.badData` for inputs that nothing can be computed from.
  init(of learner: LoopLearner, _ data: EvaluationData) throws {
    var estimates = RewardEstimates()
    let sizes = data.test.prompts.map(\.rows.count)
    try data.learnerInputs.rows(data.test.poolRows).withView {
      try learner.estimate($0, groupSizes: sizes, threadCount: 1, into: &estimates)
    }
    self.init(estimates, data.test)
  }

  init(_ estimates: RewardEstimates, _ test: TestSet) {
    self.init()
    func estimate(_ row: Int) -> Estimate {
      Estimate(
        reward: Double(estimates.rewards[row]), lower: Double(estimates.lower[row]),
        upper: Double(estimates.upper[row]))
    }
    for prompt in test.prompts {
      for one in prompt.rows {
        for other in prompt.rows where test.scores[one] > test.scores[other] {
          add(chosen: estimate(one), rejected: estimate(other))
        }
      }
    }
  }
}

/// How well a policy's learner was calibrated: means over seeds.
public struct CalibrationReport: Sendable, Equatable {
  public struct Bin: Sendable, Equatable {
    /// The share of all pairs, each in both orders.
    public let share: Double
    /// The mean of their probabilities, and the share that came true; nil for an empty bin.
    public let predicted: Double?
    public let observed: Double?
  }

  /// The share of pairs that the learner orders as the judge does.
  public let accuracy: Double
  /// ECE and MCE of its probabilities.
  public let expectedError: Double
  public let maximumError: Double
  public let brierScore: Double
  /// ECE of the lower ends of its intervals: how much less often than even these say, events come.
  public let expectedBoundError: Double
  /// The share of pairs whose bounds don't overlap; and of these, the share in the judge's order, nil where none is.
  public let certainShare: Double
  public let certainAccuracy: Double?
  /// Of equal widths, from 0 to 1.
  public let bins: [Bin]

  /// - Parameter seeds: one or more, each with pairs.
  init(meanOf seeds: [Calibration]) {
    func mean(_ value: (Calibration) -> Double?) -> Double {
      seeds.reduce(0) { $0 + (value($1) ?? 0) } / Double(seeds.count)
    }
    accuracy = mean(\.accuracy)
    expectedError = mean(\.expectedError)
    maximumError = mean(\.maximumError)
    brierScore = mean(\.brierScore)
    expectedBoundError = mean(\.expectedBoundError)
    certainShare = mean { $0.share($0.certainCount) }
    let certain = seeds.reduce(0) { $0 + $1.certainCount }
    certainAccuracy = certain == 0 ? nil : Double(seeds.reduce(0) { $0 + $1.certainRightCount }) / Double(certain)
    let all = seeds.map(\.bins)
    let total = Double(all.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } })
    bins = (all.first ?? []).indices.map { index in
      let count = Double(all.reduce(0) { $0 + $1[index].count })
      func mean(_ value: (Calibration.Bin) -> Double?) -> Double? {
        guard count > 0 else { return nil }
        return all.reduce(0) { $0 + (value($1[index]) ?? 0) * Double($1[index].count) } / count
      }
      return Bin(share: count / total, predicted: mean(\.predicted), observed: mean(\.observed))
    }
  }
}

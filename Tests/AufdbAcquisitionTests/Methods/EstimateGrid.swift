// All small prompts whose rewards and half widths lie on a grid, for methods that are checked by brute force.

import AufdbAcquisition

/// Lists of k responses, each a reward and the half width of its bounds.
enum EstimateGrid {
  /// Every list of `count` responses with rewards of `rewards` and half widths of `halfWidths`.
  static func prompts(count: Int, rewards: [Float], halfWidths: [Float]) -> [[Estimate]] {
    let single = rewards.flatMap { reward in halfWidths.map { Estimate(reward: reward, halfWidth: $0) } }
    return (0..<count).reduce([[]]) { lists, _ in lists.flatMap { list in single.map { list + [$0] } } }
  }
}

/// A reward in the middle of its bounds.
struct Estimate: CustomStringConvertible {
  let reward: Float
  let halfWidth: Float

  /// The reward as a double.
  var r: Double { Double(reward) }
  /// The half width as a double.
  var s: Double { Double(halfWidth) }

  var description: String { "\(reward)±\(halfWidth)" }
}

extension CandidateStorage {
  /// Candidates of estimates whose bounds are exact.
  init(_ estimates: [Estimate]) {
    self.init(
      rewards: estimates.map(\.reward), lower: estimates.map { $0.reward - $0.halfWidth },
      upper: estimates.map { $0.reward + $0.halfWidth })
  }

  /// The same responses in another order: response `order[n]` becomes the n-th.
  func permuted(_ order: [Int]) -> CandidateStorage {
    var permuted = CandidateStorage()
    permuted.count = count
    func rows<Number>(_ values: [Number]) -> [Number] {
      let width = values.count / max(count, 1)
      return order.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    permuted.rewards = rows(rewards)
    permuted.lower = rows(lower)
    permuted.upper = rows(upper)
    permuted.heads = rows(heads)
    permuted.features = rows(features)
    return permuted
  }

  /// The criterion's values, as `criterion` gives them for the prompt `promptID`.
  func criterion(
    by method: any SelectionMethod, seed: UInt64 = 42, promptID: String = "p1"
  ) throws(CandidatesError) -> PairCriterion {
    try withCandidates { (candidates) throws(CandidatesError) in
      method.criterion(candidates, random: method.randomKey(seed: seed).prompt(promptID))
    }
  }
}

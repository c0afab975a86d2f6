// Whether a reward model is as sure as it is right: the probabilities that it gives preferences, against labels.
//
// A pair's probability is p = sigma(r_chosen - r_rejected), and its interval goes from sigma(l_chosen - u_rejected) to
// sigma(u_chosen - l_rejected). The labels say that the chosen response is better, in all pairs alike: bins of such
// probabilities would have the observed share 1, and tell nothing. So each pair is looked at in both orders, as p with
// the outcome 1 and as 1 - p with the outcome 0. A reliability curve is therefore symmetric around (1/2, 1/2), and
// nothing depends on which response a pair calls first.
//
//   accuracy   the share of the pairs with r_chosen > r_rejected (the "win rate"); equal rewards are wrong
//   Brier      the mean of (p - outcome)^2, 1/4 for p = 1/2
//   ECE, MCE   the mean over all, and the maximum over bins, of |mean p - observed share| within a bin
//   bounds     the same two of max(0, mean lower end - observed share): by how much events come less often than even
//              the lower ends say. Upper ends mirror lower ones, and so have the same figures
//   certain    pairs whose interval is on one side of p = 1/2: the bounds of the two rewards don't overlap
//
// Source: rewarduq's metrics (its version 804279d), and C. Guo et al., "On Calibration of Modern Neural Networks",
// ICML 2017, arXiv 1706.04599, for ECE and MCE.

/// How well preferences are predicted, counted pair by pair.
public struct Calibration: Sendable, Equatable {
  /// What is believed of one response.
  public struct Estimate: Sendable, Equatable {
    public var reward: Double
    public var lower: Double
    public var upper: Double

    public init(reward: Double, lower: Double, upper: Double) {
      self.reward = reward
      self.lower = lower
      self.upper = upper
    }
  }

  /// Pairs whose probability, in one order or the other, lies in a part of 0...1.
  public struct Bin: Sendable, Equatable {
    /// Where the bin begins; its beginning belongs to it, and 1 to the last one.
    public var start: Double
    public var end: Double
    /// How many there are, each pair being two, one in each order.
    public var count: Int
    /// The mean of their probabilities; nil where there are none.
    public var predicted: Double?
    /// The share of them whose first response was chosen; nil where there are none.
    public var observed: Double?

    /// |`predicted` - `observed`|; 0 where there are none.
    public var error: Double { predicted.flatMap { predicted in observed.map { abs(predicted - $0) } } ?? 0 }
  }

  public private(set) var pairCount = 0
  /// Pairs of which the chosen response has the greater reward.
  public private(set) var rightCount = 0
  /// Pairs whose chosen response has a lower bound above the other's upper one.
  public private(set) var certainRightCount = 0
  /// Pairs whose rejected response has a lower bound above the other's upper one.
  public private(set) var certainWrongCount = 0

  private var squares = 0.0
  private var means: [Sums]
  private var lowerEnds: [Sums]

  private struct Sums: Sendable, Equatable {
    var count = 0
    var probabilities = 0.0
    var outcomes = 0
  }

  /// Makes the calibration of no pairs yet.
  /// - Parameter binCount: in how many parts of the same width 0...1 is cut; at least 1.
  public init(binCount: Int = 10) {
    precondition(binCount >= 1, "no bins")
    means = Array(repeating: Sums(), count: binCount)
    lowerEnds = means
  }

  /// Counts a pair in.
  /// - Precondition: none of the numbers is NaN.
  /// - Complexity: O(1).
  public mutating func add(chosen: Estimate, rejected: Estimate) {
    let probability = Self.probability(chosen.reward - rejected.reward)
    let interval = (
      Self.probability(chosen.lower - rejected.upper), Self.probability(chosen.upper - rejected.lower)
    )
    pairCount += 1
    rightCount += chosen.reward > rejected.reward ? 1 : 0
    certainRightCount += chosen.lower > rejected.upper ? 1 : 0
    certainWrongCount += chosen.upper < rejected.lower ? 1 : 0
    squares += (1 - probability) * (1 - probability)
    Self.count(probability, outcome: 1, in: &means)
    Self.count(1 - probability, outcome: 0, in: &means)
    Self.count(interval.0, outcome: 1, in: &lowerEnds)
    Self.count(1 - interval.1, outcome: 0, in: &lowerEnds)
  }

  private static func probability(_ difference: Double) -> Double {
    precondition(!difference.isNaN, "estimates that aren't numbers")
    return PortableMath.sigmoid(difference)
  }

  private static func count(_ probability: Double, outcome: Int, in bins: inout [Sums]) {
    var index = min(Int(probability * Double(bins.count)), bins.count - 1)
    // The product may have been rounded over an edge.
    if probability < edge(index, of: bins.count) { index -= 1 }
    if index + 1 < bins.count, probability >= edge(index + 1, of: bins.count) { index += 1 }
    bins[index].count += 1
    bins[index].probabilities += probability
    bins[index].outcomes += outcome
  }

  private static func edge(_ index: Int, of count: Int) -> Double { Double(index) / Double(count) }
}

// MARK: Figures

extension Calibration {
  /// The share of pairs of which the chosen response has the greater reward; nil without pairs.
  public var accuracy: Double? { pairCount > 0 ? share(rightCount) : nil }

  /// The mean squared error of the probabilities; nil without pairs.
  public var brierScore: Double? { pairCount > 0 ? squares / Double(pairCount) : nil }

  /// ECE; nil without pairs.
  public var expectedError: Double? { expected(bins.map(\.error), means) }

  /// MCE; nil without pairs.
  public var maximumError: Double? { pairCount > 0 ? bins.map(\.error).max() : nil }

  /// ECE of the lower ends of intervals; nil without pairs.
  public var expectedBoundError: Double? { expected(boundErrors, lowerEnds) }

  /// MCE of the lower ends of intervals; nil without pairs.
  public var maximumBoundError: Double? { pairCount > 0 ? boundErrors.max() : nil }

  /// Pairs whose interval of probabilities doesn't hold 1/2.
  public var certainCount: Int { certainRightCount + certainWrongCount }

  /// The bins of the reliability curve, from 0 to 1, empty ones too.
  public var bins: [Bin] {
    means.enumerated().map { index, sums in
      Bin(
        start: Self.edge(index, of: means.count), end: Self.edge(index + 1, of: means.count), count: sums.count,
        predicted: sums.count > 0 ? sums.probabilities / Double(sums.count) : nil,
        observed: sums.count > 0 ? Double(sums.outcomes) / Double(sums.count) : nil)
    }
  }

  /// A number of pairs as a part of them all, 0...1.
  public func share(_ count: Int) -> Double { Double(count) / Double(max(1, pairCount)) }

  private var boundErrors: [Double] {
    lowerEnds.map { $0.count > 0 ? max(0, ($0.probabilities - Double($0.outcomes)) / Double($0.count)) : 0 }
  }

  private func expected(_ errors: [Double], _ bins: [Sums]) -> Double? {
    guard pairCount > 0 else { return nil }
    return zip(errors, bins).reduce(0) { $0 + $1.0 * Double($1.1.count) } / Double(2 * pairCount)
  }
}

// Why a pair: what was believed of its two responses, what the method compared pairs by, and which pair came next.

/// The reasons for one pick, as numbers.
public struct Explanation: Sendable, Equatable {
  /// What was known of one response; nil for a column that the candidates don't have.
  public struct Known: Sendable, Equatable {
    public var reward: Float?
    public var lower: Float?
    public var upper: Float?
    public var score: Double?
    public var length: Int?
  }

  public var first: Known
  public var second: Known
  /// The formula of the value that pairs are compared by; nil where the method doesn't compare any.
  public var criterion: String?
  /// The pair's value; nil where it was chosen uniformly.
  public var value: Double?
  /// The pair of the next largest value, and that value; the other order of the same two responses isn't one.
  public var runnerUp: Pair?
  public var runnerUpValue: Double?
}

extension SelectionMethod {
  /// Explains a pair that `select` picked with the same candidates and random source.
  ///
  /// - Complexity: that of `criterion`, O(k^2) or so.
  public func explain(_ pair: Pair, _ candidates: Candidates, random: KeyedRandom) -> Explanation {
    let criterion = criterion(candidates, random: random)
    let value = criterion[pair]
    let runnerUp = value == nil ? nil : criterion.best(besides: [pair])
    return Explanation(
      first: candidates.known(of: pair.first), second: candidates.known(of: pair.second),
      criterion: Self.criterionFormula, value: value, runnerUp: runnerUp?.pair, runnerUpValue: runnerUp?.value)
  }
}

extension Candidates {
  fileprivate func known(of index: Int) -> Explanation.Known {
    Explanation.Known(
      reward: columns.contains(.rewards) ? rewards[index] : nil,
      lower: columns.contains(.lower) ? lower[index] : nil,
      upper: columns.contains(.upper) ? upper[index] : nil,
      score: columns.contains(.scores) ? scores[index] : nil,
      length: columns.contains(.textLengths) ? textLengths[index] : nil)
  }
}

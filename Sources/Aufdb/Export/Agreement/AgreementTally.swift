// Counts how judges agree on the pairs that an export aggregates.

/// How far the judges of an export agree.
public struct AgreementReport: Sendable, Equatable {
  /// Two judges, in the order of bytes.
  public struct Judges: Sendable, Equatable {
    public var first: String
    public var second: String
    /// On how many pairs both have a label.
    public var sharedCount: Int
    /// The share of these on which they say the same: the same response, or both a tie.
    public var raw: Double
    /// Cohen's kappa; nil where both say the same of every pair, so that chance can't be told from agreement.
    public var kappa: Double?
  }

  /// All judges that share a pair with each other, in the order of bytes.
  public var judges: [Judges]
  /// Krippendorff's alpha over all judges; nil where there is nothing to compare.
  public var alpha: Double?
  /// How many pairs have labels of two judges or more.
  public var pairCount: Int
}

/// The tally, pair by pair. Memory grows with the pairs of judges, and not with what they judge.
struct AgreementTally {
  private struct JudgePair: Hashable {
    var first: Int
    var second: Int
  }

  private var judges: [JudgePair: JudgePairAgreement] = [:]
  private var alpha = KrippendorffAlpha(categoryCount: Vote.Choice.allCases.count)
  private var counts = [0, 0, 0]

  /// Adds the labels of one pair.
  mutating func add(_ votes: [Vote]) {
    guard votes.count > 1 else { return }
    for category in counts.indices { counts[category] = 0 }
    for (index, vote) in votes.enumerated() {
      counts[vote.choice.rawValue] += 1
      for other in votes[..<index] {
        let (first, second) = other.judge < vote.judge ? (other, vote) : (vote, other)
        judges[
          JudgePair(first: first.judge, second: second.judge),
          default: JudgePairAgreement(categoryCount: counts.count)
        ].add(first.choice.rawValue, second.choice.rawValue)
      }
    }
    alpha.add(counts)
  }

  /// - Parameter names: the judges' names, in the order of bytes; a vote's judge is its place there.
  func report(_ names: [String]) -> AgreementReport {
    let pairs = judges.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
    return AgreementReport(
      judges: pairs.map { pair, agreement in
        AgreementReport.Judges(
          first: names[pair.first], second: names[pair.second], sharedCount: agreement.unitCount,
          raw: agreement.rawAgreement ?? 0, kappa: agreement.kappa)
      },
      alpha: alpha.value, pairCount: alpha.unitCount)
  }
}

// By which numbers a method ranks responses when it needs no uncertainty.

/// What "best" means to a static baseline: the reward model's rewards or a judge's scores.
public enum RankingSource: String, Sendable, Hashable, CaseIterable {
  case rewards
  case scores

  /// Rewards where the caller has them, scores otherwise.
  public static func preferred(among available: CandidateColumns) -> RankingSource {
    available.contains(.rewards) || !available.contains(.scores) ? .rewards : .scores
  }

  /// The column it stands for.
  var columns: CandidateColumns {
    switch self {
    case .rewards: .rewards
    case .scores: .scores
    }
  }

  /// The value of one response, as a double (exact for rewards).
  func value(of index: Int, in candidates: Candidates) -> Double {
    switch self {
    case .rewards: Double(candidates.rewards[index])
    case .scores: candidates.scores[index]
    }
  }
}

extension ParameterDefinition {
  /// `by`: what to rank by.
  static let rankingSource = ParameterDefinition(
    name: "by", summary: "rank by the reward model's rewards or by a judge's scores",
    kind: .word(RankingSource.allCases.map(\.rawValue)), defaultText: "rewards where given, otherwise scores")
}

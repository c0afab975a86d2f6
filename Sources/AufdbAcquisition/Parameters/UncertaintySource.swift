// Which description of the reward model's doubt a method works from.

/// Where the spread of a response's possible rewards is taken from.
public enum UncertaintySource: String, Sendable, Hashable, CaseIterable {
  /// An ensemble's heads: each one's rewards of all responses belong together.
  case heads
  /// Reward and bounds of each response, independent of the others.
  case estimates

  /// Heads where the caller has them, estimates otherwise.
  public static func preferred(among available: CandidateColumns) -> UncertaintySource {
    available.contains(.heads) ? .heads : .estimates
  }

  /// The columns it stands for.
  var columns: CandidateColumns {
    switch self {
    case .heads: .heads
    case .estimates: .estimates
    }
  }
}

extension ParameterDefinition {
  /// `from`: which description of doubt to work from.
  static let uncertaintySource = ParameterDefinition(
    name: "from", summary: "take the doubt from an ensemble's heads, or from estimates as independent Gaussians",
    kind: .word(UncertaintySource.allCases.map(\.rawValue)), defaultText: "heads where given, otherwise estimates")
}

// The kinds of numbers that candidates may carry: what a method needs, what a prompt has, what an error names.

/// A set of per-response columns.
public struct CandidateColumns: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The reward model's rewards.
  public static let rewards = CandidateColumns(rawValue: 1 << 0)
  /// The lower bounds of the rewards.
  public static let lower = CandidateColumns(rawValue: 1 << 1)
  /// The upper bounds of the rewards.
  public static let upper = CandidateColumns(rawValue: 1 << 2)
  /// A judge's scores.
  public static let scores = CandidateColumns(rawValue: 1 << 3)
  /// The lengths of the responses' texts.
  public static let textLengths = CandidateColumns(rawValue: 1 << 4)
  /// The names of the models that made the responses.
  public static let models = CandidateColumns(rawValue: 1 << 5)
  /// The rewards of an ensemble's single heads.
  public static let heads = CandidateColumns(rawValue: 1 << 6)
  /// Features of the responses: embeddings, or what was made of them.
  public static let features = CandidateColumns(rawValue: 1 << 7)

  /// Lower and upper bounds.
  public static let bounds: CandidateColumns = [.lower, .upper]
  /// All of an estimate: reward, lower and upper bound.
  public static let estimates: CandidateColumns = [.rewards, .lower, .upper]
}

extension CandidateColumns: CustomStringConvertible {
  private static let named: [(CandidateColumns, String)] = [
    (.rewards, "rewards"), (.lower, "lower"), (.upper, "upper"), (.scores, "scores"), (.textLengths, "text lengths"),
    (.models, "models"), (.heads, "heads"), (.features, "features"),
  ]

  /// The names of the single columns in the set, in a fixed order.
  public var names: [String] {
    Self.named.filter { contains($0.0) }.map(\.1)
  }

  /// Such as "rewards, lower, upper", or "nothing" for the empty set.
  public var description: String {
    isEmpty ? "nothing" : names.joined(separator: ", ")
  }
}

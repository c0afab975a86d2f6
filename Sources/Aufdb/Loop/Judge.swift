// Who labels pairs, and how a judge is named on the command line.

/// Who labels.
public enum Judge: Sendable, Equatable {
  /// The scores that a judge gave each response on its own: the higher one is chosen, equal ones are a tie.
  case scores(judge: String)
  /// Either of the two with probability one half, by the seed and the pair alone.
  case random(seed: UInt64)

  /// The name that its labels bear.
  public var name: String {
    switch self {
    case .scores(let judge): judge
    case .random: "random"
    }
  }

  /// Reads "scores:NAME" or "random".
  ///
  /// - Throws: `.usage` for anything else.
  public init(_ text: String, seed: UInt64) throws(AufdbError) {
    if text == "random" {
      self = .random(seed: seed)
    } else if text.hasPrefix("scores:"), text.utf8.count > 7 {
      self = .scores(judge: String(text.dropFirst(7)))
    } else {
      throw AufdbError(.usage, "there is no judge '\(text)'", hint: "judges: scores:NAME, random")
    }
  }
}

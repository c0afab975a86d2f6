// What becomes of one prompt: a pair, or a reason to count it as skipped.

/// The result of asking a method about one prompt whose data are sound.
public enum SelectionOutcome: Sendable, Hashable {
  /// The pair to annotate.
  case pair(Pair)
  /// No pair can be had, through nobody's mistake; the caller counts these and goes on.
  case skipped(SkipReason)
}

/// Why a prompt yields no pair.
public enum SkipReason: String, Sendable, Hashable, CaseIterable {
  /// It has no response or only one.
  case tooFewResponses = "fewer than two responses"
  /// It has no response of a model that the method asks for.
  case lacksModel = "no response of a model asked for"
}

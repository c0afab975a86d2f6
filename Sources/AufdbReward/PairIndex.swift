// Pairs as heads see them.

/// A pair of responses, of which one was preferred: rows of a matrix of inputs.
public struct PairIndex: Sendable, Hashable {
  public let chosen: Int
  public let rejected: Int

  public init(chosen: Int, rejected: Int) {
    self.chosen = chosen
    self.rejected = rejected
  }
}

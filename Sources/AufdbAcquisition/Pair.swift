// What a method answers: which two of a prompt's responses to compare.

/// An ordered pair of two different responses of one prompt, by their index among the candidates.
///
/// Where the method has a guess of which is better, that one comes first.
public struct Pair: Sendable, Hashable {
  public let first: Int
  public let second: Int

  /// - Precondition: `first` and `second` differ; nobody can prefer a response to itself.
  public init(first: Int, second: Int) {
    precondition(first != second, "a pair of a response with itself")
    self.first = first
    self.second = second
  }

  /// Whether the other pair is of the same two responses, in either order.
  public func isOfSameResponses(as other: Pair) -> Bool {
    (first == other.first && second == other.second) || (first == other.second && second == other.first)
  }
}

// What can be wrong with embeddings. The caller knows the prompt and the responses, and adds their names.

/// Embeddings that nothing can be computed from; rows and columns are counted from 0, a row being a response.
public enum EmbeddingError: Error, Sendable, Hashable {
  /// A NaN, an infinity, or a number so large that sums of squares would overflow, written as in `value`.
  case outOfRange(row: Int, column: Int, value: String)
  /// No prompt has two responses or more, so that there are no differences to learn from.
  case noCandidates
  /// The embeddings differ, but by so little that squares of the differences vanish.
  case tooSmall
}

extension EmbeddingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfRange(let row, let column, let value):
      "embedding[\(row)][\(column)] is \(value), not a finite number of moderate size"
    case .noCandidates:
      "no prompt has two responses with embeddings"
    case .tooSmall:
      "the embeddings of a prompt's responses hardly differ: their squared distances vanish"
    }
  }

  /// What to do about it, in one line.
  public var hint: String {
    switch self {
    case .outOfRange: "numbers must be finite and at most 2.8e17 in magnitude: encode the response again"
    case .noCandidates: "a prior needs prompts with two embedded responses or more: embed more responses"
    case .tooSmall: "multiply the embeddings with a constant that brings them near 1"
    }
  }
}

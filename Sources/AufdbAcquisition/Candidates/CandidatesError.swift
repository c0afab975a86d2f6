// What can be wrong with one prompt's numbers. The caller knows the prompt and the responses, and adds their names.

/// Candidates that no method may be asked about; indices count the prompt's responses from 0.
public enum CandidatesError: Error, Sendable, Hashable {
  /// A NaN or an infinity, written as in `value`: it would otherwise count as the largest or get lost in comparisons.
  case notFinite(column: CandidateColumns, index: Int, value: String)
  /// A column that is neither empty nor as long as there are responses.
  case lengthMismatch(column: CandidateColumns, length: Int, responseCount: Int)
  /// A lower bound above its upper bound.
  case reversedBounds(index: Int, lower: Float, upper: Float)
  /// Columns that the method needs and the candidates don't have.
  case missing(columns: CandidateColumns, method: String)
}

extension CandidatesError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let column, let index, let value):
      "\(column)[\(index)] is \(value), not a finite number"
    case .lengthMismatch(let column, let length, let responseCount):
      "\(column) has \(length) values for \(responseCount) responses"
    case .reversedBounds(let index, let lower, let upper):
      "lower[\(index)] = \(lower) is above upper[\(index)] = \(upper)"
    case .missing(let columns, let method):
      "the method \(method) needs \(columns), which this prompt doesn't have"
    }
  }
}

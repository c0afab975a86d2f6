// Why a linear head can't be fitted. The caller knows the prompts and responses, and adds their names.

/// What can be wrong with what a linear head is fitted to; rows are counted from 0.
public enum LinearFitError: Error, Sendable, Hashable {
  /// An input that nothing can be computed from.
  case input(EmbeddingError)
  /// A score outside of 0...1, or NaN, written as in `value`; `index` counts the scores.
  case scoreOutOfRange(index: Int, value: String)
  /// The inputs are so large beside the ridge that rounding errors outweigh it.
  case illConditioned
  /// Newton's method didn't get near enough to the optimum.
  case notConverging(stepCount: Int)
}

extension LinearFitError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .input(let error): error.description
    case .scoreOutOfRange(let index, let value): "score[\(index)] is \(value), not a number from 0 to 1"
    case .illConditioned: "the inputs are too large beside the ridge: rounding errors outweigh it"
    case .notConverging(let stepCount): "the fit isn't at its optimum after \(stepCount) steps"
    }
  }

  /// What to do about it, in one line.
  public var hint: String {
    switch self {
    case .input(let error): error.hint
    case .scoreOutOfRange: "map the judge's scale to 0...1 first"
    case .illConditioned, .notConverging: "scale the inputs so that their rows have lengths near 1, or raise the ridge"
    }
  }
}

// The keys that a line of the filter's input may have, and the columns that they stand for.

import AufdbAcquisition

/// A key that the filter knows, in the order in which errors name them.
enum FilterKey: String, CaseIterable {
  case promptID = "prompt_id"
  case rewards, lower, upper, scores, lengths, responses, models, heads, features

  /// nil for a key that the filter doesn't know.
  @inline(__always)
  init?(_ key: JSONKey) {
    switch key {
    case "prompt_id": self = .promptID
    case "rewards": self = .rewards
    case "lower": self = .lower
    case "upper": self = .upper
    case "scores": self = .scores
    case "lengths": self = .lengths
    case "responses": self = .responses
    case "models": self = .models
    case "heads": self = .heads
    case "features": self = .features
    default: return nil
    }
  }

  /// The column that it fills; none for the prompt's id.
  var column: CandidateColumns {
    switch self {
    case .promptID: []
    case .rewards: .rewards
    case .lower: .lower
    case .upper: .upper
    case .scores: .scores
    case .lengths, .responses: .textLengths
    case .models: .models
    case .heads: .heads
    case .features: .features
    }
  }
}

extension CandidateColumns {
  /// Every column that a line may have.
  static let all = FilterKey.allCases.reduce(into: CandidateColumns()) { $0.formUnion($1.column) }

  /// What an explanation shows of a response.
  static let explained: CandidateColumns = [.rewards, .lower, .upper, .scores, .textLengths]
}

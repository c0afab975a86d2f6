// Who collects labels in a replay: a selection method, or one of the plain baselines that are no methods.

import AufdbAcquisition

/// A way to collect labels.
enum ReplayPolicy: Sendable {
  /// One pair of each prompt, by a selection method.
  case method(any SelectionMethod)
  /// So many random responses of each prompt are judged, and all pairs among them known.
  case allPairs(responseCount: Int)
  /// Random pairs first, then the widest gap of the pointwise head, refitted all the time.
  case range

  var name: String {
    switch self {
    case .method(let method): method.name
    case .allPairs(let count): "random-\(count)"
    case .range: "range"
    }
  }

  /// What it is, for those who read a report.
  var summary: String {
    switch self {
    case .method(let method): method.summary
    case .allPairs(let count): "\(count) random responses of a prompt are judged, and all pairs among them known"
    case .range: "a few random pairs, then the widest gap of the pointwise PCA-prior head, refitted all the time"
    }
  }

  /// Whether it asks the active learner.
  var usesLearner: Bool {
    guard case .method(let method) = self else { return false }
    return !method.needs.isDisjoint(with: CandidateColumns.estimates.union(.heads))
  }
}

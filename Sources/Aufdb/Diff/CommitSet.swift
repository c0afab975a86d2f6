// Sets of commits, written into SQL as they are.
//
// A query runs where nothing may be made, not even a TEMP table; so what it needs to know of history stands in its SQL.
// Commits that follow each other in number make one run, and a history without branches is one.

/// Some commits, by their numbers.
struct CommitSet {
  /// Disjoint and ascending, as long as they can be.
  let runs: [ClosedRange<Int64>]

  /// - Parameter commits: in any order.
  init(_ commits: some Sequence<Int64>) {
    var runs: [ClosedRange<Int64>] = []
    for commit in commits.sorted() where runs.last?.contains(commit) != true { runs.appendRun(commit...commit) }
    self.runs = runs
  }

  /// What to select from to get the runs: column1 is the first commit of each, column2 the last.
  var table: String {
    if runs.isEmpty { return "(SELECT 0 AS column1, 0 AS column2 WHERE 0)" }
    return "(VALUES \(runs.map { "(\($0.lowerBound), \($0.upperBound))" }.joined(separator: ", ")))"
  }

  /// A condition that holds for a commit's number if it is in the set. The expression is evaluated once.
  func contains(_ commit: String) -> String {
    switch runs.count {
    case 0: "0"
    case 1: "\(commit) BETWEEN \(runs[0].lowerBound) AND \(runs[0].upperBound)"
    default: "\(commit) IN (\(runs.joined().map(String.init).joined(separator: ", ")))"
    }
  }
}

// The order in which history bore the labels that a revision sees: commit by commit in an order that history alone
// decides, and within a commit as it bore them. Ids don't give it: each branch has a lane of its own.

/// Numbers the labels of a revision from 0, in the order of their birth. Labels that a later commit retired have numbers
/// too.
struct BirthOrder {
  /// Runs of ids, in the order of birth.
  let runs: [ClosedRange<Int64>]
  /// How many numbers there are.
  let count: Int
  /// The same runs by id, each with the number of its first one.
  private let byID: [(ids: ClosedRange<Int64>, position: Int)]

  init(_ runs: [ClosedRange<Int64>]) {
    self.runs = runs
    var count = 0
    byID = runs.map { run in
      defer { count += run.count }
      return (run, count)
    }.sorted { $0.ids.lowerBound < $1.ids.lowerBound }
    self.count = count
  }

  /// The label's number.
  ///
  /// - Parameter id: of a label that the revision sees.
  /// - Complexity: O(log runs).
  func position(of id: Int64) -> Int {
    var (low, high) = (0, byID.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if byID[middle].ids.lowerBound <= id { low = middle } else { high = middle - 1 }
    }
    return byID[low].position + Int(id - byID[low].ids.lowerBound)
  }
}

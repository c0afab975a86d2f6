// Which row of the new store a row of the damaged one became.

/// By runs of ids that stayed side by side.
struct RowMap {
  private struct Run {
    let old: ClosedRange<Int64>
    let new: Int64
    let commit: Int64
  }

  private var runs: [Run] = []
  private var isSorted = true

  /// Notes that the row `old` became `new`, born by a commit of the new store.
  mutating func add(_ old: Int64, _ new: Int64, bornBy commit: Int64) {
    if let last = runs.last, last.commit == commit, last.old.upperBound + 1 == old,
      last.new + Int64(last.old.count) == new
    {
      runs[runs.count - 1] = Run(old: last.old.lowerBound...old, new: last.new, commit: commit)
      return
    }
    if let last = runs.last, last.old.upperBound >= old { isSorted = false }
    runs.append(Run(old: old...old, new: new, commit: commit))
  }

  /// The row's number in the new store, and the commit that bore it; nil for a row that isn't there.
  ///
  /// - Complexity: O(log n) in the number of runs, and a sort after rows were added out of order.
  mutating func find(_ old: Int64) -> (id: Int64, commit: Int64)? {
    if !isSorted {
      runs.sort { $0.old.lowerBound < $1.old.lowerBound }
      isSorted = true
    }
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].old.upperBound < old { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].old.contains(old) else { return nil }
    return (runs[low].new + old - runs[low].old.lowerBound, runs[low].commit)
  }
}

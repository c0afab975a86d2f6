// Where two commits' histories part: the ancestors that only one of them has.

/// The ancestors, themselves included, of two commits: those of one only, and the newest that both have.
struct Divergence {
  /// Numbers of commits, descending.
  var onlyFirst: [Int64] = []
  private(set) var onlySecond: [Int64] = []
  /// The common ancestors that are no ancestors of another common one, descending: the merge bases. Empty for
  /// histories that have nothing in common.
  private(set) var bases: [Int64] = []

  /// - Complexity: linear in the number of commits since the merge base.
  init(_ first: Int64, _ second: Int64, in connection: Connection) throws {
    // Parents have smaller numbers than their children. So, going downwards, a commit is met when all its descendants
    // have said what they know of it. When only common ones are left to be met, and one of them can't descend from
    // another, nothing new can come.
    var pending: [Int64: Marks] = [:]
    pending[first, default: []].insert(.first)
    pending[second, default: []].insert(.second)
    let edges = try connection.statement(
      "SELECT commit_seq, parent_seq FROM commit_parent WHERE commit_seq <= ?1 ORDER BY commit_seq DESC")
    edges.bind(1, max(first, second))
    var current: (commit: Int64, marks: Marks)?
    func isOpen() -> Bool {
      pending.contains { !$0.value.isCommon || (pending.count > 1 && !$0.value.contains(.base)) }
    }
    while try edges.step() {
      let (commit, parent) = (edges.integer(0), edges.integer(1))
      if current?.commit != commit {
        guard isOpen() else { break }
        current = pending.removeValue(forKey: commit).map { (commit, $0) }
        if let current { meet(current.commit, current.marks) }
      }
      guard let current else { continue }
      pending[parent, default: []].formUnion(current.marks.isCommon ? [.first, .second, .base] : current.marks)
    }
    // What is left has no parents, or is common.
    for (commit, marks) in pending.sorted(by: { $0.key > $1.key }) { meet(commit, marks) }
  }

  private struct Marks: OptionSet {
    let rawValue: Int
    static let first = Marks(rawValue: 1)
    static let second = Marks(rawValue: 2)
    /// Some common commit descends from it.
    static let base = Marks(rawValue: 4)
    var isCommon: Bool { contains([.first, .second]) }
  }

  private mutating func meet(_ commit: Int64, _ marks: Marks) {
    if marks.isCommon {
      if !marks.contains(.base) { bases.append(commit) }
    } else if marks.contains(.first) {
      onlyFirst.append(commit)
    } else {
      onlySecond.append(commit)
    }
  }
}

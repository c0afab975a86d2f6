// The ancestors of a commit, and the order of their rows that history alone decides.

extension Connection {
  /// The numbers of a commit and all its ancestors, ascending.
  ///
  /// - Complexity: linear in the number of commits up to this one.
  func ancestors(of commit: Int64) throws -> [Int64] {
    // Parents have smaller numbers than their children, so one pass downwards meets every ancestor after its children.
    let edges = try statement(
      "SELECT commit_seq, parent_seq FROM commit_parent WHERE commit_seq <= ?1 ORDER BY commit_seq DESC")
    edges.bind(1, commit)
    var found: Set<Int64> = [commit]
    while try edges.step() {
      if found.contains(edges.integer(0)) { found.insert(edges.integer(1)) }
    }
    return found.sorted()
  }

  /// The numbers of a commit and all its ancestors, parents before children, in an order that is the same in every
  /// store: of the commits whose parents have all been named, the one with the smallest id comes next.
  ///
  /// - Complexity: O(n log n) for a history with merges, otherwise linear, in their number.
  func ancestorsInOrder(of commit: Int64) throws -> [Int64] {
    let parents = try parents(upTo: commit)
    // Without merges there is only one order, and the numbers have it.
    guard parents.values.contains(where: { $0.count > 1 }) else { return parents.keys.sorted() }
    let ids = try statement("SELECT id FROM commit_log WHERE seq = ?1")
    var waiting: [(id: [UInt8], commit: Int64)] = []
    func add(_ commit: Int64) throws {
      ids.bind(1, commit)
      defer { ids.reset() }
      guard try ids.step() else { throw AufdbError(.badData, "the store is damaged: a commit is missing") }
      let id = Array(ids.bytes(0))
      // Descending, so that the smallest is the last.
      let place = waiting.firstIndex { $0.id.lexicographicallyPrecedes(id) } ?? waiting.endIndex
      waiting.insert((id, commit), at: place)
    }
    var missing = parents.mapValues(\.count)
    var children: [Int64: [Int64]] = [:]
    for (child, itsParents) in parents {
      for parent in itsParents { children[parent, default: []].append(child) }
      if itsParents.isEmpty { try add(child) }
    }
    var order: [Int64] = []
    while let next = waiting.popLast()?.commit {
      order.append(next)
      for child in children[next] ?? [] {
        missing[child, default: 0] -= 1
        if missing[child] == 0 { try add(child) }
      }
    }
    return order
  }

  /// The runs of row ids that a commit and its ancestors bore in a relation, in the order of `ancestorsInOrder`.
  func runs(_ relation: Relation, upTo commit: Int64) throws -> [ClosedRange<Int64>] {
    let statement = try statement(
      "SELECT first_id, last_id FROM commit_change WHERE commit_seq = ?1 AND relation = ?2 AND first_id <= last_id")
    statement.bind(2, Int64(relation.rawValue))
    var runs: [ClosedRange<Int64>] = []
    for ancestor in try ancestorsInOrder(of: commit) {
      statement.bind(1, ancestor)
      defer { statement.reset() }
      guard try statement.step() else { continue }
      let run = statement.integer(0)...statement.integer(1)
      if let last = runs.last, run.lowerBound > 1, last.upperBound == run.lowerBound - 1 {
        runs[runs.count - 1] = last.lowerBound...run.upperBound
      } else {
        runs.append(run)
      }
    }
    return runs
  }

  /// The parents of a commit and of all its ancestors.
  private func parents(upTo commit: Int64) throws -> [Int64: [Int64]] {
    let statement = try statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1 ORDER BY position")
    var parents: [Int64: [Int64]] = [:]
    var waiting = [commit]
    while let next = waiting.popLast() {
      guard parents[next] == nil else { continue }
      statement.bind(1, next)
      var itsParents: [Int64] = []
      while try statement.step() { itsParents.append(statement.integer(0)) }
      statement.reset()
      parents[next] = itsParents
      waiting += itsParents
    }
    return parents
  }
}

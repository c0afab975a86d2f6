// Where the row ids of commits that arrive come from: each branch has a lane of its own (Store/Lane.swift).

extension Connection {
  /// Gives each new commit the lane of the branch that it was made on, as far as history shows: the first parents of a
  /// branch's tip are its own commits, and what it merged comes after those of every branch.
  ///
  /// - Parameters:
  ///   - parents: of each new commit.
  ///   - branches: where a commit could be of several, it is the first one's.
  func lanes(of parents: [Int64: [Int64]], on branches: [ArrivingBranch]) throws -> [Int64: Lane] {
    var lanes: [Int64: Lane] = [:]
    for branch in branches {
      var next: Int64? = branch.tip
      while let commit = next, let own = parents[commit], lanes[commit] == nil {
        lanes[commit] = branch.lane
        next = own.first
      }
    }
    for branch in branches {
      var (waiting, met) = ([branch.tip], Set<Int64>())
      while let commit = waiting.popLast() {
        guard let parents = parents[commit], met.insert(commit).inserted else { continue }
        if lanes[commit] == nil { lanes[commit] = branch.lane }
        waiting += parents
      }
    }
    let rest = parents.keys.filter { lanes[$0] == nil }
    guard !rest.isEmpty else { return lanes }
    // Only tags descend from these.
    let lane = try takeLane()
    for commit in rest { lanes[commit] = lane }
    return lanes
  }
}

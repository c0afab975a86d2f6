// Going through history, the newest commit first, without reading more of it than is asked for.
//
// A commit's number is larger than its parents'. So of the commits that are known but not visited yet, the one with the
// largest number can be nobody's ancestor, and comes next: children come before their parents, on every path.

/// A walk over some commits and all their ancestors, by descending number.
struct CommitWalk {
  /// Those still to visit, ascending, each once: as many as there are lines of history side by side.
  private var waiting: [Int64]
  private let parents: SQLStatement

  init(from commits: [Int64], in connection: Connection) throws {
    waiting = Set(commits).sorted()
    parents = try connection.statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1")
  }

  /// The number of the next commit; nil after the last.
  mutating func next() throws -> Int64? {
    guard let commit = waiting.popLast() else { return nil }
    try parents.forEach(.integer(commit)) { row in
      let parent = row.integer(0)
      guard parent < commit else { throw Connection.missing(commit) }
      add(parent)
    }
    return commit
  }

  private mutating func add(_ commit: Int64) {
    // A parent is nearly as new as its child, so its place is near the end, and so is all that has to move.
    let place = (waiting.lastIndex { $0 <= commit } ?? -1) + 1
    if place > 0, waiting[place - 1] == commit { return }
    waiting.insert(commit, at: place)
  }
}

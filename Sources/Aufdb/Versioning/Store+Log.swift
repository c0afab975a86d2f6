// The log: the commits of a store's history, the newest first.
//
// "Newest" is the order of arrival in this file, in which no commit comes before its parents. The times that commits bear
// are their makers' own, and decide nothing but what the filters let through.

/// A commit of the log, and the branches and tags that are at it.
public struct LogEntry: Sendable, Equatable {
  public var commit: Commit
  /// The current branch first, then the other branches, then the tags, each by name.
  public var refs: [Ref]
}

extension Store {
  /// Lends the commits that `options` choose to `body`, one by one: the newest first, and children before their parents.
  ///
  /// It reads no further than the last commit that it lends, and holds none of them.
  ///
  /// - Parameter passedOver: is lent each commit that comes by and that a filter leaves out, in the same order.
  /// - Throws: `.refused` for an unknown revision, `.usage` for filters that contradict each other; whatever the closures
  ///   throw.
  public func log(
    _ options: LogOptions, passedOver: ((Commit) throws -> Void)? = nil, _ body: (LogEntry) throws -> Void
  ) throws {
    try options.check()
    try read { connection in
      var tips: [Int64] = []
      if options.isAll { tips = try connection.all("SELECT commit_seq FROM ref") { $0.integer(0) } }
      if !options.isAll || options.revision != nil { tips.append(try connection.resolve(options.revision ?? .head)) }
      var rest = max(0, options.limit ?? .max)
      guard rest > 0 else { return }
      let refs = try connection.refsByCommit()
      let reader = try CommitReader(connection)
      var walk = try CommitWalk(from: tips, in: connection)
      while rest > 0, let sequence = try walk.next() {
        let commit = try reader.commit(sequence)
        if options.shows(commit) {
          rest -= 1
          try body(LogEntry(commit: commit, refs: refs[sequence] ?? []))
        } else {
          try passedOver?(commit)
        }
      }
    }
  }

  /// The commits that `revision` descends from, itself first, then the newest first.
  ///
  /// - Parameters:
  ///   - revision: nil for the head of the current branch.
  ///   - limit: at most so many; nil for all.
  /// - Complexity: linear in the number of commits that it gives.
  public func log(_ revision: Revision? = nil, limit: Int? = nil) throws -> [Commit] {
    var commits: [Commit] = []
    try log(LogOptions(revision: revision, limit: limit)) { commits.append($0.commit) }
    return commits
  }
}

extension Connection {
  /// All branches and tags by the number of the commit that they are at, in the order of `LogEntry.refs`.
  fileprivate func refsByCommit() throws -> [Int64: [Ref]] {
    let current = try currentBranch()
    var refs: [Int64: [Ref]] = [:]
    try statement(
      """
      SELECT r.commit_seq, r.name, r.kind, c.id FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq
      ORDER BY r.kind, r.kind = 'branch' AND r.name = ?1 DESC, r.name
      """
    ).forEach(.text(current)) { row in
      guard let kind = Ref.Kind(rawValue: row.string(2)) else { return }
      let name = row.string(1)
      refs[row.integer(0), default: []].append(
        Ref(
          name: name, kind: kind, commit: CommitID(row.bytes(3)), isCurrent: kind == .branch && name == current))
    }
    return refs
  }
}

// Pruning: row versions that nobody asks for any more go, and history says so.
//
// What is kept: the tip of every branch, every tag, and the newest commits of each branch, as many as were asked for. A
// row version goes if none of these commits sees it. So whatever a kept commit shows stays as it was, byte by byte.
//
// The commits themselves stay in commit_log for ever, and so does every commit id: an id covers the digest of what a
// commit did, not its rows, and can be checked without them. What history notes of the rows that went:
//   commit_log.pruned               1 for a commit that saw one of them: nobody may read it any more
//   commit_change.kept_digest       of such a commit: born(R) of CommitBytes.swift over the rows that are left
//   commit_change.retired_digest    of a commit that retired one of them: retired(R), which can't be computed any more
// Before rows go, the commits that they leave unable to prove themselves are checked once more against their change
// digests, so that pruning can't cover up what a hand changed.
//
// Pruning makes no commit, because it changes nothing that a kept revision shows. It is one transaction; compacting
// the file comes after it, and may fail by itself. Row ids and places of the past aren't used again, so runs of both
// stay.

extension Store {
  /// Drops the row versions that no kept commit sees.
  ///
  /// - Parameter progress: called now and then with how many past row versions were looked at, of how many.
  /// - Returns: what was dropped; nothing, and then nothing was changed, where all is kept.
  /// - Throws: `.usage` for less than one commit to keep; `.badData` where the store is damaged, and nothing is dropped.
  /// - Complexity: linear in what became past and in what is dropped, not in what is live. Memory grows with the number
  ///   of commits only.
  @discardableResult
  public func prune(
    _ options: PruneOptions, progress: ((_ rows: Int, _ of: Int) -> Void)? = nil
  ) throws -> PruneReport {
    guard options.keepCount >= 1 else {
      throw AufdbError(.usage, "at least one commit of each branch is kept", hint: "for example --keep 10")
    }
    if options.isDryRun {
      return try read { try PrunePlan(keepCount: options.keepCount, in: $0, progress: progress).report }
    }
    let before = try withConnection { try $0.fileSizes() }
    var report = try write { connection in
      let plan = try PrunePlan(keepCount: options.keepCount, in: connection, progress: progress)
      if !plan.report.isEmpty { try plan.apply() }
      return plan.report
    } keep: {
      !$0.isEmpty
    }
    guard !report.isEmpty else { return report }
    try withConnection { connection in
      if options.compacts { report.compactionFailure = try connection.compact() }
      if let before, let after = try connection.fileSizes() {
        report.fileBytes = PruneReport.FileBytes(before: before.file + before.log, after: after.file + after.log)
      }
    }
    return report
  }
}

extension Connection {
  /// The commits that pruning keeps: the tips of branches, the tags, and the newest `count` of each branch.
  func keptCommits(_ count: Int) throws -> Set<Int64> {
    let refs = try all("SELECT kind, commit_seq FROM ref") { ($0.string(0), $0.integer(1)) }
    var kept = Set(refs.map(\.1))
    for (kind, tip) in refs where kind == "branch" { kept.formUnion(try ancestors(of: tip).suffix(count)) }
    return kept
  }

  /// - Throws: `.refused` for a commit that saw rows which were pruned: what it shows can't be known any more.
  func requireWhole(_ commit: Int64) throws {
    let pruned = try first("SELECT id FROM commit_log WHERE seq = ?1 AND pruned <> 0", .integer(commit)) {
      CommitID($0.bytes(0))
    }
    guard let pruned else { return }
    throw AufdbError(.refused, "commit \(pruned.short) was pruned: some of its rows are gone", hint: try wholeHint())
  }

  /// The oldest commit of the current branch from which on none is pruned.
  private func wholeHint() throws -> String? {
    let branch = try currentBranch()
    let statement = try statement("SELECT id, pruned FROM commit_log WHERE seq = ?1")
    var oldest: CommitID?
    for commit in try ancestors(of: resolve(.head)).reversed() {
      statement.bind(1, commit)
      defer { statement.reset() }
      guard try statement.step(), statement.integer(1) == 0 else { break }
      oldest = CommitID(statement.bytes(0))
    }
    return oldest.map { "the oldest commit of '\(branch)' that is kept is \($0.short)" }
  }
}

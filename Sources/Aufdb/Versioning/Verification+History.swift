// Verifying history: every commit's digest and id computed anew, and the graph of commits, branches and tags.

extension Verification {
  mutating func checkCommits(progress: ((Int, Int) -> Void)?) throws {
    let sequences = try connection.all("SELECT seq FROM commit_log ORDER BY seq") { $0.integer(0) }
    for (index, sequence) in sequences.enumerated() {
      try checkCommit(sequence)
      report.commitCount += 1
      progress?(index + 1, sequences.count)
    }
  }

  private mutating func checkCommit(_ sequence: Int64) throws {
    let commit = try connection.commit(sequence)
    let rows = try connection.commitRows(sequence)
    let digests = try CommitDigests(connection: connection, sequence: sequence).digests()
    for digest in digests {
      report.rowCount += digest.bornCount
      bornCounts[digest.relation, default: 0] += Int64(digest.bornCount)
    }
    let id = CommitID(
      parents: commit.parents, author: commit.author, milliseconds: commit.milliseconds, message: commit.message,
      operation: commit.operation, changeDigest: commit.changeDigest)
    if id != commit.id { problem("commit \(commit.id.short): its content gives the id \(id.short)") }
    let isPruned = try connection.integer("SELECT pruned FROM commit_log WHERE seq = ?1", .integer(sequence)) != 0
    guard !isPruned else {
      report.prunedCount += 1
      // What it was can't be computed any more; what it left can.
      for (rows, digest) in zip(rows, digests) {
        if digest.bornCount < rows.addedCount { prunedRowCommits.insert(sequence) }
        if rows.keptDigest != digest.born {
          problem("commit \(commit.id.short): its \(rows.relation.name) are not those that pruning left")
        }
      }
      // Only a commit that saw a row that is gone counts as pruned.
      if try prunedRowCommits.isDisjoint(with: connection.ancestors(of: sequence)) {
        problem("commit \(commit.id.short): it is noted as pruned, and nothing of it is missing")
      }
      return
    }
    let recorded = commit.changes.map { "\($0.relation.name) +\($0.added) -\($0.retired)" }
    let counted = digests.map { "\($0.relation.name) +\($0.bornCount) -\($0.retiredCount)" }
    if recorded != counted {
      problem("commit \(commit.id.short): it recorded \(recorded), and there are \(counted)")
    } else if RelationDigest.changeDigest(digests) != commit.changeDigest {
      problem("commit \(commit.id.short): its rows are not those that it recorded")
    }
    let isRoot =
      try connection.integer(
        """
        SELECT count(*) FROM commit_parent AS e JOIN commit_log AS p ON p.seq = e.parent_seq
        WHERE e.commit_seq = ?1 AND p.pruned <> 0
        """, .integer(sequence)) > 0
    if rows.contains(where: { $0.keptDigest != nil || ($0.retiredDigest != nil && !isRoot) }) {
      problem("commit \(commit.id.short): it has what only pruning leaves")
    }
  }

  /// Values whose storage class was changed hash as before, and read as something else.
  private mutating func checkTypes() throws {
    let types = ["id", "author", "time", "message", "operation", "change_digest", "pruned"].map { "typeof(\($0))" }
    try refuteAll(
      """
      SELECT count(*) FROM commit_log WHERE \(types.joined(separator: " || ' ' || "))
        <> 'blob text integer text text blob integer'
      """
    ) { "\($0) commits have values of another type" }
    try refuteAll("SELECT count(*) FROM relation WHERE typeof(name) <> 'text'") { "\($0) relations have no name" }
  }

  mutating func checkGraph() throws {
    try checkTypes()
    try refuteAll("SELECT count(*) FROM commit_parent WHERE parent_seq >= commit_seq") {
      "\($0) commits come before a parent of theirs"
    }
    try refuteAll(
      """
      SELECT count(*) FROM (SELECT position, row_number() OVER (PARTITION BY commit_seq ORDER BY position) AS place
        FROM commit_parent) WHERE position <> place - 1
      """
    ) { "\($0) parents of commits don't stand where they should" }
    for (table, column) in [
      ("commit_parent", "commit_seq"), ("commit_parent", "parent_seq"), ("commit_change", "commit_seq"),
      ("retirement", "commit_seq"), ("ref", "commit_seq"),
    ] {
      try refuteAll("SELECT count(*) FROM \(table) WHERE \(column) NOT IN (SELECT seq FROM commit_log)") {
        "\(table): \($0) rows name a commit that is missing"
      }
    }
    let settings = try connection.all("SELECT name FROM setting ORDER BY name") { $0.string(0) }
    if settings != ["current_branch", "head_views", "next_lane"] { problem("the settings are not this format's") }
    let branch = try connection.currentBranch()
    if try connection.integer("SELECT count(*) FROM ref WHERE kind = 'branch' AND name = ?1", .text(branch)) == 0 {
      problem("the current branch '\(branch)' is missing")
    }
  }
}

// Verifying history: every commit's digest and id computed anew, and the graph of commits, branches and tags.

extension Verification {
  mutating func checkCommits(progress: ((Int, Int) -> Void)?) throws {
    let sequences = try connection.all("SELECT seq FROM commit_log ORDER BY seq") { $0.integer(0) }
    let (reader, digests) = (try RecordedCommitReader(connection), CommitDigests(connection))
    for (index, sequence) in sequences.enumerated() {
      let commit = try reader.read(sequence)
      checkID(commit)
      let rows = try connection.commitRows(sequence)
      let found = try rows.map { try digests.find($0) }
      for found in found {
        report.rowCount += found.digest.bornCount
        bornCounts[found.digest.relation, default: 0] += Int64(found.digest.bornCount)
      }
      try checkMissing(commit, rows, found)
      checkDigest(commit, rows, found)
      progress?(index + 1, sequences.count)
    }
  }

  mutating func checkID(_ commit: RecordedCommit) {
    report.commitCount += 1
    if commit.isPruned { report.prunedCount += 1 }
    let id = commit.content.id
    if id != commit.id { problem("commit \(commit.id.short): its content gives the id \(id.short)") }
  }

  /// Compares what a commit recorded with the rows that are there.
  mutating func checkDigest(_ commit: RecordedCommit, _ rows: [CommitRows], _ found: [FoundChange]) {
    let name = "commit \(commit.id.short)"
    if commit.isPruned {
      checkLeft(commit, rows, found)
    } else if rows.contains(where: { $0.keptDigest != nil }) {
      problem("\(name): it has what only pruning leaves")
    }
    for (rows, found) in zip(rows, found) where rows.retiredDigest != nil && found.retiredCount >= rows.retiredCount {
      problem("\(name): it has what only pruning leaves")
    }
    let recorded = rows.map { "\($0.relation.name) +\($0.addedCount) -\($0.retiredCount)" }
    let counted = found.map { "\($0.digest.relation.name) +\($0.digest.bornCount) -\($0.digest.retiredCount)" }
    if recorded == counted {
      if RelationDigest.changeDigest(found.map(\.digest)) != commit.content.changeDigest {
        problem("\(name): its rows are not those that it recorded")
      }
    } else if !commit.isPruned || !zip(rows, found).allSatisfy({ Self.isLess($1.digest, than: $0) }) {
      problem("\(name): it recorded \(recorded), and there are \(counted)")
    }
  }

  /// Whether no more is there than was recorded, and all that was retired is known.
  private static func isLess(_ digest: RelationDigest, than rows: CommitRows) -> Bool {
    digest.bornCount <= rows.addedCount && digest.retiredCount == rows.retiredCount
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
    for digest in ["kept_digest", "retired_digest"] {
      try refuteAll(
        """
        SELECT count(*) FROM commit_change WHERE \(digest) IS NOT NULL
          AND (typeof(\(digest)) <> 'blob' OR length(\(digest)) <> 32)
        """
      ) { "\($0) changes have something else for a \(digest)" }
    }
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
      ("ref", "commit_seq"),
    ] {
      try checkCommits(of: table, column)
    }
    try checkTips()
    let settings = try connection.all("SELECT name FROM setting ORDER BY name") { $0.string(0) }
    if settings != ["current_branch", "head_views", "next_lane"] { problem("the settings are not this format's") }
    let branch = try connection.currentBranch()
    if try connection.integer("SELECT count(*) FROM ref WHERE kind = 'branch' AND name = ?1", .text(branch)) == 0 {
      problem("the current branch '\(branch)' is missing")
    }
  }

  /// A branch never moves back: its tip is, or descends from, the last commit that took row ids from its lane. The first
  /// lane says nothing: before format 2, all branches took theirs from it.
  mutating func checkTips() throws {
    let tips = try connection.all(
      """
      SELECT r.name, r.commit_seq, (SELECT max(c.commit_seq) FROM commit_change AS c
        WHERE c.first_id > r.lane << 40 AND c.first_id <= (r.lane + 1) << 40)
      FROM ref AS r WHERE r.kind = 'branch' AND r.lane BETWEEN 1 AND (1 << 22) - 1 ORDER BY 1
      """
    ) { (name: $0.string(0), tip: $0.integer(1), last: $0.integer(2)) }
    for branch in tips where branch.last > 0 && branch.tip != branch.last {
      guard try !connection.ancestors(of: branch.tip).contains(branch.last) else { continue }
      problem("branch \(branch.name): its last commit is number \(branch.last), and it doesn't have that")
    }
  }

  private mutating func checkCommits(of table: String, _ column: String) throws {
    try refuteAll("SELECT count(*) FROM \(table) WHERE \(column) NOT IN (SELECT seq FROM commit_log)") {
      "\(table): \($0) rows name a commit that is missing"
    }
  }

  /// By itself, because there may be as many retirements as rows.
  mutating func checkCommitsOfRetirements() throws { try checkCommits(of: "retirement", "commit_seq") }
}

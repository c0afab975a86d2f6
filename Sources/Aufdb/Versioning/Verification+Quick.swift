// The quick verification: all of history, and of the rows only what takes a moment.
//
// Commit ids cover the change digests and these cover the rows. So what is checked here is that history is one that
// aufdb wrote and nobody altered; whether the rows are those of history is left to the whole verification, apart from
// the last commit's, which is what a crash or a bad disk would have hit.

extension Verification {
  /// A file up to so many bytes is checked page by page.
  private static let smallFileBytes: Int64 = 64 << 20
  /// A last commit of up to so many rows is digested anew.
  private static let smallCommitRows = 10_000

  mutating func runQuickly() throws {
    guard try checkFile() else { return }
    guard try checkSchema() else { return }
    let sequences = try connection.all("SELECT seq FROM commit_log ORDER BY seq") { $0.integer(0) }
    let reader = try RecordedCommitReader(connection)
    for sequence in sequences { checkID(try reader.read(sequence)) }
    try checkGraph()
    for relation in Relation.allCases { try checkRuns(relation) }
    try checkNextIDs()
    try checkHeadViews()
    if let last = sequences.last { try checkLast(reader.read(last)) }
    report.unchecked.append("natural keys and references at the branches' tips")
    report.unchecked.append("kept answers")
  }

  /// The file has the length that its header says, and SQLite can read its pages; returns whether they can be followed.
  private mutating func checkFile() throws -> Bool {
    let size = try connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size")
    // While the log holds something, the file itself may be shorter.
    if let (fileBytes, logBytes) = try connection.fileSizes(), logBytes == 0, fileBytes < size {
      problem("the file has \(fileBytes) bytes, and its header says \(size)")
    }
    guard size <= Self.smallFileBytes else {
      report.unchecked.append("SQLite's pages, because the file is larger than \(Self.smallFileBytes >> 20) MiB")
      return true
    }
    return try checkPages("quick_check(20)")
  }

  private mutating func checkLast(_ commit: RecordedCommit) throws {
    let rows = try connection.commitRows(commit.sequence)
    let isSmall = rows.allSatisfy { $0.addedCount <= Self.smallCommitRows && $0.retiredCount <= Self.smallCommitRows }
    guard isSmall, !commit.isPruned else {
      // Both ends of each run are there, whatever lies between.
      for rows in rows where !commit.isPruned {
        guard let run = rows.born else { continue }
        for id in [run.lowerBound, run.upperBound] where try !holds(rows.relation, id) {
          problem("commit \(commit.id.short): the row \(id) of \(rows.relation.name) is missing")
        }
      }
      report.unchecked.append("the rows of all commits")
      return
    }
    let digests = CommitDigests(connection)
    checkDigest(commit, rows, try rows.map { try digests.find($0) })
    report.unchecked.append("the rows of all commits but the last one")
  }

  private func holds(_ relation: Relation, _ id: Int64) throws -> Bool {
    try connection.integer(
      """
      SELECT EXISTS (SELECT 1 FROM main.\(relation.table) WHERE place = ?1)
        OR EXISTS (SELECT 1 FROM main.\(relation.table) WHERE past_id = ?1)
      """, .integer(id)) != 0
  }
}

// Doing what a PrunePlan decided, inside the write transaction that it was decided in.

extension PrunePlan {
  /// Drops the rows, and notes in history what of it can't be computed any more.
  func apply() throws {
    // First what needs the rows that go.
    try noteRetiredDigests()
    for relation in report.dropped.map(\.relation) { try drop(relation) }
    try notePruned()
    // A view may have looked for retirements that nothing is left of.
    try connection.refreshHeadViews()
    for relation in Relation.allCases { try connection.execute("DROP TABLE \(Self.table(relation))") }
  }

  private func noteRetiredDigests() throws {
    let reader = CommitDigests(connection)
    let note = try connection.statement(
      "UPDATE commit_change SET retired_digest = ?3 WHERE commit_seq = ?1 AND relation = ?2 AND retired_digest IS NULL")
    for (relation, commits) in losesRetired {
      for commit in commits.sorted() {
        let known = digests[commit]?.first { $0.digest.relation == relation }
        let rows = try connection.commitRows(commit).first { $0.relation == relation }
        guard let found = try known ?? rows.map({ try reader.find($0) }) else {
          throw Descendants.damage("commit number \(commit) retired rows that it doesn't know of")
        }
        try note.run(.integer(commit), .integer(Int64(relation.rawValue)), .blob(found.digest.retired))
      }
    }
  }

  private func drop(_ relation: Relation) throws {
    let ranges = try connection.statement("SELECT first, last FROM \(Self.table(relation))")
    let deletion = try connection.statement("DELETE FROM main.\(relation.table) WHERE place BETWEEN ?1 AND ?2")
    while try ranges.step() { try deletion.run(.integer(ranges.integer(0)), .integer(ranges.integer(1))) }
    try connection.execute(
      """
      DELETE FROM retirement WHERE relation = ?1
        AND NOT EXISTS (SELECT 1 FROM main.\(relation.table) WHERE place = row_id)
        AND NOT EXISTS (SELECT 1 FROM main.\(relation.table) WHERE past_id = row_id)
      """, .integer(Int64(relation.rawValue)))
    try connection.execute(
      """
      UPDATE relation SET retired_apart = 0 WHERE code = ?1
        AND NOT EXISTS (SELECT 1 FROM retirement WHERE relation = ?1)
      """, .integer(Int64(relation.rawValue)))
  }

  private func notePruned() throws {
    let mark = try connection.statement("UPDATE commit_log SET pruned = 1 WHERE seq = ?1")
    let note = try connection.statement(
      "UPDATE commit_change SET kept_digest = ?3 WHERE commit_seq = ?1 AND relation = ?2")
    let reader = CommitDigests(connection)
    for commit in newlyPruned {
      try mark.run(.integer(commit))
      // Where nothing of what it bore went, its digest is what it was.
      for found in digests[commit] ?? [] where !loses(found.digest.relation, commit) {
        try note.run(.integer(commit), .integer(Int64(found.digest.relation.rawValue)), .blob(found.digest.born))
      }
    }
    for commit in Set(losesBorn.values.joined()).sorted() {
      for rows in try connection.commitRows(commit) where loses(rows.relation, commit) {
        let born = try reader.find(rows).digest.born
        try note.run(.integer(commit), .integer(Int64(rows.relation.rawValue)), .blob(born))
      }
    }
  }

  private func loses(_ relation: Relation, _ commit: Int64) -> Bool { losesBorn[relation]?.contains(commit) == true }
}

// Computes anew, from the rows in the store, what a commit digested when it was made.

struct CommitDigests {
  let connection: Connection
  let sequence: Int64

  /// The digests of every relation that the commit changed, in order of code.
  ///
  /// - Complexity: reads the rows that the commit bore and retired.
  func digests() throws -> [RelationDigest] {
    try connection.commitRows(sequence).map { rows in
      let (bornCount, born) = try self.born(rows)
      let (retiredCount, retired) = try self.retired(rows)
      return RelationDigest(
        relation: rows.relation, bornCount: bornCount, born: born, retiredCount: retiredCount, retired: retired)
    }
  }

  private func born(_ rows: CommitRows) throws -> (Int, [UInt8]) {
    var hasher = CanonicalHasher()
    guard rows.born != nil else { return (0, hasher.finish()) }
    let statement = try connection.statement(CommitRows.bornSQL(rows.relation))
    rows.bind(born: statement)
    var count = 0
    while try statement.step() {
      hasher.row(statement, from: 1, count: rows.relation.columns.count)
      count += 1
    }
    return (count, hasher.finish())
  }

  private func retired(_ rows: CommitRows) throws -> (Int, [UInt8]) {
    // Of a commit whose parent was pruned only the digest may be left.
    if let digest = rows.retiredDigest { return (rows.retiredCount, digest) }
    let statement = try connection.statement(CommitRows.retiredSQL(rows.relation))
    rows.bind(retired: statement)
    var hasher = CanonicalHasher()
    var digests: [[UInt8]] = []
    while try statement.step() {
      hasher.row(statement, from: 1, count: rows.relation.columns.count)
      digests.append(hasher.finish())
    }
    return (digests.count, RelationDigest.retired(digests))
  }
}

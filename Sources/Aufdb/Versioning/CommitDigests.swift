// Computes anew, from the rows in the store, what a commit digested when it was made.

struct CommitDigests {
  let connection: Connection
  let sequence: Int64

  /// The digests of every relation that the commit changed, in order of code.
  ///
  /// - Complexity: reads the rows that the commit bore and retired.
  func digests() throws -> [RelationDigest] {
    let changes = try connection.all(
      "SELECT relation, first_id, last_id FROM commit_change WHERE commit_seq = ?1 ORDER BY relation",
      .integer(sequence)
    ) { ($0.integer(0), $0.isNull(1) ? nil : ($0.integer(1), $0.integer(2))) }
    return try changes.map { code, run in
      guard let relation = Relation(rawValue: Int(code)) else {
        throw AufdbError(.badData, "the store is damaged: there is no relation \(code)")
      }
      let (bornCount, born) = try self.born(relation, run)
      let (retiredCount, retired) = try self.retired(relation)
      return RelationDigest(
        relation: relation, bornCount: bornCount, born: born, retiredCount: retiredCount, retired: retired)
    }
  }

  private func born(_ relation: Relation, _ run: (Int64, Int64)?) throws -> (Int, [UInt8]) {
    var hasher = CanonicalHasher()
    guard let run else { return (0, hasher.finish()) }
    let rows = try connection.statement(
      """
      SELECT id, \(relation.columnList) FROM main.\(relation.liveTable) WHERE id BETWEEN ?1 AND ?2
      UNION ALL
      SELECT id, \(relation.columnList) FROM main.\(relation.pastTable) WHERE id BETWEEN ?1 AND ?2
      ORDER BY id
      """)
    rows.bind(1, run.0)
    rows.bind(2, run.1)
    var count = 0
    while try rows.step() {
      hasher.row(rows, from: 1, count: relation.columns.count)
      count += 1
    }
    return (count, hasher.finish())
  }

  private func retired(_ relation: Relation) throws -> (Int, [UInt8]) {
    let columns = relation.columns.map { "t.\($0)" }.joined(separator: ", ")
    func part(_ table: String) -> String {
      """
      SELECT \(columns) FROM main.retirement AS r CROSS JOIN main.\(table) AS t ON t.id = r.row_id
      WHERE r.commit_seq = ?1 AND r.relation = \(relation.rawValue)
      """
    }
    let rows = try connection.statement("\(part(relation.liveTable)) UNION ALL \(part(relation.pastTable))")
    rows.bind(1, sequence)
    var hasher = CanonicalHasher()
    var digests: [[UInt8]] = []
    while try rows.step() {
      hasher.row(rows, from: 0, count: relation.columns.count)
      digests.append(hasher.finish())
    }
    return (digests.count, RelationDigest.retired(digests))
  }
}

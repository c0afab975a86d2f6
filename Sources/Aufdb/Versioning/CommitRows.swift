// The row versions that one commit bore and retired in one relation, wherever they stand by now.

struct CommitRows {
  let relation: Relation
  /// The commit's number.
  let commit: Int64
  /// The ids of the rows that it bore; nil for none.
  let born: ClosedRange<Int64>?
  /// The places of the rows that it made past, among them those that others had retired; nil for none.
  let past: ClosedRange<Int64>?
  let addedCount: Int
  let retiredCount: Int
  /// born(R) of CommitBytes.swift over the rows that are left, where some were pruned.
  var keptDigest: [UInt8]?
  /// retired(R) where some of the rows that it retired were pruned.
  var retiredDigest: [UInt8]?

  /// SELECT id and then the relation's columns of the rows born, in order of id; ?1 and ?2 are the ends of the run.
  static func bornSQL(_ relation: Relation) -> String {
    """
    SELECT place AS id, \(relation.columnList) FROM main.\(relation.table) WHERE place BETWEEN ?1 AND ?2
    UNION ALL
    SELECT past_id AS id, \(relation.columnList) FROM main.\(relation.table) WHERE past_id BETWEEN ?1 AND ?2
    ORDER BY id
    """
  }

  /// SELECT id and then the relation's columns of the rows retired, in no order; ?1 is the commit, ?2 and ?3 are the
  /// ends of `past`.
  static func retiredSQL(_ relation: Relation) -> String {
    let columns = relation.columns.map { "t.\($0)" }.joined(separator: ", ")
    func apart(_ id: String) -> String {
      """
      SELECT r.row_id, \(columns) FROM main.retirement AS r CROSS JOIN main.\(relation.table) AS t ON t.\(id) = r.row_id
      WHERE r.commit_seq = ?1 AND r.relation = \(relation.rawValue)
      """
    }
    return """
      SELECT t.past_id, \(columns) FROM main.\(relation.table) AS t WHERE t.place BETWEEN ?2 AND ?3 AND t.retired_by = ?1
      UNION ALL \(apart("place")) UNION ALL \(apart("past_id"))
      """
  }

  /// Binds the commit to a statement of `bornSQL`, which gives nothing for a commit that bore none.
  func bind(born statement: SQLStatement) {
    statement.bind(1, born?.lowerBound ?? 1)
    statement.bind(2, born?.upperBound ?? 0)
  }

  /// Binds the commit to a statement of `retiredSQL`.
  func bind(retired statement: SQLStatement) {
    statement.bind(1, commit)
    statement.bind(2, past?.lowerBound ?? 0)
    statement.bind(3, past?.upperBound ?? -1)
  }
}

extension Connection {
  /// What a commit did to each relation that it changed, in order of relation.code.
  func commitRows(_ commit: Int64) throws -> [CommitRows] {
    let changes = try all(
      """
      SELECT relation, first_id, last_id, first_past, last_past, added, retired, kept_digest, retired_digest
      FROM commit_change
      WHERE commit_seq = ?1 ORDER BY relation
      """, .integer(commit)
    ) { row in
      func run(_ first: Int32) -> ClosedRange<Int64>? {
        row.isNull(first) || row.integer(first) > row.integer(first + 1)
          ? nil : row.integer(first)...row.integer(first + 1)
      }
      return Relation(rawValue: Int(row.integer(0))).map {
        CommitRows(
          relation: $0, commit: commit, born: run(1), past: run(3), addedCount: Int(row.integer(5)),
          retiredCount: Int(row.integer(6)), keptDigest: row.isNull(7) ? nil : Array(row.bytes(7)),
          retiredDigest: row.isNull(8) ? nil : Array(row.bytes(8)))
      }
    }
    return try changes.map {
      guard let rows = $0 else {
        throw AufdbError(.badData, "the store is damaged: a commit changed no known relation")
      }
      return rows
    }
  }
}

// Whether a branch's tip sees rows that are past: then its views must look for them (ref.sees_past).

extension Connection {
  /// Whether a commit sees past rows among those that some of its ancestors bore.
  ///
  /// - Parameter bearers: ancestors; the rows of all others are known to be live if the commit sees them, for a branch
  ///   whose tip sees none in the past has them too.
  /// - Complexity: linear in the number of the commit's ancestors, and of the past rows that the bearers bore.
  func seesPastRows(_ commit: Int64, bornBy bearers: [Int64]) throws -> Bool {
    guard !bearers.isEmpty else { return false }
    try executeScript(
      "DROP TABLE IF EXISTS temp.tip_ancestor; CREATE TEMP TABLE tip_ancestor (seq INTEGER PRIMARY KEY)")
    let insert = try statement("INSERT INTO temp.tip_ancestor VALUES (?1)")
    for ancestor in try ancestors(of: commit) { try insert.run(.integer(ancestor)) }
    return try Relation.allCases.contains { relation in
      let seen = try statement(
        """
        SELECT 1 FROM main.commit_change AS c
        CROSS JOIN main.\(relation.table) AS t ON t.past_id BETWEEN c.first_id AND c.last_id
        WHERE c.commit_seq = ?1 AND c.relation = \(relation.rawValue) AND t.retired_by NOT IN temp.tip_ancestor
          AND NOT EXISTS (SELECT 1 FROM main.retirement AS r WHERE r.relation = \(relation.rawValue)
            AND r.row_id = t.past_id AND +r.commit_seq IN temp.tip_ancestor)
        LIMIT 1
        """)
      return try bearers.contains { bearer in
        seen.bind(1, bearer)
        defer { seen.reset() }
        return try seen.step()
      }
    }
  }
}

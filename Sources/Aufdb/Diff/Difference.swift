// Which rows two commits see differently, found by what happened between them and not by comparing what they see.
//
// Let F be the ancestors that only the first commit has, T those that only the second has (Divergence.swift). A row
// version that the first sees and the second doesn't was either
//   born in F, and not retired in F; or
//   born before the two parted, retired in T, and by no ancestor of the first;
// and the other way around for one that only the second sees. Both kinds are found through the runs that commit_change
// has of each commit, so the cost is that of what changed. Then the versions of one natural key are brought together:
// an old and a new one are a modified row, unless their content is the same.

/// The difference between two commits, or between what two commits have in common and one of them.
struct Difference {
  let connection: Connection
  let divergence: Divergence
  /// Stands before the names of this difference's TEMP tables, so that two can be asked side by side.
  let prefix: String
  /// Whether rows of the first and the second commit may be past.
  private let seesPast: (first: Bool, second: Bool)

  /// - Parameter fromCommon: whether the first side is what both have in common, instead of `first`.
  init(
    _ first: Int64, _ second: Int64, fromCommon: Bool = false, prefix: String = "", in connection: Connection
  ) throws {
    self.connection = connection
    self.prefix = prefix
    var divergence = try Divergence(first, second, in: connection)
    if fromCommon { divergence.onlyFirst = [] }
    self.divergence = divergence
    func isTip(_ commit: Int64) throws -> Bool {
      try connection.integer(
        "SELECT count(*) FROM ref WHERE kind = 'branch' AND commit_seq = ?1 AND sees_past = 0", .integer(commit)) > 0
    }
    seesPast = try (fromCommon || !isTip(first), !isTip(second))
    try store("only_first", divergence.onlyFirst)
    try store("only_second", divergence.onlySecond)
    guard try connection.integer("SELECT max(retired_apart) FROM relation") != 0 else { return }
    // A row version may have been retired more than once, also by an ancestor of both.
    let second = try connection.ancestors(of: second)
    let first = try connection.ancestors(of: first)
    try store("all_first", fromCommon ? Set(first).intersection(second).sorted() : first)
    try store("all_second", second)
  }

  /// Puts numbers of commits into a TEMP table.
  private func store(_ table: String, _ commits: [Int64]) throws {
    try connection.executeScript(
      """
      DROP TABLE IF EXISTS temp.\(prefix)\(table);
      CREATE TEMP TABLE \(prefix)\(table) (seq INTEGER PRIMARY KEY);
      """)
    let insert = try connection.statement("INSERT INTO temp.\(prefix)\(table) VALUES (?1)")
    for commit in commits { try insert.run(.integer(commit)) }
  }

  /// The relations that some commit between the two changed.
  func relations() throws -> [Relation] {
    try connection.all(
      """
      SELECT DISTINCT relation FROM (SELECT seq FROM temp.\(prefix)only_first UNION ALL
        SELECT seq FROM temp.\(prefix)only_second) CROSS JOIN main.commit_change ON commit_seq = seq ORDER BY relation
      """
    ) { Relation(rawValue: Int($0.integer(0))) }.compactMap(\.self)
  }

  /// SELECT old_place, new_place and the key's parts as k0, k1 ...: where the first's and the second's version of each
  /// row stand that may differ; NULL for none. In order of the key.
  func placesSQL(_ relation: Relation) throws -> String {
    let keys = relation.keyExpressions.enumerated().map { "\($1) AS k\($0)" }.joined(separator: ", ")
    let names = relation.keyExpressions.indices.map { "k\($0)" }.joined(separator: ", ")
    let old = try seenByOne(relation, "first", not: "second", seesPast: seesPast.first)
    let new = try seenByOne(relation, "second", not: "first", seesPast: seesPast.second)
    func side(_ places: [String], _ number: Int) -> [String] {
      places.map { "SELECT \(keys), \(number) AS side, t.place AS at FROM \($0)" }
    }
    let parts = side(old, 0) + side(new, 1)
    return """
      SELECT max(CASE side WHEN 0 THEN at END) AS old_place, max(CASE side WHEN 1 THEN at END) AS new_place, \(names)
      FROM (\(parts.joined(separator: "\nUNION ALL "))) GROUP BY \(names) ORDER BY \(names)
      """
  }

  /// What to select from to get the rows that commits of one side show and the other side doesn't.
  private func seenByOne(
    _ relation: Relation, _ mine: String, not theirs: String, seesPast: Bool
  ) throws -> [String] {
    let (code, table) = (relation.rawValue, "main.\(relation.table) AS t")
    let (mine, theirs, all) = (
      "temp.\(prefix)only_\(mine)", "temp.\(prefix)only_\(theirs)", "temp.\(prefix)all_\(mine)"
    )
    func changes(_ side: String) -> String {
      "\(side) AS s CROSS JOIN main.commit_change AS c ON c.commit_seq = s.seq AND c.relation = \(code)"
    }
    let isApart =
      try connection.integer("SELECT retired_apart FROM relation WHERE code = ?1", .integer(Int64(code))) != 0
    func notRetired(_ id: String) -> String {
      isApart
        ? """
         AND NOT EXISTS (SELECT 1 FROM main.retirement AS r WHERE r.relation = \(code) AND r.row_id = \(id)
          AND +r.commit_seq IN \(all))
        """ : ""
    }
    // Born on my side, and not retired there; live, or past by now.
    var parts = [
      "\(changes(mine)) CROSS JOIN \(table) ON t.place BETWEEN c.first_id AND c.last_id WHERE 1\(notRetired("t.place"))"
    ]
    if seesPast {
      parts.append(
        """
        \(changes(mine)) CROSS JOIN \(table) ON t.past_id BETWEEN c.first_id AND c.last_id
        WHERE t.retired_by NOT IN \(isApart ? all : mine)\(notRetired("t.past_id"))
        """)
    }
    // Born before, retired on the other side, and not on mine.
    let born = try bornRuns(relation, theirs).map { "BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
    // A plus keeps SQLite from looking for rows by anything but their places, which are the few at hand.
    func bornBefore(_ id: String) -> String { born.map { " AND +\(id) NOT \($0)" }.joined() }
    parts.append(
      """
      \(changes(theirs)) CROSS JOIN \(table) ON t.place BETWEEN c.first_past AND c.last_past
      WHERE +t.retired_by = s.seq\(bornBefore("t.past_id"))\(notRetired("t.past_id"))
      """)
    if isApart {
      for id in ["t.place", "t.past_id"] {
        parts.append(
          """
          \(theirs) AS s CROSS JOIN main.retirement AS a ON a.commit_seq = s.seq AND a.relation = \(code)
          CROSS JOIN \(table) ON \(id) = a.row_id
          WHERE ifnull(t.retired_by, 0) NOT IN \(all)\(bornBefore(id))\(notRetired(id))
          """)
      }
    }
    return parts
  }

  /// The ids that commits of one side bore, as long runs: few, because each branch has a lane of its own.
  private func bornRuns(_ relation: Relation, _ side: String) throws -> [ClosedRange<Int64>] {
    let runs = try connection.all(
      """
      SELECT first_id, last_id FROM \(side) CROSS JOIN main.commit_change ON commit_seq = seq
      WHERE relation = \(relation.rawValue) AND first_id <= last_id ORDER BY first_id
      """
    ) { $0.integer(0)...$0.integer(1) }
    return runs.reduce(into: []) { $0.appendRun($1) }
  }
}

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
///
/// It makes nothing, not even a TEMP table, and so can be asked while a query runs under guard.
struct Difference {
  let connection: Connection
  /// The two commits that were named.
  let (first, second): (Int64, Int64)
  let divergence: Divergence
  private let onlyFirst: CommitSet
  private let onlySecond: CommitSet
  /// The ancestors of each, where a row version may have been retired more than once, also by an ancestor of both;
  /// none where nobody asks.
  private let allFirst: CommitSet
  private let allSecond: CommitSet
  private let apart: Set<Relation>
  /// Whether rows of the first and the second commit may be past.
  private let seesPast: (first: Bool, second: Bool)

  /// - Parameter fromCommon: whether the first side is what both have in common, instead of `first`.
  init(_ first: Int64, _ second: Int64, fromCommon: Bool = false, in connection: Connection) throws {
    self.connection = connection
    (self.first, self.second) = (first, second)
    var divergence = try Divergence(first, second, in: connection)
    if fromCommon { divergence.onlyFirst = [] }
    self.divergence = divergence
    for commit in (fromCommon ? divergence.bases : [first]) + [second] { try connection.requireWhole(commit) }
    onlyFirst = CommitSet(divergence.onlyFirst)
    onlySecond = CommitSet(divergence.onlySecond)
    seesPast = try (fromCommon || !connection.isLiveTip(first), !connection.isLiveTip(second))
    apart = try connection.relationsRetiredApart()
    guard !apart.isEmpty else {
      (allFirst, allSecond) = (CommitSet([]), CommitSet([]))
      return
    }
    let second = try connection.ancestors(of: second)
    let first = try connection.ancestors(of: first)
    allFirst = CommitSet(fromCommon ? Array(Set(first).intersection(second)) : first)
    allSecond = CommitSet(second)
  }

  /// The relations that some commit between the two changed.
  func relations() throws -> [Relation] {
    let commits = CommitSet(divergence.onlyFirst + divergence.onlySecond)
    return try connection.all(
      """
      SELECT DISTINCT c.relation FROM \(commits.table) AS s
      CROSS JOIN main.commit_change AS c ON c.commit_seq BETWEEN s.column1 AND s.column2 ORDER BY c.relation
      """
    ) { Relation(rawValue: Int($0.integer(0))) }.compactMap(\.self)
  }

  /// How many rows of a relation the second commit has in addition, where there is no other difference; nil where there
  /// may be one.
  func addedCount(_ relation: Relation) throws -> Int? {
    guard divergence.onlyFirst.isEmpty, !apart.contains(relation) else { return nil }
    // What was born and not retired is another row than all that were there.
    let counts = try connection.all(
      "SELECT ifnull(sum(c.added), 0), ifnull(sum(c.retired), 0) FROM \(changes(onlySecond, relation))"
    ) { (Int($0.integer(0)), $0.integer(1)) }
    return counts.first.flatMap { $1 == 0 ? $0 : nil }
  }

  /// SELECT what the expression over t says, for each row that the second commit sees and the first doesn't.
  func addedSQL(_ relation: Relation, _ expression: String) throws -> String {
    try seenByOne(relation, onlySecond, not: onlyFirst, all: allSecond, seesPast: seesPast.second)
      .map { "SELECT \(expression) FROM \($0)" }.joined(separator: "\nUNION ALL ")
  }

  /// SELECT old_place, new_place and the key's parts as k0, k1 ...: where the first's and the second's version of each
  /// row stand that may differ; NULL for none. In order of the key.
  ///
  /// - Parameter condition: leaves out the rows, over t, for which it doesn't hold.
  func placesSQL(_ relation: Relation, where condition: String = "1") throws -> String {
    let keys = relation.keyExpressions.enumerated().map { "\($1) AS k\($0)" }.joined(separator: ", ")
    let names = relation.keyExpressions.indices.map { "k\($0)" }.joined(separator: ", ")
    let old = try seenByOne(relation, onlyFirst, not: onlySecond, all: allFirst, seesPast: seesPast.first)
    let new = try seenByOne(relation, onlySecond, not: onlyFirst, all: allSecond, seesPast: seesPast.second)
    func side(_ places: [String], _ number: Int) -> [String] {
      places.map { "SELECT \(keys), \(number) AS side, t.place AS at FROM \($0) AND \(condition)" }
    }
    let parts = side(old, 0) + side(new, 1)
    return """
      SELECT max(CASE side WHEN 0 THEN at END) AS old_place, max(CASE side WHEN 1 THEN at END) AS new_place, \(names)
      FROM (\(parts.joined(separator: "\nUNION ALL "))) GROUP BY \(names) ORDER BY \(names)
      """
  }

  /// What to select from to get what some commits did to a relation.
  private func changes(_ side: CommitSet, _ relation: Relation) -> String {
    // The plus keeps SQLite from going through all commits that ever changed the relation.
    """
    \(side.table) AS s CROSS JOIN main.commit_change AS c
      ON c.commit_seq BETWEEN s.column1 AND s.column2 AND +c.relation = \(relation.rawValue)
    """
  }

  /// What to select from, up to the end of a WHERE, to get the rows that one side shows and the other doesn't.
  ///
  /// - Parameters:
  ///   - mine, theirs: the commits that only this side, and only the other one, has.
  ///   - all: all of this side.
  private func seenByOne(
    _ relation: Relation, _ mine: CommitSet, not theirs: CommitSet, all: CommitSet, seesPast: Bool
  ) throws -> [String] {
    let (code, table) = (relation.rawValue, "main.\(relation.table) AS t")
    let isApart = apart.contains(relation)
    func notRetired(_ id: String) -> String {
      isApart
        ? """
         AND NOT EXISTS (SELECT 1 FROM main.retirement AS r WHERE r.relation = \(code) AND r.row_id = \(id)
          AND \(all.contains("+r.commit_seq")))
        """ : ""
    }
    // Born on my side, and not retired there; live, or past by now.
    var parts = [
      "\(changes(mine, relation)) CROSS JOIN \(table) ON t.place BETWEEN c.first_id AND c.last_id WHERE 1\(notRetired("t.place"))"
    ]
    if seesPast {
      parts.append(
        """
        \(changes(mine, relation)) CROSS JOIN \(table) ON t.past_id BETWEEN c.first_id AND c.last_id
        WHERE NOT \((isApart ? all : mine).contains("t.retired_by"))\(notRetired("t.past_id"))
        """)
    }
    // Born before, retired on the other side, and not on mine.
    let born = try bornRuns(relation, theirs).map { "BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
    // A plus keeps SQLite from looking for rows by anything but their places, which are the few at hand.
    func bornBefore(_ id: String) -> String { born.map { " AND +\(id) NOT \($0)" }.joined() }
    parts.append(
      """
      \(changes(theirs, relation)) CROSS JOIN \(table) ON t.place BETWEEN c.first_past AND c.last_past
      WHERE +t.retired_by = c.commit_seq\(bornBefore("t.past_id"))\(notRetired("t.past_id"))
      """)
    if isApart {
      for id in ["t.place", "t.past_id"] {
        parts.append(
          """
          \(changes(theirs, relation))
          CROSS JOIN main.retirement AS a ON a.commit_seq = c.commit_seq AND a.relation = \(code)
          CROSS JOIN \(table) ON \(id) = a.row_id
          WHERE NOT \(all.contains("ifnull(t.retired_by, 0)"))\(bornBefore(id))\(notRetired(id))
          """)
      }
    }
    return parts
  }

  /// The ids that commits of one side bore, as long runs: few, because each branch has a lane of its own.
  private func bornRuns(_ relation: Relation, _ side: CommitSet) throws -> [ClosedRange<Int64>] {
    let runs = try connection.all(
      """
      SELECT c.first_id, c.last_id FROM \(side.table) AS s
      CROSS JOIN main.commit_change AS c ON c.commit_seq BETWEEN s.column1 AND s.column2
      WHERE +c.relation = \(relation.rawValue) AND c.first_id <= c.last_id ORDER BY c.first_id
      """
    ) { $0.integer(0)...$0.integer(1) }
    return runs.reduce(into: []) { $0.appendRun($1) }
  }
}

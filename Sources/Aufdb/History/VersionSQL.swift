// Which commit bore a row version and which retired it, as SQL.
//
// No row names the commit that bore it: its number does, because each commit's rows are one run of numbers, and the run
// that a number lies in is the one with the largest first number that isn't beyond it (the index commit_change_born).
// Who retired it stands in the row and, where branches went apart, in `retirement`. So both cost a few index look-ups a
// version, and a version is found by its natural key through the relation's own index: the history of a row costs the
// same in a store of any size.

/// SQL expressions over the row versions of one relation, whose table is called t in them.
struct VersionSQL {
  let relation: Relation
  /// The commits whose doings count; nil for all that there are.
  let commits: CommitSet?
  /// Whether `retirement` may know more than the rows themselves.
  private let isApart: Bool

  init(_ relation: Relation, commits: CommitSet?, in connection: Connection) throws {
    self.relation = relation
    self.commits = commits
    isApart = try connection.relationsRetiredApart().contains(relation)
  }

  /// The row version's number.
  private static let id = "ifnull(t.past_id, t.place)"

  /// The number of the commit that bore it.
  var birth: String {
    """
    (SELECT c.commit_seq FROM main.commit_change AS c
      WHERE c.relation = \(relation.rawValue) AND c.first_id <= \(Self.id) ORDER BY c.first_id DESC LIMIT 1)
    """
  }

  /// A condition that holds for the versions that one of the commits bore.
  var isBorn: String { commits.map { $0.contains(birth) } ?? "1" }

  /// The number of the first of the commits that retired it; NULL while none did.
  var retirement: String {
    let row =
      commits.map { "CASE WHEN \($0.contains("t.retired_by")) THEN t.retired_by END" } ?? "nullif(t.retired_by, 0)"
    guard isApart else { return "(\(row))" }
    let apart = """
      (SELECT min(r.commit_seq) FROM main.retirement AS r WHERE r.relation = \(relation.rawValue)
        AND r.row_id = \(Self.id)\(commits.map { " AND \($0.contains("+r.commit_seq"))" } ?? ""))
      """
    return "nullif(min(ifnull(\(row), \(Int64.max)), ifnull(\(apart), \(Int64.max))), \(Int64.max))"
  }

  /// SELECT place, birth and retirement of the versions that some commit bore, the newest first.
  ///
  /// - Parameter condition: which versions, over t.
  func versions(where condition: String) -> String {
    """
    SELECT t.place, \(birth) AS birth, \(retirement) FROM main.\(relation.table) AS t
    WHERE \(condition) AND \(isBorn)
    ORDER BY birth DESC, \(relation.keyExpressions.joined(separator: ", ")), t.place DESC
    """
  }

  /// SELECT commit, the place of the version that it retired, and of the one that it bore, NULL for none: a row for
  /// each natural key that a commit did something to, the newest first.
  ///
  /// Of two versions of one key that a merge retires, it gives the one that became past last.
  func events(where condition: String) -> String {
    let keys = relation.keyExpressions.enumerated().map { "\($1) AS k\($0)" }.joined(separator: ", ")
    let names = relation.keyExpressions.indices.map { "k\($0)" }.joined(separator: ", ")
    let table = "main.\(relation.table) AS t"
    var parts = [
      "SELECT \(birth) AS done_by, 1 AS side, t.place AS at, \(keys) FROM \(table) WHERE \(condition)",
      "SELECT t.retired_by, 0, t.place, \(keys) FROM \(table) WHERE t.retired_by > 0 AND \(condition)",
    ]
    if isApart {
      parts.append(
        """
        SELECT r.commit_seq, 0, t.place, \(keys) FROM \(table)
        CROSS JOIN main.retirement AS r ON r.relation = \(relation.rawValue) AND r.row_id = \(Self.id)
        WHERE \(condition)
        """)
    }
    return """
      SELECT done_by, max(CASE side WHEN 0 THEN at END), max(CASE side WHEN 1 THEN at END)
      FROM (\(parts.joined(separator: "\nUNION ALL "))) WHERE \(commits?.contains("done_by") ?? "1")
      GROUP BY done_by, \(names) ORDER BY done_by DESC, \(names)
      """
  }
}

extension Connection {
  /// A commit and all its ancestors; nil where that is every commit that there is.
  func history(of commit: Int64) throws -> CommitSet? {
    let ancestors = try ancestors(of: commit)
    return try Int64(ancestors.count) == integer("SELECT count(seq) FROM commit_log") ? nil : CommitSet(ancestors)
  }
}

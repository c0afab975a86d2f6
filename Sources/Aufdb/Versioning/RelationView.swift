// The SQL of one relation as one revision sees it: a SELECT over the relation's table, with one range of places or a few.

/// The view of one relation.
struct RelationView {
  let relation: Relation
  /// The runs of ids that are seen, disjoint and ascending.
  let runs: [ClosedRange<Int64>]
  /// All ids that there are.
  let used: [ClosedRange<Int64>]
  /// Where many runs, and the commits that are seen, stand.
  let runTable: String
  let commitTable: String
  /// What the relation's table is called inside. SQLite speaks of it by this name when it explains a query.
  var alias = "t"

  /// More runs than these stand in a table and not in the SQL, whose length and depth are limited.
  private static let literalLimit = 32

  /// Whether the runs are all that there is.
  private var isAll: Bool {
    used.allSatisfy { part in runs.contains { $0.lowerBound <= part.lowerBound && $0.upperBound >= part.upperBound } }
  }
  /// Whether the view is the one of schema.sql: everything live.
  func isPlain(for visibility: Visibility) -> Bool {
    isAll && !visibility.seesPast && !visibility.hidesLive.contains(relation)
  }
  /// Whether the runs stand in their table.
  var isStored: Bool { !isAll && runs.count > Self.literalLimit }

  /// What stands in the table of runs: they themselves and, before them, where past rows are seen.
  func storedRuns(for visibility: Visibility) -> [ClosedRange<Int64>] {
    guard isStored else { return [] }
    return (pastStart(visibility).map { [$0...0] } ?? []) + runs
  }

  /// The commits that are seen, in words that DuckDB knows, too: it reads the persistent views.
  private var seenCommits: String { "(SELECT seq FROM \(commitTable))" }

  private func pastStart(_ visibility: Visibility) -> Int64? {
    visibility.seesPast ? visibility.pastStart[relation] ?? Relation.firstPast : nil
  }

  /// Puts the runs into their table if there are many.
  func store(for visibility: Visibility, in connection: Connection) throws {
    guard isStored else { return }
    let insert = try connection.statement("INSERT INTO \(runTable) VALUES (?1, ?2, ?3)")
    for run in storedRuns(for: visibility) {
      try insert.run(.integer(Int64(relation.rawValue)), .integer(run.lowerBound), .integer(run.upperBound))
    }
  }

  /// - Parameters:
  ///   - showsIDs: whether the row's `id` is the first column.
  ///   - isCareful: whether every retirement is looked up.
  func sql(for visibility: Visibility, showsIDs: Bool = false, isCareful: Bool = false) -> String {
    let id = visibility.seesPast ? "ifnull(\(alias).past_id, \(alias).place)" : "\(alias).place"
    let columns = (showsIDs ? ["\(id) AS id"] : []) + relation.columns.map { "\(alias).\($0)" }
    let isApart =
      isCareful || visibility.hidesLive.contains(relation)
      || visibility.seesPast && visibility.retiredApart.contains(relation)
    let start = pastStart(visibility)
    var conditions = [places(from: start)]
    if start != nil { conditions.append("(\(alias).place > 0 OR \(pastConditions(visibility, isApart)))") }
    if isApart { conditions.append(isCareful ? notRetiredByNow(id) : notRetired(id)) }
    let from = (isStored ? "\(runTable) AS v CROSS JOIN " : "") + "main.\(relation.table) AS \(alias)"
    return """
      SELECT \(columns.joined(separator: ", "))
      FROM \(from) WHERE \(conditions.joined(separator: " AND "))
      """
  }

  /// The places to be read: those of the runs, and the past ones from `start`, if there are any.
  private func places(from start: Int64?) -> String {
    if isStored {
      return "v.relation = \(relation.rawValue) AND \(alias).place BETWEEN v.first_id AND v.last_id"
    }
    if isAll { return "likelihood(\(alias).place > \(start.map { $0 - 1 } ?? 0), 0.99)" }
    guard !runs.isEmpty || start != nil else { return "0" }
    var ranges = runs
    if let start {
      // Past rows and the first branch's own ones are neighbours, and one range is faster than two.
      let isJoined = ranges.first?.lowerBound == 1
      ranges = [start...(isJoined ? runs[0].upperBound : 0)] + runs.dropFirst(isJoined ? 1 : 0)
    }
    return Self.any(of: ranges, "\(alias).place")
  }

  /// A past row is seen if it was born and not retired by then.
  private func pastConditions(_ visibility: Visibility, _ isApart: Bool) -> String {
    let isBorn =
      isStored
      ? "EXISTS (SELECT 1 FROM \(runTable) AS b WHERE b.relation = \(relation.rawValue) "
        + "AND \(alias).past_id BETWEEN b.first_id AND b.last_id)"
      : isAll ? "1" : runs.isEmpty ? "0" : Self.any(of: runs, "\(alias).past_id")
    // Whatever became past after the last commit of all that came before it, that one still saw.
    if visibility.isLinear, !isApart { return isBorn }
    return "\(isBorn) AND \(alias).retired_by NOT IN \(seenCommits)"
  }

  /// No commit that is seen retired the row. SQLite makes the list once for each statement that asks.
  private func notRetired(_ id: String) -> String {
    """
    \(id) NOT IN (SELECT r.row_id FROM main.retirement AS r
      WHERE r.relation = \(relation.rawValue) AND r.commit_seq IN \(seenCommits))
    """
  }

  /// The same while rows are being retired: asked anew for each row. The plus keeps SQLite from going through all
  /// commits.
  private func notRetiredByNow(_ id: String) -> String {
    """
    NOT EXISTS (SELECT 1 FROM main.retirement AS r WHERE r.relation = \(relation.rawValue) AND r.row_id = \(id)
      AND +r.commit_seq IN \(seenCommits))
    """
  }

  private static func any(of ranges: [ClosedRange<Int64>], _ column: String) -> String {
    // The longest first: it decides for most rows.
    let sorted = ranges.sorted { $0.count > $1.count }
    let parts = sorted.map { "\(column) BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
    return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " OR ")))"
  }
}

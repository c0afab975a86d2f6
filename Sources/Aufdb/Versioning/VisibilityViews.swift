// TEMP views that show what a revision sees, under the relations' names: on this connection they shadow the persistent
// views.
//
// On a history without branches a view is "all of X_live" at the head, so that a query costs there what it costs on a
// plain table; and at an old revision "X_live up to an id, and of X_past up to that id what was retired later".
// Measured after commits of 1,000 changes each: an aggregate takes 1.0 to 1.2 times a plain table's time at the head
// (60,000 labels, 100 commits); ten commits back it takes about three times as long as at the head (240,000 scores,
// start-up included), because SQLite runs the two parts of a UNION ALL as a co-routine.

extension Visibility {
  /// Makes the views, one a relation, on a connection that may still create some.
  ///
  /// - Parameters:
  ///   - pending: the number of a commit that is being written on top: what it adds is seen, what it retires is not.
  ///   - showsIDs: whether every view has the row's `id` as its first column, to be retired by or ordered by.
  ///   - prefix: stands before every view's name, so that two revisions can be read side by side.
  func install(
    in connection: Connection, pending: Int64? = nil, showsIDs: Bool = false, prefix: String = ""
  ) throws {
    let commits = commits + (pending.map { [$0] } ?? [])
    // A commit in the making retires rows after its views are made, and where there are other branches or old rows, a
    // retired row doesn't vanish by being moved.
    let branchCount = try connection.integer("SELECT count(*) FROM ref WHERE kind = 'branch'")
    let isCareful = pending != nil && (branchCount > 1 || seesPast)
    try connection.executeScript(
      """
      DROP TABLE IF EXISTS temp.\(prefix)visible_run;
      DROP TABLE IF EXISTS temp.\(prefix)visible_commit;
      CREATE TEMP TABLE \(prefix)visible_run (relation INTEGER, first_id INTEGER, last_id INTEGER);
      CREATE TEMP TABLE \(prefix)visible_commit (seq INTEGER PRIMARY KEY);
      """)
    if seesPast || isCareful || !hidesLive.isEmpty {
      let insert = try connection.statement("INSERT INTO temp.\(prefix)visible_commit VALUES (?1)")
      for commit in commits { try insert.run(.integer(commit)) }
    }
    for (relation, next) in try connection.nextIDs() {
      var runs = runs[relation] ?? []
      if pending != nil {
        let isContinued = runs.last.map { $0.upperBound + 1 == next } ?? false
        runs.append((isContinued ? runs.removeLast().lowerBound : next)...Int64.max)
      }
      let columns = (showsIDs ? ["id"] : []) + relation.columns
      let view = RelationView(
        relation: relation, columns: columns, runs: runs, lastID: next - 1,
        runTable: "temp.\(prefix)visible_run", commitTable: "temp.\(prefix)visible_commit")
      try view.store(in: connection)
      let sql = view.sql(for: self, commits: commits, isCareful: isCareful)
      try connection.executeScript(
        "DROP VIEW IF EXISTS temp.\(prefix)\(relation.name); CREATE TEMP VIEW \(prefix)\(relation.name) AS \(sql)")
    }
  }
}

/// The view of one relation.
struct RelationView {
  let relation: Relation
  let columns: [String]
  let runs: [ClosedRange<Int64>]
  /// The highest id that the relation has.
  let lastID: Int64
  /// Where many runs, and the commits that are seen, stand.
  let runTable: String
  let commitTable: String

  /// More runs than these stand in a table and not in the SQL, whose length and depth are limited.
  private static let literalLimit = 8

  /// Whether the runs are all that there is.
  var isAll: Bool {
    runs.isEmpty ? lastID < 1 : runs.count == 1 && runs[0].lowerBound <= 1 && runs[0].upperBound >= lastID
  }
  /// Whether the runs stand in their table.
  var isStored: Bool { !isAll && runs.count > Self.literalLimit }

  /// Puts the runs into their table if there are many.
  func store(in connection: Connection) throws {
    guard isStored else { return }
    let insert = try connection.statement("INSERT INTO \(runTable) VALUES (?1, ?2, ?3)")
    for run in runs {
      try insert.run(.integer(Int64(relation.rawValue)), .integer(run.lowerBound), .integer(run.upperBound))
    }
  }

  /// - Parameters:
  ///   - commits: the numbers of all commits that are seen, ascending.
  ///   - isCareful: whether every retirement is looked up.
  func sql(for visibility: Visibility, commits: [Int64], isCareful: Bool) -> String {
    let hidesLive = isCareful || visibility.hidesLive.contains(relation)
    let live = select(from: relation.liveTable, where: hidesLive ? [notRetired] : [])
    guard visibility.seesPast else { return live }
    var conditions = [notRetiredLast(commits)]
    if isCareful || visibility.retiredApart.contains(relation) { conditions.append(notRetired) }
    return live + " UNION ALL " + select(from: relation.pastTable, where: conditions)
  }

  private func select(from table: String, where conditions: [String]) -> String {
    var from = "main.\(table) AS t"
    var conditions = conditions
    if runs.isEmpty, !isAll {
      conditions = ["0"]
    } else if isStored {
      from = "\(runTable) AS v CROSS JOIN \(from)"
      conditions.insert("v.relation = \(relation.rawValue) AND t.id BETWEEN v.first_id AND v.last_id", at: 0)
    } else if !isAll {
      let between = runs.map { "t.id BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
      conditions.insert("(\(between.joined(separator: " OR ")))", at: 0)
    }
    let columnList = columns.map { "t.\($0)" }.joined(separator: ", ")
    return "SELECT \(columnList) FROM \(from)"
      + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
  }

  /// No commit that is seen retired the row. The plus keeps SQLite from going through all commits for each row.
  private var notRetired: String {
    """
    NOT EXISTS (SELECT 1 FROM main.retirement AS r WHERE r.relation = \(relation.rawValue) AND r.row_id = t.id
      AND +r.commit_seq IN \(commitTable))
    """
  }

  /// The commit that moved the row into X_past is not seen: enough where nobody else can have retired it.
  private func notRetiredLast(_ commits: [Int64]) -> String {
    guard let first = commits.first, let last = commits.last, first == 1, last == Int64(commits.count) else {
      return "t.retired_by NOT IN \(commitTable)"
    }
    return "t.retired_by > \(last)"
  }
}

// TEMP views that show what a revision sees, under the relations' names: on this connection they shadow the persistent
// views.
//
// On a history without branches a view is "all that is live" at the head, and at an old revision one range of places:
// from the first row that became past after it, through all that is live, to its last id; less what was born later and
// is past now. Either is one scan of one table, and a condition that SQLite pushes into the query around it. RelationView
// writes the SQL.

extension Visibility {
  /// Makes the views, one a relation, on a connection that may still create some.
  ///
  /// - Parameters:
  ///   - relations: those that views are wanted of. A relation without one is still found under its name: as the
  ///     current branch's head has it.
  ///   - pending: a commit that is being written on top, and its lane: what it adds is seen, what it retires is not.
  ///   - showsIDs: whether every view has the row's `id` as its first column, to be retired by or ordered by.
  ///   - prefix: stands before every view's name, so that two revisions can be read side by side.
  func install(
    _ relations: Set<Relation> = Set(Relation.allCases), in connection: Connection,
    pending: (commit: Int64, lane: Lane)? = nil, showsIDs: Bool = false,
    prefix: String = ""
  ) throws {
    guard !relations.isEmpty else { return }
    let commits = commits + (pending.map { [$0.commit] } ?? [])
    // A commit in the making retires rows after its views are made, and where there are other branches or old rows, a
    // retired row doesn't vanish by becoming past.
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
    let used = try connection.usedRuns()
    for relation in Relation.allCases where relations.contains(relation) {
      var runs = runs[relation] ?? []
      if let pending {
        runs = try Self.adding(connection.nextID(relation, in: pending.lane)...pending.lane.ids.upperBound, to: runs)
      }
      let view = RelationView(
        relation: relation, runs: runs, used: used[relation] ?? [], runTable: "temp.\(prefix)visible_run",
        commitTable: "temp.\(prefix)visible_commit", alias: prefix + relation.name)
      try view.store(for: self, in: connection)
      let sql = view.sql(for: self, showsIDs: showsIDs, isCareful: isCareful)
      try connection.executeScript(
        "DROP VIEW IF EXISTS temp.\(prefix)\(relation.name); CREATE TEMP VIEW \(prefix)\(relation.name) AS \(sql)")
    }
  }

  /// The runs with one more, which touches none of them but perhaps the one before it.
  private static func adding(_ run: ClosedRange<Int64>, to runs: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
    var result: [ClosedRange<Int64>] = []
    let place = runs.firstIndex { $0.lowerBound > run.lowerBound } ?? runs.endIndex
    for run in runs[..<place] + [run] + runs[place...] { result.appendRun(run) }
    return result
  }
}

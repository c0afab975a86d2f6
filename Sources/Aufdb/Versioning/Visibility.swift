// What a revision sees: which row versions of each relation, as id runs less retirements (schema.sql says why).
//
// It is put to use as TEMP views with the relations' names, which shadow the persistent views on this connection. On
// a history without branches every view is "all of X_live", or "X_live up to an id" for an old revision plus what
// lies in X_past; so a query at the head costs what it would cost on a plain table.

/// The set of row versions that one commit sees.
struct Visibility {
  /// The commit's number and its ancestors', ascending.
  let commits: [Int64]
  /// For each relation, disjoint runs of ids in ascending order, as long as they can be.
  let runs: [Relation: [ClosedRange<Int64>]]
  /// Whether some of its rows may lie in X_past.
  let seesPast: Bool
  /// Relations of which it hides rows that X_live still holds, because it retired what another branch keeps.
  let hidesLive: Set<Relation>

  /// - Parameter isTip: whether the commit is the tip of a branch that never left X_live.
  init(_ commit: Int64, isTip: Bool, in connection: Connection) throws {
    commits = try connection.ancestors(of: commit)
    let ancestors = Set(commits)
    var runs: [Relation: [ClosedRange<Int64>]] = [:]
    let statement = try connection.statement(
      """
      SELECT relation, first_id, last_id, commit_seq FROM commit_change
      WHERE first_id IS NOT NULL ORDER BY relation, first_id
      """)
    while try statement.step() {
      guard ancestors.contains(statement.integer(3)), let relation = Relation(rawValue: Int(statement.integer(0)))
      else { continue }
      let (first, last) = (statement.integer(1), statement.integer(2))
      guard first <= last else { throw AufdbError(.badData, "the store is damaged: a run of row ids is empty") }
      if let previous = runs[relation]?.last, previous.upperBound + 1 == first {
        runs[relation]?.removeLast()
        runs[relation]?.append(previous.lowerBound...last)
      } else {
        runs[relation, default: []].append(first...last)
      }
    }
    self.runs = runs
    seesPast = !isTip
    hidesLive = Set(
      try connection.all("SELECT DISTINCT relation, commit_seq FROM retirement WHERE in_live = 1") {
        (Relation(rawValue: Int($0.integer(0))), $0.integer(1))
      }.compactMap { ancestors.contains($1) ? $0 : nil })
  }

  /// Whether it sees a row version that lies in X_live.
  func containsLive(_ relation: Relation, _ id: Int64, in connection: Connection) throws -> Bool {
    guard runs[relation]?.contains(where: { $0.contains(id) }) == true else { return false }
    guard hidesLive.contains(relation) else { return true }
    let retirers = try connection.all(
      "SELECT commit_seq FROM retirement WHERE relation = ?1 AND row_id = ?2", .integer(Int64(relation.rawValue)),
      .integer(id)
    ) { $0.integer(0) }
    return !retirers.contains { sequence in commits.contains(sequence) }
  }

  /// Makes the TEMP views, one a relation, on a connection that may still create some.
  ///
  /// - Parameters:
  ///   - nextIDs: for a commit that is being written: ids from these on are seen too.
  ///   - showsIDs: whether every view has the row's `id` as its first column, to be retired by or ordered by.
  ///   - prefix: stands before every view's name, so that two revisions can be read side by side.
  func install(
    in connection: Connection, nextIDs: [Relation: Int64]? = nil, showsIDs: Bool = false, prefix: String = ""
  ) throws {
    try connection.executeScript(
      """
      DROP TABLE IF EXISTS temp.\(prefix)visible_run;
      DROP TABLE IF EXISTS temp.\(prefix)visible_commit;
      CREATE TEMP TABLE \(prefix)visible_run (relation INTEGER, first_id INTEGER, last_id INTEGER);
      CREATE TEMP TABLE \(prefix)visible_commit (seq INTEGER PRIMARY KEY);
      """)
    if seesPast || !hidesLive.isEmpty {
      let insert = try connection.statement("INSERT INTO temp.\(prefix)visible_commit VALUES (?1)")
      for commit in commits { try insert.run(.integer(commit)) }
    }
    let counters = try connection.all("SELECT code, next_id FROM relation") { ($0.integer(0), $0.integer(1)) }
    for (code, counter) in counters {
      guard let relation = Relation(rawValue: Int(code)) else { continue }
      var runs = runs[relation] ?? []
      if let next = nextIDs?[relation] {
        let isContinued = runs.last.map { $0.upperBound + 1 == next } ?? false
        runs.append((isContinued ? runs.removeLast().lowerBound : next)...Int64.max)
      }
      let columns = (showsIDs ? ["id"] : []) + relation.columns
      let sql = try select(
        relation, columns, runs: runs, everything: max(1, counter - 1), prefix: prefix, in: connection)
      try connection.executeScript(
        "DROP VIEW IF EXISTS temp.\(prefix)\(relation.name); CREATE TEMP VIEW \(prefix)\(relation.name) AS \(sql)")
    }
  }

  private func select(
    _ relation: Relation, _ columns: [String], runs: [ClosedRange<Int64>], everything lastID: Int64,
    prefix: String, in connection: Connection
  ) throws -> String {
    let isAll = runs.count == 1 && runs[0].lowerBound <= 1 && runs[0].upperBound >= lastID
    if !isAll, runs.count > 8 {
      let insert = try connection.statement("INSERT INTO temp.\(prefix)visible_run VALUES (?1, ?2, ?3)")
      for run in runs {
        try insert.run(.integer(Int64(relation.rawValue)), .integer(run.lowerBound), .integer(run.upperBound))
      }
    }
    func part(_ table: String, lessRetired: Bool) -> String {
      var from = "main.\(table) AS t"
      var conditions: [String] = []
      if runs.isEmpty {
        conditions.append("0")
      } else if !isAll, runs.count > 8 {
        from = "temp.\(prefix)visible_run AS v CROSS JOIN \(from)"
        conditions.append("v.relation = \(relation.rawValue) AND t.id BETWEEN v.first_id AND v.last_id")
      } else if !isAll {
        let between = runs.map { "t.id BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
        conditions.append("(\(between.joined(separator: " OR ")))")
      }
      if lessRetired {
        conditions.append(
          """
          NOT EXISTS (SELECT 1 FROM main.retirement AS r WHERE r.relation = \(relation.rawValue) AND r.row_id = t.id
            AND r.commit_seq IN temp.\(prefix)visible_commit)
          """)
      }
      return "SELECT \(columns.map { "t.\($0)" }.joined(separator: ", ")) FROM \(from)"
        + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
    }
    let live = part(relation.liveTable, lessRetired: hidesLive.contains(relation))
    return seesPast ? live + " UNION ALL " + part(relation.pastTable, lessRetired: true) : live
  }
}

extension Connection {
  /// The numbers of a commit and all its ancestors, ascending.
  ///
  /// - Complexity: linear in their number.
  func ancestors(of commit: Int64) throws -> [Int64] {
    let parents = try statement("SELECT parent_seq FROM commit_parent WHERE commit_seq = ?1")
    var seen: Set<Int64> = [commit]
    var waiting = [commit]
    while let next = waiting.popLast() {
      parents.bind(1, next)
      while try parents.step() {
        let parent = parents.integer(0)
        if seen.insert(parent).inserted { waiting.append(parent) }
      }
      parents.reset()
    }
    return seen.sorted()
  }

  /// What the commit `sequence` sees.
  func visibility(of sequence: Int64) throws -> Visibility {
    let isTip = try integer(
      "SELECT count(*) FROM ref WHERE kind = 'branch' AND commit_seq = ?1 AND sees_past = 0", .integer(sequence))
    return try Visibility(sequence, isTip: isTip > 0, in: self)
  }
}

extension Store {
  /// Lends a connection whose relations are what `revision` sees.
  func read<T>(at revision: Revision, _ body: (Connection, Commit) throws -> T) throws -> T {
    try read { connection in
      let sequence = try connection.resolve(revision)
      try connection.visibility(of: sequence).install(in: connection)
      return try body(connection, connection.commit(sequence))
    }
  }
}

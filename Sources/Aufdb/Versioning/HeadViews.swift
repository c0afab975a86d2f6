// The persistent views, which show the current branch's head to any SQLite tool.
//
// A store with one branch has the views of schema.sql. They are rewritten, in the transaction that makes it necessary,
// when the current branch sees less than all that is live (another branch has rows of its own) or more (it began at an old
// commit). They are written with literal id runs, or through head_run and head_commit where there are many.

extension Connection {
  /// Makes the persistent views show the current branch's head, if they don't already.
  ///
  /// - Complexity: constant for a branch that is alone and sees all that is live; otherwise linear in the number of
  ///   commits, whose runs and numbers are written anew where the views ask for them.
  func refreshHeadViews() throws {
    // One branch that has always been alone, or whose views were plain when it became so, sees all that is live.
    let isPlainForSure = try integer(
      """
      SELECT (SELECT count(*) FROM ref WHERE kind = 'branch') = 1
        AND (SELECT max(sees_past) FROM ref WHERE kind = 'branch') = 0
        AND (SELECT value FROM setting WHERE name = 'head_views') IS 'plain'
      """)
    guard isPlainForSure == 0 else { return }
    let sql = try headViews()
    let stored = Dictionary(
      try all("SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'") { ($0.string(0), $0.string(1)) },
      uniquingKeysWith: { first, _ in first })
    let changed = Relation.allCases.filter { stored[$0.name] != sql.views[$0] }
    for relation in changed {
      try execute("DROP VIEW IF EXISTS main.\(relation.name)")
      if let view = sql.views[relation] { try execute(view) }
    }
    try execute("UPDATE setting SET value = ?1 WHERE name = 'head_views'", .text(sql.isPlain ? "plain" : "written"))
    // Row by row: emptying a table at once is a single step, which nothing would end in a damaged file.
    try execute("DELETE FROM main.head_run WHERE true")
    try execute("DELETE FROM main.head_commit WHERE true")
    let insertRun = try statement("INSERT INTO main.head_run VALUES (?1, ?2, ?3)")
    for (relation, run) in sql.runs {
      try insertRun.run(.integer(Int64(relation.rawValue)), .integer(run.lowerBound), .integer(run.upperBound))
    }
    if sql.usesTables {
      let insert = try statement("INSERT INTO main.head_commit VALUES (?1)")
      for commit in sql.commits { try insert.run(.integer(commit)) }
    }
  }

  /// What the persistent views are to be.
  struct HeadViews {
    /// The CREATE VIEW of each relation, as SQLite keeps it.
    var views: [Relation: String] = [:]
    /// What head_run holds.
    var runs: [(Relation, ClosedRange<Int64>)] = []
    /// What head_commit holds, if some view asks for it.
    var commits: [Int64] = []
    var usesTables = false
    /// Whether all are those of schema.sql.
    var isPlain = true
  }

  /// Computes the persistent views from history.
  func headViews() throws -> HeadViews {
    let branch = try currentBranch()
    let tip = try first("SELECT commit_seq FROM ref WHERE name = ?1 AND kind = 'branch'", .text(branch)) {
      $0.integer(0)
    }
    guard let tip else { throw AufdbError(.badData, "the store is damaged: the current branch '\(branch)' is missing") }
    let visibility = try visibility(of: tip)
    var result = HeadViews()
    result.commits = visibility.commits
    let used = try usedRuns()
    for relation in Relation.allCases {
      let view = RelationView(
        relation: relation, runs: visibility.runs[relation] ?? [], used: used[relation] ?? [], runTable: "head_run",
        commitTable: "head_commit")
      guard !view.isPlain(for: visibility) else {
        result.views[relation] = Schema.view(relation.name)
        continue
      }
      let sql = view.sql(for: visibility)
      result.views[relation] = "CREATE VIEW \(relation.name) AS \(sql.replacing("main.", with: ""))"
      result.isPlain = false
      result.usesTables = result.usesTables || sql.contains("head_commit")
      result.runs += view.storedRuns(for: visibility).map { (relation, $0) }
    }
    return result
  }
}

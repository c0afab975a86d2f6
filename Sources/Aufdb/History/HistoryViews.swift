// TEMP views X_history, one a relation: every version of every row that a revision ever saw, with the commits that bore
// and retired it.
//
// Each is a SELECT from one table, and all about commits is looked up in expressions. So SQLite melts a view into the
// query around it, whatever is joined: a condition on the key goes through the relation's index, and what isn't asked
// for isn't computed.

enum HistoryViews {
  /// What a view has behind its relation's columns. None of these is a column of any relation.
  static let columns = ["born_commit", "born_by", "born_at", "retired_commit", "retired_by", "retired_at"]

  static func name(_ relation: Relation) -> String { relation.name + "_history" }

  /// Makes the views that a query mentions. It costs nothing where there are none.
  ///
  /// - Parameter commit: the revision's number.
  static func install(mentionedIn words: QueryWords, at commit: Int64, in connection: Connection) throws {
    let mentioned = Relation.allCases.filter { words.contains(name($0)) }
    guard !mentioned.isEmpty else { return }
    let commits = try connection.history(of: commit)
    for relation in mentioned {
      try connection.executeScript(
        """
        DROP VIEW IF EXISTS temp.\(name(relation));
        CREATE TEMP VIEW \(name(relation)) AS \(select(VersionSQL(relation, commits: commits, in: connection)))
        """)
    }
  }

  private static func select(_ version: VersionSQL) -> String {
    let expressions = [version.birth, version.retirement].flatMap { commit in
      ["lower(hex(c.id))", "c.author", "strftime('%Y-%m-%dT%H:%M:%fZ', c.time / 1000.0, 'unixepoch')"].map {
        "(SELECT \($0) FROM main.commit_log AS c WHERE c.seq = \(commit))"
      }
    }
    let columns =
      version.relation.columns.map { "t.\($0) AS \($0)" } + zip(expressions, columns).map { "\($0) AS \($1)" }
    return """
      SELECT \(columns.joined(separator: ",\n  "))
      FROM main.\(version.relation.table) AS t WHERE \(version.isBorn)
      """
  }
}

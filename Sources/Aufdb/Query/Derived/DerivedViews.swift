// The derived relations at a query's revision: pairs, coverage, judge_agreement and length_bias as TEMP views, and
// leaderboard as a TEMP table.
//
// Those that are plain SQL stand in schema.sql, as views of the current branch's head for any SQLite tool. The very
// same text is taken from there, and reads the TEMP views that Visibility has made in place of the persistent ones.

enum DerivedViews {
  /// Those that are views in schema.sql, each after those that it reads.
  static let views = ["pairs", "coverage", "judge_agreement", "length_bias"]

  /// All of them.
  static let names = views + [Leaderboard.name]

  /// Makes those that a query may mean: whose names, behind the prefix, occur in its text as words, in any case and any
  /// place. It costs nothing where none does.
  ///
  /// - Parameters:
  ///   - prefix: that of the relations, which are there already, and of what is made.
  ///   - connection: one that may still create views.
  static func install(mentionedIn sql: String, prefix: String = "", in connection: Connection) throws {
    let words = words(of: sql)
    var wanted = names.filter { words.contains((prefix + $0).lowercased()) }
    // What a view reads comes before it.
    for view in views.reversed() where wanted.contains(view) {
      let read = Self.words(of: body(of: view))
      wanted += views.filter { read.contains($0) && !wanted.contains($0) }
    }
    for view in views where wanted.contains(view) {
      try connection.executeScript(
        """
        DROP VIEW IF EXISTS temp.\(prefix)\(view);
        CREATE TEMP VIEW \(prefix)\(view) AS \(moved(body(of: view), to: prefix))
        """)
    }
    if wanted.contains(Leaderboard.name) { try Leaderboard.install(prefix: prefix, in: connection) }
  }

  /// All that could be a name, in lower case.
  private static func words(of sql: String) -> Set<String> {
    Set(sql.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }.map(String.init))
  }

  /// The SELECT of a view.
  static func body(of view: String) -> String {
    String((Schema.view(view) ?? "").dropFirst("CREATE VIEW \(view) AS".count))
  }

  /// The same SELECT over the TEMP views whose names begin with a prefix.
  static func moved(_ body: String, to prefix: String) -> String {
    (Relation.allCases.map(\.name) + views).reduce(body) { body, name in
      ["FROM", "JOIN"].reduce(body) { $0.replacing("\($1) \(name) AS ", with: "\($1) temp.\(prefix)\(name) AS ") }
    }
  }
}

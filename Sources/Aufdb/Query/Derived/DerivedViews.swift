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

  /// Makes those that a query mentions behind a prefix. It costs nothing where there are none.
  ///
  /// - Parameters:
  ///   - prefix: that of the relations, which are there already, and of what is made.
  ///   - connection: one that may still create views.
  static func install(mentionedIn words: QueryWords, prefix: String = "", in connection: Connection) throws {
    for view in read(by: words, prefix) {
      try connection.executeScript(
        """
        DROP VIEW IF EXISTS temp.\(prefix)\(view);
        CREATE TEMP VIEW \(prefix)\(view) AS \(moved(body(of: view), to: prefix))
        """)
    }
    if words.contains(prefix + Leaderboard.name) { try Leaderboard.install(prefix: prefix, in: connection) }
  }

  /// The relations that are read by those that a query mentions.
  static func relations(mentionedIn words: QueryWords, prefix: String) -> Set<Relation> {
    let bodies = read(by: words, prefix).map { QueryWords(body(of: $0)) }
    let relations = Relation.allCases.filter { relation in bodies.contains { $0.contains(relation.name) } }
    return Set(relations + (words.contains(prefix + Leaderboard.name) ? [.labels] : []))
  }

  /// The views that a query mentions, and those that these read, each after those that it reads.
  private static func read(by words: QueryWords, _ prefix: String) -> [String] {
    var wanted = Set(views.filter { words.contains(prefix + $0) })
    for view in views.reversed() where wanted.contains(view) {
      let read = QueryWords(body(of: view))
      wanted.formUnion(views.filter(read.contains))
    }
    return views.filter(wanted.contains)
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

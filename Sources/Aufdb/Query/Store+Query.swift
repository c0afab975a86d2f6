// SQL over what a revision sees.
//
// A script is one or more statements. All of it is compiled before any of it runs, so that nothing comes out of one that
// is wrong; then its statements run one after the other, inside one read transaction: everything read is of one moment.

extension Store {
  /// Runs a script of SELECTs (or VALUES, or EXPLAIN) over a revision, and lends each one's rows to `body`.
  ///
  /// The relations have the names and columns of `Relation`; `commits`, `branches` and `tags` show the whole history
  /// whatever the revision is. `X_history` has every version that the revision ever saw of relation X's rows, with the
  /// commits that bore and retired it (HistoryViews.swift), and `X_diff('main~1', 'main')` what differs between two
  /// revisions, the second of which is the script's by default (DiffColumns.swift). Relation X of another revision that
  /// is named `past` is `past_X` (OtherRevision.swift). What functions there are beside SQLite's,
  /// Functions/FunctionPage.swift says.
  ///
  /// Memory doesn't grow with the number of rows, apart from what SQLite itself needs to sort and group, which it puts
  /// into a temporary file. What bounds a script stands in QueryLimits.swift.
  ///
  /// - Parameters:
  ///   - sql: statements with semicolons between them. They can read, and nothing else.
  ///   - shouldContinue: asked every 10,000 steps of SQLite's machine, some thousand times a second, whether anybody
  ///     still wants the answer; false interrupts the script. It must not use the store.
  ///   - body: takes the rows of one statement after the other. Rows that it leaves are never computed.
  /// - Throws: `.refused` for SQL that is wrong, would do more than read, or takes too long, and for an unknown
  ///   revision; `.usage` for a parameter without a value, a value that no statement has a parameter for, and options
  ///   out of range; and whatever `body` throws.
  public func queryScript(
    _ sql: String, _ options: QueryOptions = QueryOptions(), while shouldContinue: (() -> Bool)? = nil,
    _ body: (borrowing QueryRows) throws -> Void
  ) throws {
    // What `body` throws goes around the reading, which would take it for an error of the store.
    let outcome = try readScript(sql, options) { run in try run.statements(lending: body, while: shouldContinue) }
    try outcome.get()
  }

  /// Compiles a script, and runs none of it. Its parameters need no values.
  ///
  /// - Throws: as `queryScript` does, but for what only running it would show.
  func checkScript(_ sql: String, _ options: QueryOptions) throws {
    try readScript(sql, options) { run in try run.check() }
  }

  private func readScript<T>(_ sql: String, _ options: QueryOptions, _ body: (QueryRun) throws -> T) throws -> T {
    try options.check()
    let script = try QueryScript(sql, file: options.file)
    let words = QueryWords(sql)
    return try read(at: options.revision, only: QueryMentions.relations(words)) { connection, commit in
      let mentions = try QueryMentions(words, options, commit: commit.sequence, connection)
      defer { mentions.remove() }
      return try QueryGuard.run(on: connection) { guardian in
        try body(QueryRun(script, options, mentions, guardian, connection))
      }
    }
  }

  /// Runs one statement, as `queryScript` would, and gives what `body` makes of its rows.
  ///
  /// - Throws: as `queryScript` does; `.refused` for more than one statement.
  public func query<Result>(
    _ sql: String, at revision: Revision = .head, parameters: [String: SQLValue] = [:],
    while shouldContinue: (() -> Bool)? = nil, _ body: (borrowing QueryRows) throws -> Result
  ) throws -> Result {
    var result: Result?
    try queryScript(sql, QueryOptions(revision: revision, parameters: parameters), while: shouldContinue) { rows in
      guard rows.statementCount == 1 else {
        throw AufdbError(.refused, "more than one SQL statement", hint: "one is expected here")
      }
      result = try body(rows)
    }
    guard let result else { throw AufdbError(.internalDefect, "a query that wasn't run") }
    return result
  }
}

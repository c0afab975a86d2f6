// SQL over what a revision sees.

extension Store {
  /// Runs one SELECT (or VALUES, or EXPLAIN) over a revision, and lends its rows to `body`.
  ///
  /// The relations have the names and columns of `Relation`; `commits`, `branches` and `tags` show the whole history
  /// whatever the revision is. `X_history` has every version that the revision ever saw of relation X's rows, with the
  /// commits that bore and retired it (HistoryViews.swift), and `X_diff('main~1', 'main')` what differs between two
  /// revisions, the second of which is `revision` by default (DiffColumns.swift). `vector_json(element, vector)` and
  /// `cosine(element, a, b)` read embeddings (VectorFunctions.swift). Everything read is of one moment.
  /// Memory doesn't grow with the number of rows, apart from what SQLite itself needs to sort and group, which it puts
  /// into a temporary file.
  ///
  /// - Parameters:
  ///   - sql: one statement. It can read, and nothing else.
  ///   - parameters: values for the statement's parameters, by name; `name` fills `:name`, `@name` and `$name`.
  ///   - shouldContinue: asked every 10,000 steps of SQLite's machine, some thousand times a second, whether anybody
  ///     still wants the answer; false interrupts the query. It must not use the store.
  /// - Throws: `.refused` for SQL that is wrong, or would do more than read, and for an unknown revision; `.usage` for
  ///   a parameter without a value or a value without a parameter; and whatever `body` throws.
  public func query<Result>(
    _ sql: String, at revision: Revision = .head, parameters: [String: SQLValue] = [:],
    while shouldContinue: (() -> Bool)? = nil, _ body: (borrowing QueryRows) throws -> Result
  ) throws -> Result {
    // What `body` throws goes around the reading, which would take it for an error of the store.
    let outcome: Swift.Result<Result, any Error> = try read(at: revision) { connection, commit in
      try HistoryViews.install(mentionedIn: sql, at: commit.sequence, in: connection)
      let diffs = DiffTables(revision, commit: commit.sequence, in: connection)
      defer { diffs.unregister() }
      try diffs.register(mentionedIn: sql)
      try VectorFunctions.register(mentionedIn: sql, in: connection)
      return try QueryGuard.run(on: connection) { guardian in
        try connection.interrupting(unless: shouldContinue) {
          let rows = try connection.queryRows(sql, parameters, guardian, diffs)
          do {
            return .success(try body(rows))
          } catch {
            return .failure(error)
          }
        }
      }
    }
    return try outcome.get()
  }
}

extension Connection {
  fileprivate func queryRows(
    _ sql: String, _ parameters: [String: SQLValue], _ guardian: QueryGuard, _ diffs: DiffTables
  ) throws(AufdbError) -> QueryRows {
    let statement: SQLStatement
    do throws(AufdbError) {
      statement = try self.statement(sql)
    } catch {
      if let refusal = guardian.refusal { throw refusal }
      // A write to a view or to the schema, which SQLite refuses before it asks the guard.
      if error.message.hasPrefix("cannot modify ") || error.message.hasSuffix(" may not be modified") {
        throw guardian.refuse()
      }
      throw NameHint.added(to: diffs.explained(error.ofQuery), in: self)
    }
    // A statement without columns, such as VACUUM, does something; which the authorizer may not have been asked.
    guard statement.columnCount > 0 else { throw guardian.refuse() }
    try QueryParameters.bind(parameters, to: statement)
    return QueryRows(statement, diffs)
  }
}

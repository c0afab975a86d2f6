// The run of one script: its statements are compiled, get their parameters, and give their rows, one after the other.

import GRDBSQLite

/// A script on the connection that runs it, under guard.
struct QueryRun {
  /// A statement that is ready to run.
  private struct Ready {
    let statement: SQLStatement
    /// Where it begins in the script, in bytes.
    let offset: Int
    /// Whether its rows are a plan.
    let isPlan: Bool
  }

  private let script: QueryScript
  private let options: QueryOptions
  private let mentions: QueryMentions
  private let guardian: QueryGuard
  private let connection: Connection
  private let clock: QueryClock

  init(
    _ script: QueryScript, _ options: QueryOptions, _ mentions: QueryMentions, _ guardian: QueryGuard,
    _ connection: Connection
  ) {
    self.script = script
    self.options = options
    self.mentions = mentions
    self.guardian = guardian
    self.connection = connection
    clock = QueryClock(limitSeconds: options.timeoutSeconds, for: options.caller)
  }

  /// Lends the rows of each statement to `body`, and gives what that throws; what the SQL is to blame for is thrown.
  func statements(
    lending body: (borrowing QueryRows) throws -> Void, while shouldContinue: (() -> Bool)?
  ) throws -> Result<Void, any Error> {
    let all = try compiled()
    try bind(all)
    let isEndless = options.timeoutSeconds == nil && shouldContinue == nil
    let isWanted = { !clock.isOver && shouldContinue?() ?? true }
    return connection.interrupting(unless: isEndless ? nil : isWanted) {
      for (index, ready) in all.enumerated() {
        clock.restart()
        let rows = QueryRows(
          ready.statement, place: (index, all.count), isPlan: ready.isPlan, rowLimit: options.rowLimit, clock: clock
        ) { error in explained(error, ready, of: all.count) }
        do {
          if guardian.hasCounting {
            try CountingAlarm.set(on: connection) { try body(rows) }
          } else {
            try body(rows)
          }
        } catch {
          return .failure(error)
        }
        // Done with, and so is what it sorted and gathered.
        ready.statement.reset()
      }
      return .success(())
    }
  }

  /// Compiles all of it, and does no more.
  func check() throws(AufdbError) { _ = try compiled() }

  /// Compiles all of it.
  private func compiled() throws(AufdbError) -> [Ready] {
    var all: [Ready] = []
    var offset = script.start(after: 0)
    while offset < script.count {
      let (statement, end) = try compiled(at: offset)
      if let statement { all.append(statement) }
      guard all.count <= QueryLimits.statementCount else {
        throw AufdbError(.refused, "the SQL has more than \(QueryLimits.statementCount) statements")
      }
      offset = script.start(after: end)
    }
    guard !all.isEmpty else {
      throw AufdbError(
        .refused, "the SQL is empty", hint: "for example SELECT count(*) FROM labels",
        at: script.file.map { AufdbError.Place(file: $0) })
    }
    return all
  }

  /// Compiles the statement at `offset`; nil for a semicolon alone.
  private func compiled(at offset: Int) throws(AufdbError) -> (Ready?, end: Int) {
    let (statement, end): (SQLStatement?, Int)
    do throws(AufdbError) {
      (statement, end) = try script.statement(at: offset, on: connection)
    } catch {
      let distance = Int(sqlite3_error_offset(connection.handle))
      // What is missing is missing at the end.
      let isCutOff = error.message == "incomplete input"
      let place = isCutOff ? script.count : distance < 0 ? nil : offset + distance
      throw script.located(failure(error, at: place, inStatementAt: offset), at: place, inStatementAt: offset)
    }
    guard let statement else { return (nil, end) }
    // A statement without columns, such as VACUUM, does something; which the authorizer may not have been asked.
    guard statement.columnCount > 0, statement.isReadOnly else {
      throw script.located(guardian.refuse(), at: nil, inStatementAt: offset)
    }
    guard options.isExplained, !statement.isExplanation else {
      return (Ready(statement: statement, offset: offset, isPlan: statement.isQueryPlan), end)
    }
    let plan = try connection.statement("EXPLAIN QUERY PLAN " + script.text(offset..<end))
    return (Ready(statement: plan, offset: offset, isPlan: true), end)
  }

  /// What an error of compiling is in words.
  ///
  /// - Parameters:
  ///   - place: of what is wrong, in the script; nil where SQLite gives none.
  ///   - start: of the statement.
  private func failure(_ error: AufdbError, at place: Int?, inStatementAt start: Int) -> AufdbError {
    if let refusal = guardian.refusal { return refusal }
    // A write to a view or to the schema, which SQLite refuses before it asks the guard.
    if error.message.hasPrefix("cannot modify ") || error.message.hasSuffix(" may not be modified") {
      return guardian.refuse()
    }
    var explained = mentions.explained(QueryLimits.explained(error).ofQuery)
    if explained.hint == nil, place == start {
      explained.hint = ForeignStatement.hint(for: script.text(start..<min(start + 200, script.count)), options.caller)
    }
    return NameHint.added(
      to: explained, isQuoted: place.map(script.isQuoted) ?? false, others: options.others, for: options.caller,
      in: connection)
  }

  /// What an error of running is in words.
  private func explained(_ error: AufdbError, _ ready: Ready, of count: Int) -> AufdbError {
    if let damage = connection.watch?.damage { return damage }
    let error = clock.explained(mentions.explained(QueryLimits.explained(error).ofQuery))
    return count == 1 && script.file == nil ? error : script.located(error, at: nil, inStatementAt: ready.offset)
  }

  private func bind(_ all: [Ready]) throws(AufdbError) {
    try QueryParameters.bind(options.parameters, to: all.map(\.statement), file: script.file, for: options.caller)
  }
}

// What a query may mention beyond the relations themselves: their histories and differences, functions, and the views
// of further revisions.
//
// Each is made only for a query whose text mentions it by name, in any case and any place, before the guard goes up:
// most queries mention none, and a name that stands in a comment makes something that nobody asks.

/// What has been made for one script, on one connection, for as long as it runs.
struct QueryMentions {
  private let diffs: DiffTables

  /// Makes what `sql` mentions.
  ///
  /// - Parameters:
  ///   - sql: the whole script.
  ///   - commit: the number of the commit that the script reads, whose views are in place.
  init(in sql: String, _ options: QueryOptions, commit: Int64, _ connection: Connection) throws {
    for other in options.others { try other.install(mentionedIn: sql, in: connection) }
    try DerivedViews.install(mentionedIn: sql, in: connection)
    try HistoryViews.install(mentionedIn: sql, at: commit, in: connection)
    try QueryFunctions.register(mentionedIn: sql, in: connection)
    diffs = DiffTables(options.revision, commit: commit, in: connection)
    try diffs.register(mentionedIn: sql)
  }

  /// Takes away what can't stay. No statement of the script may be left.
  func remove() { diffs.unregister() }

  /// What to throw for an error that a statement ended with: that of a function says more than SQLite passes on.
  func explained(_ error: AufdbError) -> AufdbError { diffs.explained(error) }
}

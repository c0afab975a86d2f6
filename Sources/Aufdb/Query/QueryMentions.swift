// What a query may mention: relations, what is derived from them, their histories and differences, functions, and the
// views of further revisions.
//
// Each is made only for a query among whose words its name is (QueryWords.swift), before the guard goes up: most queries
// mention a few relations and nothing else.

/// What has been made for one script, on one connection, for as long as it runs.
struct QueryMentions {
  private let diffs: DiffTables

  /// Makes what a script mentions, apart from its own revision's relations.
  ///
  /// - Parameters:
  ///   - words: those of the whole script.
  ///   - commit: the number of the commit that the script reads, whose `relations` are in place.
  init(_ words: QueryWords, _ options: QueryOptions, commit: Int64, _ connection: Connection) throws {
    for other in options.others { try other.install(mentionedIn: words, in: connection) }
    try DerivedViews.install(mentionedIn: words, in: connection)
    try HistoryViews.install(mentionedIn: words, at: commit, in: connection)
    try QueryFunctions.register(mentionedIn: words, in: connection)
    diffs = DiffTables(options.revision, commit: commit, in: connection)
    try diffs.register(mentionedIn: words)
  }

  /// The relations that a script reads: those that it mentions, and those that what it mentions is made of.
  ///
  /// - Parameter prefix: of their names.
  static func relations(_ words: QueryWords, prefix: String = "") -> Set<Relation> {
    var relations = DerivedViews.relations(mentionedIn: words, prefix: prefix)
    for relation in Relation.allCases where words.contains(prefix + relation.name) { relations.insert(relation) }
    if words.contains(NearestTable.name) { relations.insert(.embeddings) }
    return relations
  }

  /// Takes away what can't stay. No statement of the script may be left.
  func remove() { diffs.unregister() }

  /// What to throw for an error that a statement ended with: that of a function says more than SQLite passes on.
  func explained(_ error: AufdbError) -> AufdbError { diffs.explained(error) }
}

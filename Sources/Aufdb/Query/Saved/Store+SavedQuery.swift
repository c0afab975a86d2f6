// Keeping queries, finding them and forgetting them.

import AufdbAcquisition

extension Store {
  /// Saves a query on a branch, or changes the one of that name, with one commit.
  ///
  /// Its SQL is compiled first, as the branch's tip would run it, so that what can't work isn't kept. White space around
  /// it doesn't count.
  ///
  /// - Parameters:
  ///   - query: without a description it keeps the one that it has; an empty one removes it.
  ///   - others: further revisions that the SQL reads by the names given here; these aren't saved with it.
  ///   - file: where the SQL comes from, for messages.
  /// - Returns: the commit; nil where it is saved like this already.
  /// - Throws: `.usage` for a name that can't be one; `.refused` for SQL that is wrong, or would do more than read.
  @discardableResult
  public func saveQuery(
    _ query: SavedQuery, with others: [OtherRevision] = [], file: String? = nil, context: CommitContext
  ) throws -> Commit? {
    try SavedQuery.check(name: query.name)
    let sql = Self.trimmed(query.sql)
    let tip = try context.branch.map { try Revision($0) } ?? .head
    try checkScript(sql, QueryOptions(revision: tip, others: others, file: file))
    let (commit, _) = try commit(context) { change -> (CommitNote, Void) in
      let old = try change.connection.first(
        "SELECT id, sql, description FROM queries WHERE name = ?1", .text(query.name)
      ) { (id: $0.integer(0), sql: $0.value(1), description: $0.value(2)) }
      let description: SQLValue =
        switch query.description {
        case nil: old?.description ?? .null
        case "": .null
        case .some(let text): .text(text)
        }
      let note = CommitNote(
        message: "\(old == nil ? "Save" : "Change") the query \(query.name)",
        operation: Operation(
          "query",
          [
            "save": .text(query.name), "sql": .text(sql), "description": query.description.map { .text($0) } ?? .null,
          ]))
      if let old, old.sql == .text(sql), old.description == description { return (note, ()) }
      if let old { try change.retire(.queries, old.id) }
      let writer = try change.writer(.queries)
      writer.text(query.name)
      writer.text(sql)
      if case .text(let text) = description { writer.text(text) } else { writer.null() }
      try writer.insert()
      return (note, ())
    }
    return commit
  }

  /// Forgets a query on a branch, with one commit. History keeps it.
  ///
  /// - Throws: `.refused` for a name that the branch's tip has no query of.
  @discardableResult
  public func deleteQuery(_ name: String, context: CommitContext) throws -> Commit? {
    let (commit, _) = try commit(context) { change -> (CommitNote, Void) in
      let connection = change.connection
      let id = try connection.first("SELECT id FROM queries WHERE name = ?1", .text(name)) { $0.integer(0) }
      guard let id else { throw Self.unknownQuery(name, among: try connection.savedQueries().map(\.name)) }
      try change.retire(.queries, id)
      return (
        CommitNote(message: "Forget the query \(name)", operation: Operation("query", ["forget": .text(name)])), ()
      )
    }
    return commit
  }

  /// The queries that a revision has, by their names.
  public func savedQueries(at revision: Revision = .head) throws -> [SavedQuery] {
    try read(at: revision) { connection, _ in try connection.savedQueries() }
  }

  /// The query of a name: as the revision has it or, where that has none, as the current branch has it, so that what was
  /// written today can be asked of the past.
  ///
  /// - Throws: `.refused` for a name that neither has, and for an unknown revision.
  public func savedQuery(_ name: String, at revision: Revision = .head) throws -> SavedQuery {
    let there = try savedQueries(at: revision)
    if let query = there.first(where: { $0.name == name }) { return query }
    let now = try savedQueries()
    guard let query = now.first(where: { $0.name == name }) else {
      throw Self.unknownQuery(name, among: (there + now).map(\.name))
    }
    return query
  }

  private static func unknownQuery(_ name: String, among names: [String]) -> AufdbError {
    let saved = Array(Set(names)).sorted()
    let hint =
      saved.nearest(to: name).map { "did you mean \($0)?" }
      ?? (saved.isEmpty
        ? "`aufdb query STORE --save NAME SQL` saves one" : "saved here: \(saved.prefix(20).joined(separator: ", "))")
    return AufdbError(.refused, "there is no saved query \(name.quoted)", hint: hint)
  }

  private static func trimmed(_ text: String) -> String {
    let isBlank = { (character: Character) in character.isWhitespace }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

extension Connection {
  /// Those that it shows.
  fileprivate func savedQueries() throws -> [SavedQuery] {
    try all("SELECT name, sql, description FROM queries ORDER BY name") {
      SavedQuery(name: $0.string(0), sql: $0.string(1), description: $0.optionalString(2))
    }
  }
}

// What an upgrade demands of an old store's schema before it changes anything.

extension Connection {
  /// Makes sure that the schema has what an old format has, and nothing else that would be lost or in the way.
  ///
  /// - Parameter known: the names of all tables, views and indexes of that format, apart from SQLite's own.
  /// - Throws: `.badData` where one is missing, `.refused` for one that somebody added.
  func requireObjects(_ known: [String]) throws {
    let found = Set(
      try all("SELECT name FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'") { $0.string(0) })
    let known = Set(known)
    if let name = known.subtracting(found).min() {
      throw AufdbError(.badData, "the store is damaged: the schema's '\(name)' is missing")
    }
    if let name = found.subtracting(known).min() {
      throw AufdbError(
        .refused, "the store has '\(name)' in its schema, which is none of aufdb's", hint: "drop it and try again")
    }
  }
}

// What an upgrade demands of an old store's schema before it changes anything.

extension Connection {
  /// Makes sure that the schema has what an old format has, and nothing else that would be lost, in the way, or run.
  ///
  /// - Parameter known: all tables, views and indexes of that format, apart from SQLite's own: name -> type.
  /// - Throws: `.badData` where one is missing or something else, `.refused` for one that somebody added.
  func requireObjects(_ known: [String: String]) throws {
    let objects = try all(
      "SELECT name, type FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' OR type = 'trigger'"
    ) { (name: $0.string(0), type: $0.string(1)) }
    // A trigger may have a table's name.
    if let name = objects.filter({ $0.type == "trigger" }).map(\.name).min() {
      throw AufdbError(
        .refused, "the store has the trigger \(name.quoted) in its schema, which is none of aufdb's",
        hint: "drop it and try again")
    }
    let found = Dictionary(objects.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    if let name = known.keys.filter({ found[$0] == nil }).min() {
      throw AufdbError(.badData, "the store is damaged: the schema's '\(name)' is missing")
    }
    if let name = known.keys.filter({ found[$0] != known[$0] }).min() {
      throw AufdbError(.badData, "the store is damaged: the schema's '\(name)' is no \(known[name] ?? "object")")
    }
    if let name = found.keys.filter({ known[$0] == nil }).min() {
      throw AufdbError(
        .refused, "the store has \(name.quoted) in its schema, which is none of aufdb's", hint: "drop it and try again")
    }
  }
}

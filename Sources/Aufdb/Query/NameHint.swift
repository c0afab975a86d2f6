// What was probably meant by a table or column that doesn't exist.

import AufdbAcquisition

/// Finds the names nearest to one that SQLite doesn't know, among those that a query is meant to use.
enum NameHint {
  /// The error with a hint, if it is about an unknown table or column.
  static func added(to error: AufdbError, in connection: Connection) -> AufdbError {
    guard error.hint == nil else { return error }
    var hinted = error
    if let name = unknownName(after: "no such table: ", in: error.message) {
      let tables = Relation.allCases.map(\.name) + historyViews
      hinted.hint = hint(for: name, among: tables, called: "the tables")
    } else if let name = unknownName(after: "no such column: ", in: error.message) {
      let columns = Relation.allCases.flatMap(\.columns) + historyViews.flatMap { viewColumns($0, in: connection) }
      hinted.hint = hint(for: name, among: columns, called: nil)
    }
    return hinted
  }

  private static let historyViews = ["commits", "branches", "tags"]

  private static func viewColumns(_ view: String, in connection: Connection) -> [String] {
    // A hint is worth no second error: without these names there are still the others.
    (try? connection.all("SELECT name FROM pragma_table_info(?1)", .text(view)) { $0.string(0) }) ?? []
  }

  /// The last part of the name that ends the message: `text` of "no such column: p.text".
  private static func unknownName(after beginning: String, in message: String) -> String? {
    guard message.hasPrefix(beginning) else { return nil }
    return message.dropFirst(beginning.count).split(separator: ".").last.map(String.init)
  }

  private static func hint(for name: String, among names: [String], called what: String?) -> String? {
    if let nearest = names.nearest(to: name) { return "did you mean \(nearest)?" }
    return what.map { "\($0) are \(names.joined(separator: ", "))" }
      ?? "`PRAGMA table_info(TABLE)` as the query lists the columns of a table"
  }
}

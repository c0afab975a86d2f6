// What was probably meant by a table or column that doesn't exist.

import AufdbAcquisition

/// Finds the names nearest to one that SQLite doesn't know, among those that a query is meant to use.
enum NameHint {
  /// The error with a hint, if it is about an unknown table or column.
  static func added(to error: AufdbError, in connection: Connection) -> AufdbError {
    guard error.hint == nil else { return error }
    let relations = Relation.allCases
    var hinted = error
    if let name = unknownName(after: "no such table: ", in: error.message) {
      let tables = relations.map(\.name) + wholeHistory
      hinted.hint = hint(
        for: name, among: tables + relations.map(HistoryViews.name) + relations.map(DiffColumns.tableName),
        otherwise: "the tables are \(tables.joined(separator: ", ")), and of each versioned one X_history and "
          + "X_diff(FROM, TO)")
    } else if let name = unknownName(after: "no such column: ", in: error.message) {
      let columns = relations.flatMap(\.columns) + wholeHistory.flatMap { viewColumns($0, in: connection) }
      hinted.hint = hint(
        for: name, among: columns + HistoryViews.columns + relations.flatMap { DiffColumns($0).names },
        otherwise: "`PRAGMA table_info(TABLE)` as the query lists the columns of a table")
    }
    return hinted
  }

  /// The views that show it.
  private static let wholeHistory = ["commits", "branches", "tags"]

  private static func viewColumns(_ view: String, in connection: Connection) -> [String] {
    // A hint is worth no second error: without these names there are still the others.
    (try? connection.all("SELECT name FROM pragma_table_info(?1)", .text(view)) { $0.string(0) }) ?? []
  }

  /// The last part of the name that ends the message: `text` of "no such column: p.text".
  private static func unknownName(after beginning: String, in message: String) -> String? {
    guard message.hasPrefix(beginning) else { return nil }
    return message.dropFirst(beginning.count).split(separator: ".").last.map(String.init)
  }

  private static func hint(for name: String, among names: [String], otherwise: String) -> String {
    names.nearest(to: name).map { "did you mean \($0)?" } ?? otherwise
  }
}

// Beginnings that other programs understand and SQLite doesn't: the commands of sqlite3 and psql, and statements of
// DuckDB, MySQL and PostgreSQL.

enum ForeignStatement {
  /// How far into a statement a table's name is looked for: SHOW FULL COLUMNS FROM labels.
  private static let wordCount = 6

  /// What to write instead of a statement whose first word SQLite doesn't understand.
  ///
  /// - Parameter text: the statement, from its first word on; its beginning is enough.
  /// - Returns: nil where nobody understands it.
  static func hint(for text: String, _ caller: QueryCaller) -> String? {
    let words = text.split(maxSplits: wordCount) { $0.isWhitespace || ";()\"'".contains($0) }.prefix(wordCount)
    guard let first = words.first?.lowercased() else { return nil }
    let table = words.dropFirst().map { String($0) }.first { RelationPage.named($0) != nil }
    let all = "SELECT * FROM \(table ?? "labels")"
    if RelationPage.named(first) != nil { return "a query begins with SELECT: SELECT * FROM \(first)" }
    switch first {
    case "from", "table": return "a query begins with SELECT: \(all)"
    case "show", "describe", "desc", "tables", "help", "summarize": break
    case _ where first.hasPrefix(".") || first.hasPrefix("\\"): break
    default: return nil
    }
    let explained = table.map { "\(caller.page(of: $0)) explains it" } ?? "\(caller.tableList) lists the tables"
    return "\(explained); \(all) shows \(table == nil ? "one" : "its rows")"
  }
}

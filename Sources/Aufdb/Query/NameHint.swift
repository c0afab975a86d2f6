// What was probably meant by a table or column that doesn't exist.

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
    let wanted = Array(name.lowercased().unicodeScalars)
    let ranked = names.map { (distance: editDistance(wanted, Array($0.unicodeScalars)), name: $0) }
    // Beyond a third of its letters, likeness is chance.
    if let nearest = ranked.min(by: { $0.distance < $1.distance }), nearest.distance <= max(1, wanted.count / 3) {
      return "did you mean \(nearest.name)?"
    }
    return what.map { "\($0) are \(names.joined(separator: ", "))" }
      ?? "`PRAGMA table_info(TABLE)` as the query lists the columns of a table"
  }

  /// Levenshtein's distance: the fewest insertions, deletions and replacements that make one of the other.
  private static func editDistance(_ source: [Unicode.Scalar], _ target: [Unicode.Scalar]) -> Int {
    var previous = Array(0...target.count)
    for (row, scalar) in source.enumerated() {
      var current = [row + 1]
      for column in target.indices {
        let replaced = previous[column] + (scalar == target[column] ? 0 : 1)
        current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[target.count]
  }
}

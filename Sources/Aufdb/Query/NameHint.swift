// What was probably meant by a name that doesn't exist. Of functions, UnknownFunction.swift says it.

import AufdbAcquisition

/// Finds the names nearest to one that SQLite doesn't know, among those that a query is meant to use.
enum NameHint {
  /// The error with a hint, if it is about an unknown table, column, function or word.
  ///
  /// - Parameters:
  ///   - isQuoted: whether the name stands between double quotation marks.
  ///   - others: further revisions, whose tables have names of their own.
  static func added(
    to error: AufdbError, isQuoted: Bool = false, others: [OtherRevision] = [],
    for caller: QueryCaller = .commandLine, in connection: Connection
  ) -> AufdbError {
    guard error.hint == nil else { return error }
    var hinted = error
    if let name = rest(of: error.message, after: "no such table: ") {
      hinted.hint = table(name, others, caller)
    } else if let name = rest(of: error.message, after: "no such column: ") {
      hinted.hint = isQuoted ? quoted(name) : column(last(of: name)) ?? columnList
    } else if let hint = UnknownFunction.hint(for: error.message, in: connection) {
      hinted.hint = hint
    } else if let name = rest(of: error.message, after: "ambiguous column name: ") {
      hinted.hint = "several tables have it: write TABLE.\(last(of: name))"
    } else if let word = rest(of: error.message, after: "near \""), word.hasSuffix("\": syntax error") {
      let word = String(word.dropLast("\": syntax error".count))
      // Of words that are equally near, those that queries are made of.
      let keywords = ["SELECT", "FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "WITH"] + SQLTyping.keywords
      // A word that is one already stands in the wrong place.
      if !keywords.contains(word.uppercased()) {
        hinted.hint = keywords.nearest(to: word).map { "did you mean \($0)?" }
      }
    }
    return hinted
  }

  private static func table(_ name: String, _ others: [OtherRevision], _ caller: QueryCaller) -> String {
    let tables = RelationPage.all.map(\.name)
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let relation = tables.nearest(to: parts[1]),
      !["main", "temp"].contains(parts[0].lowercased())
    {
      let joined = "\(parts[0])_\(relation)"
      return others.contains { $0.name.lowercased() == parts[0].lowercased() }
        ? "write \(joined)" : "\(caller.naming(parts[0])) makes \(joined), that revision's \(relation)"
    }
    let known =
      tables + [NearestTable.name] + Relation.allCases.map(HistoryViews.name)
      + Relation.allCases.map(DiffColumns.tableName)
      + others.flatMap { other in (Relation.allCases.map(\.name) + DerivedViews.names).map { other.prefix + $0 } }
    if let nearest = known.nearest(to: last(of: name)) { return "did you mean \(nearest)?" }
    if let relation = Relation.allCases.first(where: { name.hasSuffix("_" + $0.name) }) {
      let prefix = name.dropLast(relation.name.count + 1)
      return "\(caller.naming(String(prefix))) makes \(name), that revision's \(relation.name)"
    }
    return "the tables are \(tables.joined(separator: ", ")), and of each versioned one X_history and X_diff(FROM, TO)"
  }

  private static let columnList = "`PRAGMA table_info(TABLE)` as the query lists the columns of a table"

  /// What a name that no column has means between double quotation marks: most likely a text.
  private static func quoted(_ name: String) -> String {
    let text = "a text stands in single quotes: '\(name.replacing("'", with: "''"))'"
    return column(name).map { "\(text); as a column: \($0)" } ?? text
  }

  private static func column(_ name: String) -> String? {
    let tables = RelationPage.all.map { ($0.name, $0.columns.map(\.name)) }
    let known = tables.flatMap(\.1) + HistoryViews.columns + Relation.allCases.flatMap { DiffColumns($0).names }
    guard let nearest = known.nearest(to: name) else { return nil }
    guard nearest.lowercased() == name.lowercased() else { return "did you mean \(nearest)?" }
    // There is such a column, but not here.
    let owners = tables.filter { $0.1.contains(nearest) }.map(\.0)
    return owners.isEmpty
      ? "X_history or X_diff has it" : "\(owners.joined(separator: ", ")) \(owners.count == 1 ? "has" : "have") it"
  }

  private static func rest(of message: String, after beginning: String) -> String? {
    message.hasPrefix(beginning) ? String(message.dropFirst(beginning.count)) : nil
  }

  /// The last part of a name: `text` of `p.text`.
  private static func last(of name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
}

// What formats 3 to 6 added to the one before them, and how an older store gets it.
//
// Format 3 has the columns estimates.heads and selections.explanation, and format 6 labels.details. SQLite can add a
// column to a table, but then the table keeps an SQL of its own, which isn't that of schema.sql. So these tables are
// made anew and filled, each row at the place where it stood. The new columns are NULL, which leaves every digest as it
// was.
//
// Format 4 has reward heads and the progress of runs, format 5 saved queries and format 6 definitions. They came as
// relations of their own, whose tables an older store gets empty: no commit changed them, and so every digest stays as
// it was. Format 6 also has the table of answers, which is empty, too. Format 5 has the derived relations, which are
// views and nothing else, and another text of the view `commits`: views are all made anew.

/// The objects of today's schema that a store of some format lacks, to be made inside a write transaction.
struct AddedObjects {
  let connection: Connection
  /// The store's format, 2 or a later one; FormatOne.swift makes all of its tables anew.
  let format: Int

  /// The relations that a format had.
  static func relations(ofFormat format: Int) -> [Relation] { Relation.allCases.filter { $0.firstFormat <= format } }

  /// The late columns that a relation had in a format.
  static func lateColumns(of relation: Relation, inFormat format: Int) -> [String] {
    relation.lateColumnsFormat <= format ? relation.lateColumns : []
  }

  private var added: [Relation] { Relation.allCases.filter { $0.firstFormat > format } }

  /// The relations that got a column.
  private var widened: [Relation] {
    Relation.allCases.filter { $0.firstFormat <= format && $0.lateColumnsFormat > format && !$0.lateColumns.isEmpty }
  }

  /// The names of all tables, views and indexes that the format had, apart from SQLite's own.
  ///
  /// - Parameter schema: the objects of today's.
  private func known(in schema: [String: String]) -> [String] {
    var new = Set(added.flatMap { [$0.name, $0.table] + Self.indexes(of: $0) })
    if format < 5 { new.formUnion(DerivedViews.views) }
    if format < 6 { new.insert("answer") }
    return schema.keys.filter { !$0.hasPrefix("sqlite_") && !new.contains($0) }
  }

  /// What a CREATE statement makes, as sqlite_schema calls it.
  private static func type(made sql: String) -> String {
    sql.split(separator: " ", maxSplits: 2).dropFirst().first?.lowercased() ?? ""
  }

  private static func indexes(of relation: Relation) -> [String] { ["\(relation.name)_key", "\(relation.name)_past"] }

  /// Adds what came since.
  ///
  /// - Complexity: linear in the rows of the relations that got a column.
  func upgrade() throws {
    let schema = try Schema.objects()
    let known = known(in: schema)
    try connection.requireObjects(
      Dictionary(uniqueKeysWithValues: known.map { ($0, Self.type(made: schema[$0] ?? "")) }))
    // A table that a view speaks of can't be renamed.
    let views = schema.filter { Self.type(made: $0.value) == "view" }
    for name in known where views[name] != nil { try connection.execute("DROP VIEW main.\(name)") }
    for relation in widened { try remake(relation, schema) }
    if format < 6, let sql = schema["answer"] { try connection.execute(sql) }
    for relation in added {
      for name in [relation.table] + Self.indexes(of: relation) {
        if let sql = schema[name] { try connection.execute(sql) }
      }
    }
    for sql in views.values.sorted() { try connection.execute(sql) }
    try addCodes()
    // Whether the views can be plain is found out when they are made.
    try connection.execute("UPDATE setting SET value = 'written' WHERE name = 'head_views'")
    try connection.refreshHeadViews()
  }

  private func remake(_ relation: Relation, _ schema: [String: String]) throws {
    let (old, columns) = ("old_\(relation.table)", "place, past_id, retired_by, \(relation.firstColumnList)")
    try connection.execute("ALTER TABLE main.\(relation.table) RENAME TO \(old)")
    if let sql = schema[relation.table] { try connection.execute(sql) }
    try connection.execute(
      "INSERT INTO main.\(relation.table) (\(columns)) SELECT \(columns) FROM main.\(old) ORDER BY place")
    // Its indexes go with it, and leave their names.
    try connection.execute("DROP TABLE main.\(old)")
    for index in Self.indexes(of: relation) {
      if let sql = schema[index] { try connection.execute(sql) }
    }
  }

  /// Enters the relations that it didn't have where the others stand.
  func addCodes() throws {
    for relation in added {
      try connection.execute(
        "INSERT INTO relation VALUES (?1, ?2, \(Relation.firstPast), 0)", .integer(Int64(relation.rawValue)),
        .text(relation.name))
    }
  }
}

extension Relation {
  /// The first format of the store that has it.
  fileprivate var firstFormat: Int {
    switch self {
    case .prompts, .responses, .embeddings, .scores, .snapshots, .estimates, .selections, .labels: 1
    case .rewardHeads, .progress: 4
    case .queries: 5
    case .definitions: 6
    }
  }

  /// The first format in which it has its late columns.
  fileprivate var lateColumnsFormat: Int {
    switch self {
    case .estimates, .selections: 3
    case .labels: 6
    default: firstFormat
    }
  }
}

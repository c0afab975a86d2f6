// Format 2, and how it becomes today's.
//
// In format 2 estimates had no heads and selections no explanation. SQLite can add a column to a table, but then the
// table keeps an SQL of its own, which isn't that of schema.sql. So these two are made anew and filled, each row at the
// place where it stood. The new columns are NULL, which leaves every digest as it was. That is a store of format 3, and
// AddedObjects.swift does the rest.

/// The upgrade of one store in format 2, inside a write transaction.
struct FormatTwo {
  let connection: Connection

  /// The relations that got a column.
  private static let changed: [Relation] = [.estimates, .selections]

  /// Gives the tables, and the views that show them, the shape of today's schema.
  func upgrade() throws {
    let schema = try Schema.objects()
    try connection.requireObjects(AddedObjects(connection: connection, format: 2).known(in: schema))
    for relation in Self.changed {
      try connection.execute("DROP VIEW main.\(relation.name)")
      try remake(relation, schema)
      if let sql = schema[relation.name] { try connection.execute(sql) }
    }
    try AddedObjects(connection: connection, format: 3).upgrade()
  }

  private func remake(_ relation: Relation, _ schema: [String: String]) throws {
    let (old, columns) = ("format2_\(relation.table)", "place, past_id, retired_by, \(relation.firstColumnList)")
    try connection.execute("ALTER TABLE main.\(relation.table) RENAME TO \(old)")
    if let sql = schema[relation.table] { try connection.execute(sql) }
    try connection.execute(
      "INSERT INTO main.\(relation.table) (\(columns)) SELECT \(columns) FROM main.\(old) ORDER BY place")
    // Its indexes go with it, and leave their names.
    try connection.execute("DROP TABLE main.\(old)")
    for index in ["\(relation.name)_key", "\(relation.name)_past"] {
      if let sql = schema[index] { try connection.execute(sql) }
    }
  }
}

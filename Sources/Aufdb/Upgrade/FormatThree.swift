// Format 3, and how it becomes today's.
//
// In format 3 there were no reward heads and no progress of runs. Their tables come empty: no commit changed them, and
// so every digest stays as it was.

/// The upgrade of one store in format 3, inside a write transaction.
struct FormatThree {
  let connection: Connection

  /// The relations that it had.
  static let relations = Relation.allCases.filter { !added.contains($0) }
  private static let added: [Relation] = [.rewardHeads, .progress]

  /// The names of all tables, views and indexes that it had, apart from SQLite's own.
  ///
  /// - Parameter schema: the objects of today's.
  static func objects(of schema: [String: String]) -> [String] {
    let new = Set(added.flatMap(objects))
    return schema.keys.filter { !$0.hasPrefix("sqlite_") && !new.contains($0) }
  }

  /// What a relation has in the schema, in an order in which it can be made.
  private static func objects(of relation: Relation) -> [String] {
    [relation.table, "\(relation.name)_key", "\(relation.name)_past", relation.name]
  }

  /// Adds what came since.
  func upgrade() throws {
    let schema = try Schema.objects()
    try connection.requireObjects(Self.objects(of: schema))
    for sql in Self.added.flatMap(Self.objects).compactMap({ schema[$0] }) { try connection.execute(sql) }
    try addCodes()
    // Whether the views can be plain is found out when they are made.
    try connection.execute("UPDATE setting SET value = 'written' WHERE name = 'head_views'")
    try connection.refreshHeadViews()
  }

  /// Enters the relations that it didn't have where the others stand.
  func addCodes() throws {
    for relation in Self.added {
      try connection.execute(
        "INSERT INTO relation VALUES (?1, ?2, \(Relation.firstPast), 0)", .integer(Int64(relation.rawValue)),
        .text(relation.name))
    }
  }
}

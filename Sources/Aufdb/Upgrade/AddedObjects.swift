// What formats 4 and 5 added to the one before them, and how an older store gets it.
//
// Format 4 has reward heads and the progress of runs; format 5 has saved queries. They came as relations of their own,
// whose tables an older store gets empty: no commit changed them, and so every digest stays as it was. Format 5 also has
// the derived relations, which are views and nothing else, and another text of the view `commits`, which more SQL
// dialects can read.

/// The objects of today's schema that a store of some format lacks, to be made inside a write transaction.
struct AddedObjects {
  let connection: Connection
  /// The store's format, 3 or a later one; an older format is brought to 3 first.
  let format: Int

  /// The relations that a format had.
  static func relations(ofFormat format: Int) -> [Relation] { Relation.allCases.filter { $0.firstFormat <= format } }

  private var added: [Relation] { Relation.allCases.filter { $0.firstFormat > format } }

  /// The names of what was added, in an order in which it can be made.
  private var addedObjects: [String] { added.flatMap(Self.objects) + (format < 5 ? DerivedViews.views : []) }

  /// The names of all tables, views and indexes that the format had, apart from SQLite's own.
  ///
  /// - Parameter schema: the objects of today's.
  func known(in schema: [String: String]) -> [String] {
    let new = Set(addedObjects)
    return schema.keys.filter { !$0.hasPrefix("sqlite_") && !new.contains($0) }
  }

  /// What a relation has in the schema, in an order in which it can be made.
  private static func objects(of relation: Relation) -> [String] {
    [relation.table, "\(relation.name)_key", "\(relation.name)_past", relation.name]
  }

  /// Adds what came since.
  func upgrade() throws {
    let schema = try Schema.objects()
    try connection.requireObjects(known(in: schema))
    for sql in addedObjects.compactMap({ schema[$0] }) { try connection.execute(sql) }
    try connection.execute("DROP VIEW main.commits")
    if let sql = schema["commits"] { try connection.execute(sql) }
    try addCodes()
    // Whether the views can be plain is found out when they are made.
    try connection.execute("UPDATE setting SET value = 'written' WHERE name = 'head_views'")
    try connection.refreshHeadViews()
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
    }
  }
}

// The schema as the code knows it: the text of schema.sql, and what it makes of an empty database.

import FoundationEssentials
import GRDBSQLite

/// The schema of the store's format.
public enum Schema {
  /// The file at the top of the repository, comments and all.
  public static var text: String { String(decoding: PackageResources.schema_sql, as: UTF8.self) }

  /// The SQL of one of the views, as SQLite stores it; nil for a name that is none.
  static func view(_ name: String) -> String? {
    guard let start = text.range(of: "CREATE VIEW \(name) AS"),
      let end = text[start.lowerBound...].firstIndex(of: ";")
    else { return nil }
    return String(text[start.lowerBound..<end])
  }

  /// Name -> SQL of every table, index and view, as SQLite stores it.
  static func objects() throws -> [String: String] {
    try inEmptyStore { connection in
      let objects = try connection.all("SELECT name, ifnull(sql, '') FROM sqlite_schema") {
        ($0.string(0), $0.string(1))
      }
      return Dictionary(uniqueKeysWithValues: objects)
    }
  }

  /// Name -> type and table of every table, index and view. SQLite reads a name's SQL and hardly these; other tools do.
  static func kinds() throws -> [String: String] { try inEmptyStore { try $0.schemaKinds() } }

  /// Lends what the schema makes of an empty database, in memory.
  static func inEmptyStore<T>(_ body: (Connection) throws -> T) throws -> T {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
      throw AufdbError(.inputOutput, "out of memory")
    }
    let connection = Connection(handle: handle)
    try connection.executeScript(text)
    return try body(connection)
  }
}

extension Connection {
  /// Name -> type and table of every object, by the columns of sqlite_schema.
  func schemaKinds() throws(AufdbError) -> [String: String] {
    Dictionary(
      try all("SELECT name, type || ' of ' || tbl_name FROM main.sqlite_schema") { ($0.string(0), $0.string(1)) },
      uniquingKeysWith: { first, _ in first })
  }
}

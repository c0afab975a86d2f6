// The schema as the code knows it: the text of schema.sql, and what it makes of an empty database.

import GRDBSQLite

/// The schema of the store's format.
public enum Schema {
  /// The file at the top of the repository, comments and all.
  public static var text: String { String(decoding: PackageResources.schema_sql, as: UTF8.self) }

  /// Name -> SQL of every table, index and view, as SQLite stores it.
  static func objects() throws(AufdbError) -> [String: String] {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
      throw AufdbError(.inputOutput, "out of memory")
    }
    let connection = Connection(handle: handle)
    try connection.executeScript(text)
    let objects = try connection.all("SELECT name, ifnull(sql, '') FROM sqlite_schema") { ($0.string(0), $0.string(1)) }
    return Dictionary(uniqueKeysWithValues: objects)
  }
}

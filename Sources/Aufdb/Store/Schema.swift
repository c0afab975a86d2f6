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

// Whether an index that is found beside a store has the schema of one. Anything else might be a view that never ends.

import GRDBSQLite

extension SearchIndex {
  /// Whether it has what `create` makes, and nothing else. Compared with one that is made: FTS5's own tables differ from
  /// version to version.
  func hasOwnSchema() throws -> Bool {
    let made = try SearchIndex(nil, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    try made.create()
    return try made.objects() == objects()
  }

  private func objects() throws -> [String] {
    try using {
      try connection.all("SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_schema ORDER BY name") {
        $0.string(0)
      }
    }
  }
}

// A lent SQLite connection, with the few calls that the rest of the library makes on it.

import GRDBSQLite

/// A connection for the length of one closure.
struct Connection {
  let handle: OpaquePointer
  /// Whoever sees to it that reading ends, where the file is one that others may have changed.
  var watch: PageWatch?

  func statement(_ sql: String) throws(AufdbError) -> SQLStatement { try SQLStatement(handle, sql) }

  /// Runs one statement that gives no rows.
  func execute(_ sql: String, _ values: SQLValue...) throws(AufdbError) {
    let statement = try statement(sql)
    for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
    while try statement.step() {}
  }

  /// Runs a script of several statements.
  func executeScript(_ sql: String) throws(AufdbError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw AufdbError.sqlite(handle, code) }
  }

  /// What `read` makes of the first row; nil when there is none.
  func first<T>(_ sql: String, _ values: SQLValue..., read: (SQLStatement) -> T) throws(AufdbError) -> T? {
    let statement = try statement(sql)
    for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
    return try statement.step() ? read(statement) : nil
  }

  /// What `read` makes of each row. For small results: it holds them all.
  func all<T>(_ sql: String, _ values: SQLValue..., read: (SQLStatement) -> T) throws(AufdbError) -> [T] {
    let statement = try statement(sql)
    for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
    var rows: [T] = []
    while try statement.step() { rows.append(read(statement)) }
    return rows
  }

  func integer(_ sql: String, _ values: SQLValue...) throws(AufdbError) -> Int64 {
    let statement = try statement(sql)
    for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
    return try statement.step() ? statement.integer(0) : 0
  }
}

// One prepared statement, bound and read exactly: every text goes in and comes out with its length.
//
// GRDB's own value conversions stop at U+0000 and mend invalid UTF-8 silently, and responses hold such bytes; so
// whatever touches data goes through this type, and GRDB keeps to connections and transactions.

import GRDBSQLite
import Glibc

/// A statement on one connection; it must not outlive the closure that lent the connection.
final class SQLStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  /// Prepares one statement. Text after its end is an error, so that nothing is silently left out.
  convenience init(_ connection: OpaquePointer, _ sql: String) throws(AufdbError) {
    let (handle, isFollowed) = try sql.utf8.span.withUnsafeBufferPointer { utf8 throws(AufdbError) in
      let (handle, end) = try Self.prepared(utf8, on: connection)
      return (handle, SQLSpace.end(from: end, in: utf8[...]) < utf8.count)
    }
    guard let handle, !isFollowed else {
      sqlite3_finalize(handle)
      throw AufdbError(.usage, isFollowed ? "more than one SQL statement" : "the SQL is empty")
    }
    self.init(handle, of: connection)
  }

  private init(_ handle: OpaquePointer, of connection: OpaquePointer) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Prepares the statement that some SQL begins with.
  ///
  /// - Parameter sql: a zero byte as its last saves SQLite a copy of it all.
  /// - Returns: the statement, or nil where there is none before the first semicolon; and where what follows begins.
  static func first(
    of sql: UnsafeBufferPointer<UInt8>, on connection: OpaquePointer
  ) throws(AufdbError) -> (SQLStatement?, end: Int) {
    let (handle, end) = try prepared(sql, on: connection)
    return (handle.map { SQLStatement($0, of: connection) }, end)
  }

  private static func prepared(
    _ sql: UnsafeBufferPointer<UInt8>, on connection: OpaquePointer
  ) throws(AufdbError) -> (OpaquePointer?, end: Int) {
    var handle: OpaquePointer?
    let start = UnsafeRawPointer(sql.baseAddress)?.assumingMemoryBound(to: CChar.self)
    var tail: UnsafePointer<CChar>?
    let code = sqlite3_prepare_v3(
      connection, start, Int32(sql.count), UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
    guard code == SQLITE_OK else { throw AufdbError.sqlite(connection, code) }
    guard let start, let tail else { return (handle, sql.count) }
    return (handle, tail - start)
  }

  /// Whether it changes nothing, as far as SQLite can tell (https://sqlite.org/c3ref/stmt_readonly.html).
  var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }
  /// Whether it is an EXPLAIN of either kind, or an EXPLAIN QUERY PLAN.
  var isExplanation: Bool { sqlite3_stmt_isexplain(handle) != 0 }
  var isQueryPlan: Bool { sqlite3_stmt_isexplain(handle) == 2 }

  // Binding. Indexes count from 1, as in SQL.

  /// Binds bytes that stay in place until the next `reset`.
  func bind(_ index: Int32, unownedText bytes: UnsafeRawBufferPointer) {
    // An empty buffer may have no address, which SQLite would take for NULL.
    let start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    sqlite3_bind_text64(
      handle, index, start?.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), nil, UInt8(SQLITE_UTF8))
  }

  /// Binds bytes that stay in place until the next `reset`.
  func bind(_ index: Int32, unownedBlob bytes: UnsafeRawBufferPointer) {
    sqlite3_bind_blob64(
      handle, index, bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1), UInt64(bytes.count), nil)
  }

  func bind(_ index: Int32, _ value: SQLValue) {
    // SQLite's SQLITE_TRANSIENT: it takes a copy before the call returns.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: sqlite3_bind_null(handle, index)
    case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
    case .real(let real): sqlite3_bind_double(handle, index, real)
    case .text(var text):
      text.withUTF8 {
        let start = UnsafeRawPointer($0.baseAddress) ?? UnsafeRawPointer(bitPattern: 1)
        sqlite3_bind_text64(
          handle, index, start?.assumingMemoryBound(to: CChar.self), UInt64($0.count), copied, UInt8(SQLITE_UTF8))
      }
    case .blob(let bytes):
      _ = bytes.withUnsafeBytes {
        sqlite3_bind_blob64(
          handle, index, $0.baseAddress ?? UnsafeRawPointer(bitPattern: 1), UInt64($0.count), copied)
      }
    }
  }

  func bind(_ index: Int32, _ integer: Int64) { sqlite3_bind_int64(handle, index, integer) }
  func bind(_ index: Int32, _ real: Double) { sqlite3_bind_double(handle, index, real) }
  func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

  var parameterCount: Int32 { sqlite3_bind_parameter_count(handle) }

  /// A parameter's name with its mark (":name"), or nil for a bare `?`.
  func parameterName(_ index: Int32) -> String? {
    sqlite3_bind_parameter_name(handle, index).map { String(cString: $0) }
  }

  // Running.

  /// Goes to the next row; false when there is none.
  func step() throws(AufdbError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw AufdbError.sqlite(connection, code)
    }
  }

  func reset() { sqlite3_reset(handle) }

  /// Runs a statement that gives no rows, and makes it ready for the next bindings.
  func run(_ values: SQLValue...) throws(AufdbError) {
    for (index, value) in values.enumerated() { bind(Int32(index + 1), value) }
    defer { reset() }
    while try step() {}
  }

  /// Runs it anew with these bindings, lending each row to `body`.
  func forEach<E: Error>(_ values: SQLValue..., body: (SQLStatement) throws(E) -> Void) throws {
    try forEach(values, body: body)
  }

  func forEach<E: Error>(_ values: [SQLValue], body: (SQLStatement) throws(E) -> Void) throws {
    for (index, value) in values.enumerated() { bind(Int32(index + 1), value) }
    defer { reset() }
    while try step() { try body(self) }
  }

  // Reading the current row. Columns count from 0.

  var columnCount: Int32 { sqlite3_column_count(handle) }
  func columnName(_ column: Int32) -> String { sqlite3_column_name(handle, column).map { String(cString: $0) } ?? "" }

  /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
  func type(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }
  func isNull(_ column: Int32) -> Bool { type(column) == SQLITE_NULL }
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// A text's or blob's bytes, in place until the next step or reset.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    guard type(column) == SQLITE_BLOB else { return text(column) }
    // The length must be asked for after the value: the first call may convert it.
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
  }

  private func textStart(_ column: Int32) -> UnsafeRawPointer? { UnsafeRawPointer(sqlite3_column_text(handle, column)) }

  /// The bytes of a column that is known to hold a text, or is NULL; in place until the next step or reset.
  func text(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = textStart(column)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
  }

  func string(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
  func optionalString(_ column: Int32) -> String? { isNull(column) ? nil : string(column) }
  func optionalReal(_ column: Int32) -> Double? { isNull(column) ? nil : real(column) }

  /// Whether a column holds the very value that a column of another statement's row holds.
  func isEqual(_ column: Int32, to other: SQLStatement, _ otherColumn: Int32) -> Bool {
    let type = type(column)
    guard type == other.type(otherColumn) else { return false }
    switch type {
    case SQLITE_INTEGER: return integer(column) == other.integer(otherColumn)
    case SQLITE_FLOAT: return real(column).bitPattern == other.real(otherColumn).bitPattern
    case SQLITE_NULL: return true
    default:
      let (one, two) = (bytes(column), other.bytes(otherColumn))
      guard one.count == two.count, let a = one.baseAddress, let b = two.baseAddress else {
        return one.count == two.count
      }
      return memcmp(a, b, one.count) == 0
    }
  }

  func value(_ column: Int32) -> SQLValue {
    switch type(column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(real(column))
    case SQLITE_TEXT: .text(string(column))
    case SQLITE_BLOB: .blob([UInt8](bytes(column)))
    default: .null
    }
  }
}

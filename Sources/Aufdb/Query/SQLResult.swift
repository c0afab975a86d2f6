// What functions and virtual tables answer SQLite.

import GRDBSQLite

/// Values for SQLite, byte for byte as they are stored.
enum SQLResult {
  /// SQLite's SQLITE_TRANSIENT: it takes a copy before the call returns.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  static func value(_ row: SQLStatement, _ column: Int32, to context: OpaquePointer) {
    switch row.type(column) {
    case SQLITE_INTEGER: sqlite3_result_int64(context, row.integer(column))
    case SQLITE_FLOAT: sqlite3_result_double(context, row.real(column))
    case SQLITE_TEXT: text(row.bytes(column), to: context)
    case SQLITE_BLOB: blob(row.bytes(column), to: context)
    default: sqlite3_result_null(context)
    }
  }

  static func text(_ text: String, to context: OpaquePointer) {
    var text = text
    text.withUTF8 { self.text(UnsafeRawBufferPointer($0), to: context) }
  }

  static func blob(_ bytes: UnsafeRawBufferPointer, to context: OpaquePointer) {
    sqlite3_result_blob64(context, bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1), UInt64(bytes.count), copied)
  }

  static func text(_ bytes: UnsafeRawBufferPointer, to context: OpaquePointer) {
    // An empty buffer may have no address, which SQLite would take for NULL.
    let start = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    sqlite3_result_text64(
      context, start?.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
  }

  static func value(_ value: SQLValue, to context: OpaquePointer) {
    switch value {
    case .null: sqlite3_result_null(context)
    case .integer(let integer): sqlite3_result_int64(context, integer)
    case .real(let real): sqlite3_result_double(context, real)
    case .text(let text): self.text(text, to: context)
    case .blob(let bytes): bytes.withUnsafeBytes { blob($0, to: context) }
    }
  }

  /// The error of a function. What SQLite itself found, such as an interruption, keeps its code.
  static func error(_ error: any Error, to context: OpaquePointer) {
    let error = AufdbError.from(error)
    sqlite3_result_error(context, error.message, -1)
    if let code = error.sqliteCode { sqlite3_result_error_code(context, code) }
  }
}

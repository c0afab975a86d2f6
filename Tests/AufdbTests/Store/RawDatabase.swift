// SQLite's C API and nothing of ours: what any other program sees of a store, and can do to it.

import Foundation
import GRDBSQLite
import Testing

@testable import Aufdb

/// A connection as stock tools open one.
final class RawDatabase {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let handle: OpaquePointer

  init(_ path: String, isWritable: Bool = false) throws {
    var handle: OpaquePointer?
    let flags = isWritable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      sqlite3_close_v2(handle)
      throw Failure(description: "opening \(path) gave \(code)")
    }
    self.handle = handle
    if isWritable { try run("PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON") }
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs a script.
  func run(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
  }

  /// All rows of one statement.
  @discardableResult
  func rows(_ sql: String, _ values: [StoredValue] = []) throws -> [[StoredValue]] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure(sql) }
    for (index, value) in values.enumerated() { bind(statement, Int32(index + 1), value) }
    var rows: [[StoredValue]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: rows.append((0..<sqlite3_column_count(statement)).map { Self.value(statement, $0) })
      case SQLITE_DONE: return rows
      default: throw failure(sql)
      }
    }
  }

  /// The first column of every row, as texts.
  func texts(_ sql: String) throws -> [String] {
    try rows(sql).map { row in
      guard case .text(let bytes)? = row.first else { throw Failure(description: "no text in \(row)") }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The first column of the first row, as an integer.
  func integer(_ sql: String) throws -> Int64 {
    guard case .integer(let integer)? = try rows(sql).first?.first else {
      throw Failure(description: "no integer: \(sql)")
    }
    return integer
  }

  private func failure(_ sql: String) -> Failure {
    Failure(description: "\(String(cString: sqlite3_errmsg(handle))): \(sql.prefix(200))")
  }

  private func bind(_ statement: OpaquePointer?, _ index: Int32, _ value: StoredValue) {
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: sqlite3_bind_null(statement, index)
    case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
    case .real(let real): sqlite3_bind_double(statement, index, real)
    case .text(let bytes):
      (bytes + [0]).withUnsafeBytes { buffer in
        let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        _ = sqlite3_bind_text64(statement, index, start, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
      }
    case .blob(let bytes):
      _ = (bytes + [0]).withUnsafeBytes {
        sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64(bytes.count), copied)
      }
    }
  }

  private static func value(_ statement: OpaquePointer?, _ column: Int32) -> StoredValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      let start = sqlite3_column_text(statement, column)
      return .text(Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))))
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(statement, column)
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))))
    default: return .null
    }
  }
}

extension ScratchFolder {
  /// The names of what is in it, sorted.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted()
  }
}

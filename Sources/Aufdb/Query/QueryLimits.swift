// How much a query may ask for. All bounds on somebody's SQL stand here, but for time (QueryClock.swift).
//
//   the SQL itself         4 MB, 1,000 statements
//   a value, or a row      256 MB: the largest text that comes out, and the largest that functions can make
//   an expression          1,000 deep; brackets 100 deep, which is SQLite's parser
//   UNION and the like     500 SELECTs
//   a compiled statement   5,000,000 instructions of SQLite's machine
//   a function's arguments 100
//   parameters             1,000
//   LIKE and GLOB          patterns of 1,000 bytes: matching takes time of text times pattern, and can't be interrupted
//   databases, triggers    none can be attached, and none is run
//
// SQLite's own limits are far above most of these, and a process that lets a hostile query reach them runs out of
// memory first. What a query sorts and groups goes to a temporary file, which nothing but the disk and the time limits.

import GRDBSQLite

enum QueryLimits {
  static let sqlBytes = 4 << 20
  static let statementCount = 1000
  static let valueBytes = 256 << 20
  static let expressionDepth = 1000
  static let compoundCount = 500
  static let instructionCount = 5_000_000
  static let argumentCount = 100
  static let parameterCount = 1000
  static let patternBytes = 1000

  /// By SQLite's numbers (https://sqlite.org/c3ref/c_limit_attached.html).
  private static let limits: [(Int32, Int)] = [
    (SQLITE_LIMIT_LENGTH, valueBytes), (SQLITE_LIMIT_SQL_LENGTH, sqlBytes + (1 << 10)),
    (SQLITE_LIMIT_EXPR_DEPTH, expressionDepth), (SQLITE_LIMIT_COMPOUND_SELECT, compoundCount),
    (SQLITE_LIMIT_VDBE_OP, instructionCount), (SQLITE_LIMIT_FUNCTION_ARG, argumentCount),
    (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, patternBytes),
    (SQLITE_LIMIT_VARIABLE_NUMBER, parameterCount), (SQLITE_LIMIT_TRIGGER_DEPTH, 0),
    (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]

  /// Sets them on a connection, and gives what was in force before.
  static func set(_ handle: OpaquePointer) -> [(Int32, Int)] {
    limits.map { ($0, Int(sqlite3_limit(handle, $0, Int32($1)))) }
  }

  /// What is in force on a connection.
  static func current(_ handle: OpaquePointer) -> [Int] { limits.map { Int(sqlite3_limit(handle, $0.0, -1)) } }

  /// Sets again what `set` gave.
  static func restore(_ previous: [(Int32, Int)], _ handle: OpaquePointer) {
    for (limit, value) in previous { sqlite3_limit(handle, limit, Int32(value)) }
  }

  /// Says of an error of SQLite which limit it is about, if it is.
  static func explained(_ error: AufdbError) -> AufdbError {
    var explained = error
    switch error.sqliteCode.map({ $0 & 0xff }) {
    case SQLITE_TOOBIG:
      explained.kind = .refused
      explained.message = "a value or row is larger than \(valueBytes >> 20) MB"
      explained.hint = "a query can neither make nor read one that large"
    case SQLITE_NOMEM:
      explained.kind = .refused
      explained.message = "the query needs more memory or instructions than it can have"
    case SQLITE_ERROR where error.message == "LIKE or GLOB pattern too complex":
      explained.message = "a pattern of LIKE or GLOB is longer than \(patternBytes) bytes"
      explained.hint = "instr(text, part) finds a part of any length"
    case SQLITE_ERROR where error.message == "parser stack overflow":
      explained.message = "the SQL is nested too deeply"
    default: break
    }
    return explained
  }
}

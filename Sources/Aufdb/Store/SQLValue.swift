// Values as SQLite knows them, and the few of its codes that anybody here asks about.

import GRDBSQLite

/// A value as SQLite knows it. Texts are equal if their bytes are: Unicode's equivalence, by which Swift compares,
/// would hide a change from one spelling of "é" to the other.
public enum SQLValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  public static func == (one: SQLValue, other: SQLValue) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
    case (.blob(let a), .blob(let b)): a == b
    default: false
    }
  }
}

/// Result codes that somebody here acts upon (https://sqlite.org/rescode.html).
enum SQLiteCode {
  /// Somebody else has a lock; the least byte of several codes.
  static let busy: Int32 = SQLITE_BUSY
  /// A writer died in rollback mode, and only who may write can undo what it left.
  static let readOnlyRollback: Int32 = 776
  /// The same in WAL mode.
  static let readOnlyRecovery: Int32 = 264
  /// A file ended before what was to be read.
  static let shortRead: Int32 = 522
}

/// SQLite's storage classes, under names that need no import of its C module.
enum SQLiteType {
  static let integer = SQLITE_INTEGER
  static let real = SQLITE_FLOAT
  static let text = SQLITE_TEXT
  static let blob = SQLITE_BLOB
}

// SQLite's result codes, put into words and kinds in this one place.

import GRDBSQLite
import Glibc

extension AufdbError {
  /// The error that a failed call on `connection` stands for.
  static func sqlite(_ connection: OpaquePointer, _ code: Int32) -> AufdbError {
    sqlite(
      code: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)),
      systemCode: sqlite3_system_errno(connection))
  }

  /// Translates an extended result code; `message` is SQLite's own text, and `systemCode` the system's error below it, if
  /// that is known.
  static func sqlite(code: Int32, message: String, systemCode: Int32 = 0) -> AufdbError {
    // A journal that can't be made because the disk is full, or fails: SQLite only says that it can't be opened.
    let isFull = code & 0xff == SQLITE_CANTOPEN && [ENOSPC, EDQUOT].contains(systemCode)
    let isFailing = code & 0xff == SQLITE_CANTOPEN && systemCode == EIO
    var error = inWords(code: isFull ? SQLITE_FULL : isFailing ? SQLITE_IOERR : code, message: message)
    error.sqliteCode = code
    return error
  }

  private static func inWords(code: Int32, message: String) -> AufdbError {
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED:
      AufdbError(.busy, "the store is busy: another program is using it", hint: "try again")
    case SQLITE_FULL:
      AufdbError(.inputOutput, "the disk is full", hint: "nothing was changed; make room and run it again")
    case SQLITE_IOERR:
      AufdbError(.inputOutput, "reading or writing the store failed: \(message) (SQLite code \(code))")
    case SQLITE_NOTADB:
      AufdbError(.badData, "this is not an aufdb store: \(message)")
    case SQLITE_CORRUPT:
      AufdbError(.badData, "the store is damaged: \(message)", hint: "`aufdb verify STORE` says where")
    case SQLITE_READONLY, SQLITE_PERM:
      AufdbError(.cannotCreateOutput, "the store can't be written: \(message)")
    case SQLITE_CANTOPEN:
      AufdbError(.cannotOpenInput, "the store can't be opened: \(message)")
    case SQLITE_NOMEM:
      AufdbError(.inputOutput, "out of memory")
    case SQLITE_TOOBIG:
      AufdbError(.badData, "a value is larger than SQLite's limit of 1 GB")
    case SQLITE_INTERRUPT:
      AufdbError(.refused, "interrupted")
    case SQLITE_ERROR, SQLITE_AUTH, SQLITE_RANGE, SQLITE_MISMATCH:
      AufdbError(.usage, message)
    default:
      AufdbError(.internalDefect, "SQLite: \(message) (code \(code))")
    }
  }
}

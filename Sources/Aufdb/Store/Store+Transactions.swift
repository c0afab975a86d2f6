// How a store's connection is lent: inside a transaction or outside, with errors in words that people understand.

import GRDB

extension Store {
  /// Lends the connection, outside any transaction.
  func withConnection<T>(_ body: (Connection) throws -> T) throws -> T {
    try checked { try queue.inDatabase { try body(lent($0)) } }
  }

  /// Translates errors, and puts it before all others that what was read can't be trusted.
  private func checked<T>(_ body: () throws -> T) throws -> T {
    let result = Result(catching: body)
    try unchanged?.check()
    do {
      return try result.get()
    } catch {
      throw watch.damage ?? Self.naming(AufdbError.translated(error), holderOf: resolved)
    }
  }

  /// Who is meant by "another program", where that is an aufdb.
  static func naming(_ error: any Error, holderOf path: String) -> any Error {
    guard var busy = error as? AufdbError, busy.sqliteCode.map({ $0 & 0xff }) == SQLiteCode.busy,
      let holder = StoreLock.holder(ofStore: path)
    else { return error }
    busy.message = StoreLock.words(by: holder)
    return busy
  }

  /// Lends the connection inside one read transaction: everything that `body` reads is of one moment.
  ///
  /// - Throws: `.badData` where the schema isn't a store's (ForeignSchema.swift).
  func read<T>(_ body: (Connection) throws -> T) throws -> T {
    if let refusal { throw refusal }
    return try inspect(body)
  }

  /// The same, whatever the schema is: for what tells people what is wrong with it.
  func inspect<T>(_ body: (Connection) throws -> T) throws -> T {
    try inTransaction(.deferred, body) { _ in false }
  }

  /// Lends the connection inside one write transaction, which is kept if `keep` says so of the result.
  func write<T>(_ body: (Connection) throws -> T, keep: (T) -> Bool) throws -> T {
    try inTransaction(.immediate, body, keep: keep)
  }

  private func inTransaction<T>(
    _ kind: Database.TransactionKind, _ body: (Connection) throws -> T, keep: (T) -> Bool
  ) throws -> T {
    try checked {
      try queue.inDatabase { database in
        var result: T?
        do {
          try database.inTransaction(kind, ofFile: resolved) {
            let value = try body(lent(database))
            result = value
            return keep(value) ? .commit : .rollback
          }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
          // To begin opens the log, and the connection knows why it couldn't.
          throw try AufdbError.sqlite(Self.connection(of: database).handle, error.extendedResultCode.rawValue)
        }
        guard let result else { throw AufdbError(.internalDefect, "a transaction without a result") }
        return result
      }
    }
  }

  /// Lets `body` lend values to `lend` from inside a transaction: what that throws comes out as it is, and isn't taken
  /// for an error of the store.
  func lending<Lent, T>(
    to lend: (Lent) throws -> Void, _ body: (_ lend: (Lent) throws -> Void) throws -> T
  ) throws -> T {
    var failure: (any Error)?
    do {
      return try withoutActuallyEscaping(lend) { lend in
        try body { value in
          do {
            try lend(value)
          } catch {
            failure = error
            throw error
          }
        }
      }
    } catch {
      throw failure ?? error
    }
  }

  private func lent(_ database: Database) throws -> Connection {
    var connection = try Self.connection(of: database)
    connection.watch = watch
    return connection
  }

  static func connection(of database: Database) throws -> Connection {
    guard let handle = database.sqliteConnection else { throw AufdbError(.internalDefect, "the store is closed") }
    return Connection(handle: handle)
  }
}

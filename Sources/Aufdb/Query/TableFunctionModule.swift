// What SQLite calls for a table-valued function: C functions that find our object and ask it.
//
// In Swift and not in a C target of its own, because a C function here could do nothing but call back into Swift. Each
// function is an eponymous virtual table (https://sqlite.org/vtab.html#eponymous_virtual_tables): it can be selected from
// without being created, and its hidden columns are the function's arguments.

import GRDBSQLite
import Glibc

/// A function on one connection, and the callbacks for as long as SQLite knows it.
final class TableFunctionModule {
  fileprivate let function: any TableFunction
  /// SQLite keeps a pointer to it.
  private let callbacks: UnsafeMutablePointer<sqlite3_module>

  private init(_ function: any TableFunction) {
    self.function = function
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: Self.module)
  }

  deinit { callbacks.deallocate() }

  /// Makes a function for a connection, until that closes or `unregister` is called.
  static func register(_ name: String, _ function: any TableFunction, in connection: Connection) throws(AufdbError) {
    let module = TableFunctionModule(function)
    // SQLite gives it back through the last argument, also when this fails.
    let code = sqlite3_create_module_v2(
      connection.handle, name, module.callbacks, Unmanaged.passRetained(module).toOpaque()
    ) { module in
      if let module { Unmanaged<TableFunctionModule>.fromOpaque(module).release() }
    }
    guard code == SQLITE_OK else { throw AufdbError.sqlite(connection.handle, code) }
  }

  /// Takes a function away. No statement that calls it may be left.
  static func unregister(_ name: String, in connection: Connection) {
    sqlite3_create_module_v2(connection.handle, name, nil, nil, nil)
  }

  /// The callbacks (https://sqlite.org/c3ref/module.html). Without xCreate nobody can make a table of these; without
  /// xUpdate nobody can write to one.
  private static var module: sqlite3_module {
    var module = sqlite3_module()
    module.xConnect = { connection, carried, _, _, result, _ in
      guard let connection, let carried, let result else { return SQLITE_MISUSE }
      let object = Unmanaged<TableFunctionModule>.fromOpaque(carried).takeUnretainedValue()
      let code = sqlite3_declare_vtab(connection, object.function.declaration)
      guard code == SQLITE_OK else { return code }
      result.pointee = CarriedObject.allocate(sqlite3_vtab(), carrying: object)
      return SQLITE_OK
    }
    module.xDisconnect = { table in
      guard let table else { return SQLITE_MISUSE }
      CarriedObject.free(table, carrying: TableFunctionModule.self)
      return SQLITE_OK
    }
    module.xBestIndex = { table, info in
      guard let table, let info else { return SQLITE_MISUSE }
      return CarriedObject.of(table, TableFunctionModule.self).function.plan(info)
    }
    module.xOpen = { table, result in
      guard let table, let result else { return SQLITE_MISUSE }
      let cursor = TableFunctionWalk(CarriedObject.of(table, TableFunctionModule.self).function)
      result.pointee = CarriedObject.allocate(sqlite3_vtab_cursor(), carrying: cursor)
      return SQLITE_OK
    }
    addWalking(to: &module)
    return module
  }

  private static func addWalking(to module: inout sqlite3_module) {
    module.xClose = { cursor in
      guard let cursor else { return SQLITE_MISUSE }
      CarriedObject.free(cursor, carrying: TableFunctionWalk.self)
      return SQLITE_OK
    }
    module.xFilter = { cursor, plan, _, count, values in
      TableFunctionWalk.attempt(cursor) { try $0.begin(plan, SQLArguments(values, count)) }
    }
    module.xNext = { cursor in TableFunctionWalk.attempt(cursor) { try $0.advance() } }
    module.xEof = { cursor in
      guard let cursor else { return 1 }
      return CarriedObject.of(cursor, TableFunctionWalk.self).cursor.isAtEnd ? 1 : 0
    }
    module.xColumn = { cursor, context, column in
      guard let cursor, let context else { return SQLITE_MISUSE }
      CarriedObject.of(cursor, TableFunctionWalk.self).cursor.value(Int(column), to: context)
      return SQLITE_OK
    }
    module.xRowid = { cursor, result in
      guard let cursor, let result else { return SQLITE_MISUSE }
      result.pointee = CarriedObject.of(cursor, TableFunctionWalk.self).cursor.rowNumber
      return SQLITE_OK
    }
  }
}

/// What a cursor of SQLite's carries.
private final class TableFunctionWalk {
  let function: any TableFunction
  let cursor: any TableFunctionCursor

  init(_ function: any TableFunction) {
    self.function = function
    cursor = function.makeCursor()
  }

  /// Lets a cursor do something, and leaves the message of an error where SQLite takes it from.
  static func attempt(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ body: (any TableFunctionCursor) throws -> Void
  ) -> Int32 {
    guard let cursor else { return SQLITE_MISUSE }
    let walk = CarriedObject.of(cursor, TableFunctionWalk.self)
    do {
      try body(walk.cursor)
      return SQLITE_OK
    } catch {
      let error = AufdbError.from(error)
      walk.function.note(error)
      leave(error.message, cursor.pointee.pVtab)
      return error.sqliteCode ?? SQLITE_ERROR
    }
  }

  private static func leave(_ message: String, _ table: UnsafeMutablePointer<sqlite3_vtab>?) {
    let bytes = Array(message.utf8CString)
    guard let table, let copy = sqlite3_malloc64(UInt64(bytes.count)) else { return }
    _ = bytes.withUnsafeBytes { memcpy(copy, $0.baseAddress ?? UnsafeRawPointer(copy), $0.count) }
    sqlite3_free(table.pointee.zErrMsg)
    table.pointee.zErrMsg = copy.assumingMemoryBound(to: CChar.self)
  }
}

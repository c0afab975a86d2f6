// What SQLite calls for X_diff: C functions that find our object and ask it.
//
// In Swift and not in a C target of its own, because a C function here could do nothing but call back into Swift.

import GRDBSQLite

enum DiffModule {
  /// The callbacks (https://sqlite.org/c3ref/module.html). Without xCreate nobody can make a table of these; without
  /// xUpdate nobody can write to one.
  static var callbacks: sqlite3_module {
    var module = sqlite3_module()
    module.xConnect = { connection, table, _, _, result, _ in
      guard let connection, let table, let result else { return SQLITE_MISUSE }
      let object = Unmanaged<DiffTable>.fromOpaque(table).takeUnretainedValue()
      let code = sqlite3_declare_vtab(connection, object.declaration)
      guard code == SQLITE_OK else { return code }
      result.pointee = CarriedObject.allocate(sqlite3_vtab(), carrying: object)
      return SQLITE_OK
    }
    module.xDisconnect = { table in
      guard let table else { return SQLITE_MISUSE }
      CarriedObject.free(table, carrying: DiffTable.self)
      return SQLITE_OK
    }
    module.xBestIndex = { table, info in
      guard let table, let info else { return SQLITE_MISUSE }
      return CarriedObject.of(table, DiffTable.self).plan(info)
    }
    module.xOpen = { table, result in
      guard let table, let result else { return SQLITE_MISUSE }
      let cursor = DiffCursor(CarriedObject.of(table, DiffTable.self))
      result.pointee = CarriedObject.allocate(sqlite3_vtab_cursor(), carrying: cursor)
      return SQLITE_OK
    }
    addWalking(to: &module)
    return module
  }

  private static func addWalking(to module: inout sqlite3_module) {
    module.xClose = { cursor in
      guard let cursor else { return SQLITE_MISUSE }
      CarriedObject.free(cursor, carrying: DiffCursor.self)
      return SQLITE_OK
    }
    module.xFilter = { cursor, plan, _, count, values in
      guard let cursor else { return SQLITE_MISUSE }
      let object = CarriedObject.of(cursor, DiffCursor.self)
      let arguments = Array(UnsafeBufferPointer(start: values, count: Int(count)))
      do {
        try object.begin(DiffArguments(rawValue: plan), arguments)
        return SQLITE_OK
      } catch {
        return object.table.tables.fail(error)
      }
    }
    module.xNext = { cursor in
      guard let cursor else { return SQLITE_MISUSE }
      let object = CarriedObject.of(cursor, DiffCursor.self)
      do {
        try object.advance()
        return SQLITE_OK
      } catch {
        return object.table.tables.fail(error)
      }
    }
    module.xEof = { cursor in
      guard let cursor else { return 1 }
      return CarriedObject.of(cursor, DiffCursor.self).isAtEnd ? 1 : 0
    }
    module.xColumn = { cursor, context, column in
      guard let cursor, let context else { return SQLITE_MISUSE }
      CarriedObject.of(cursor, DiffCursor.self).value(Int(column), to: context)
      return SQLITE_OK
    }
    module.xRowid = { cursor, result in
      guard let cursor, let result else { return SQLITE_MISUSE }
      result.pointee = CarriedObject.of(cursor, DiffCursor.self).rowNumber
      return SQLITE_OK
    }
  }
}

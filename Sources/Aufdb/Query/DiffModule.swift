// What SQLite calls for X_diff: C functions that find our object and ask it.
//
// In Swift and not in a C target of its own, because a C function here could do nothing but call back into Swift.
// SQLite holds a structure of its own for each table and each cursor, allocated by us; the pointer to our object lies
// behind it, and is retained for as long as the structure lives.

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

/// A structure that SQLite holds, and an object of ours behind it.
private enum CarriedObject {
  private static func offset<Header>(_: Header.Type) -> Int {
    let alignment = MemoryLayout<UnsafeMutableRawPointer>.alignment
    return (MemoryLayout<Header>.size + alignment - 1) / alignment * alignment
  }

  static func allocate<Header>(_ header: Header, carrying object: some AnyObject) -> UnsafeMutablePointer<Header> {
    let offset = offset(Header.self)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: offset + MemoryLayout<UnsafeMutableRawPointer>.size, alignment: MemoryLayout<Header>.alignment)
    memory.storeBytes(
      of: Unmanaged.passRetained(object).toOpaque(), toByteOffset: offset, as: UnsafeMutableRawPointer.self)
    return memory.initializeMemory(as: Header.self, to: header)
  }

  private static func reference<Header, Object: AnyObject>(
    _ header: UnsafeMutablePointer<Header>, _: Object.Type
  ) -> Unmanaged<Object> {
    let pointer = UnsafeRawPointer(header).load(
      fromByteOffset: offset(Header.self), as: UnsafeMutableRawPointer.self)
    return Unmanaged<Object>.fromOpaque(pointer)
  }

  static func of<Header, Object: AnyObject>(_ header: UnsafeMutablePointer<Header>, _ type: Object.Type) -> Object {
    reference(header, type).takeUnretainedValue()
  }

  static func free<Header, Object: AnyObject>(_ header: UnsafeMutablePointer<Header>, carrying type: Object.Type) {
    reference(header, type).release()
    UnsafeMutableRawPointer(header).deallocate()
  }
}

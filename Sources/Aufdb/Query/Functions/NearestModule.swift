// What SQLite calls for nearest: C functions that find our object and ask it, as those of DiffModule.swift do.

import GRDBSQLite
import Glibc

enum NearestModule {
  /// The callbacks (https://sqlite.org/c3ref/module.html).
  static var callbacks: sqlite3_module {
    var module = sqlite3_module()
    module.xConnect = { connection, table, _, _, result, _ in
      guard let connection, let table, let result else { return SQLITE_MISUSE }
      let code = sqlite3_declare_vtab(connection, NearestTable.declaration)
      guard code == SQLITE_OK else { return code }
      let object = Unmanaged<NearestTable>.fromOpaque(table).takeUnretainedValue()
      result.pointee = CarriedObject.allocate(sqlite3_vtab(), carrying: object)
      return SQLITE_OK
    }
    module.xDisconnect = { table in
      guard let table else { return SQLITE_MISUSE }
      CarriedObject.free(table, carrying: NearestTable.self)
      return SQLITE_OK
    }
    module.xBestIndex = { table, info in
      guard let table, let info else { return SQLITE_MISUSE }
      return CarriedObject.of(table, NearestTable.self).plan(info)
    }
    module.xOpen = { table, result in
      guard let table, let result else { return SQLITE_MISUSE }
      let cursor = NearestCursor(CarriedObject.of(table, NearestTable.self).connection)
      result.pointee = CarriedObject.allocate(sqlite3_vtab_cursor(), carrying: cursor)
      return SQLITE_OK
    }
    addWalking(to: &module)
    return module
  }

  private static func addWalking(to module: inout sqlite3_module) {
    module.xClose = { cursor in
      guard let cursor else { return SQLITE_MISUSE }
      CarriedObject.free(cursor, carrying: NearestCursor.self)
      return SQLITE_OK
    }
    module.xFilter = { cursor, plan, _, count, values in
      guard let cursor else { return SQLITE_MISUSE }
      do {
        let object = CarriedObject.of(cursor, NearestCursor.self)
        try object.begin(NearestArguments(rawValue: plan), SQLArguments(values, count))
        return SQLITE_OK
      } catch {
        return NearestModule.fail(cursor.pointee.pVtab, error)
      }
    }
    module.xNext = { cursor in
      guard let cursor else { return SQLITE_MISUSE }
      CarriedObject.of(cursor, NearestCursor.self).advance()
      return SQLITE_OK
    }
    module.xEof = { cursor in
      guard let cursor else { return 1 }
      return CarriedObject.of(cursor, NearestCursor.self).isAtEnd ? 1 : 0
    }
    module.xColumn = { cursor, context, column in
      guard let cursor, let context else { return SQLITE_MISUSE }
      CarriedObject.of(cursor, NearestCursor.self).value(column, to: context)
      return SQLITE_OK
    }
    module.xRowid = { cursor, result in
      guard let cursor, let result else { return SQLITE_MISUSE }
      result.pointee = CarriedObject.of(cursor, NearestCursor.self).rowNumber
      return SQLITE_OK
    }
  }

  /// Leaves an error's message where SQLite takes it from, and gives the code.
  private static func fail(_ table: UnsafeMutablePointer<sqlite3_vtab>?, _ error: any Error) -> Int32 {
    let error = AufdbError.from(error)
    let bytes = Array(error.message.utf8CString)
    if let table, let copy = sqlite3_malloc64(UInt64(bytes.count)) {
      _ = bytes.withUnsafeBytes { memcpy(copy, $0.baseAddress ?? UnsafeRawPointer(copy), $0.count) }
      sqlite3_free(table.pointee.zErrMsg)
      table.pointee.zErrMsg = copy.assumingMemoryBound(to: CChar.self)
    }
    return error.sqliteCode ?? SQLITE_ERROR
  }
}

/// One walk through the answer of nearest.
final class NearestCursor {
  private let connection: Connection
  private var arguments: [NearestArguments: SQLValue] = [:]
  private var neighbours: [Neighbour] = []
  private var encoder = ""
  private var index = 0

  init(_ connection: Connection) { self.connection = connection }

  var isAtEnd: Bool { index >= neighbours.count }
  var rowNumber: Int64 { Int64(index + 1) }

  /// Searches.
  ///
  /// - Parameter values: of what `plan` was promised, in that order.
  func begin(_ plan: NearestArguments, _ values: SQLArguments) throws {
    (neighbours, index) = ([], 0)
    arguments = [:]
    for (place, argument) in NearestArguments.inOrder.filter(plan.contains).enumerated() {
      arguments[argument] = values.copy(place)
    }
    var search = try NearestSearch(NearestQuestion(arguments), in: connection)
    neighbours = try search.neighbours()
    encoder = search.encoder
  }

  func advance() { index += 1 }

  /// Gives a value of the current row to SQLite.
  func value(_ column: Int32, to context: OpaquePointer) {
    guard !isAtEnd, let column = NearestTable.Column(rawValue: column) else { return sqlite3_result_null(context) }
    let neighbour = neighbours[index]
    switch column {
    case .rank: sqlite3_result_int64(context, rowNumber)
    case .cosine: sqlite3_result_double(context, neighbour.cosine)
    case .encoder: SQLResult.text(encoder, to: context)
    case .promptID: neighbour.promptID.withUnsafeBytes { SQLResult.text($0, to: context) }
    case .model:
      if let model = neighbour.model {
        model.withUnsafeBytes { SQLResult.text($0, to: context) }
      } else {
        sqlite3_result_null(context)
      }
    case .sample: sqlite3_result_int64(context, neighbour.sample)
    case .response: SQLResult.value(arguments[.response] ?? .null, to: context)
    case .k: SQLResult.value(arguments[.k] ?? .integer(NearestQuestion.defaultCount), to: context)
    case .among: SQLResult.value(arguments[.among] ?? .null, to: context)
    }
  }
}

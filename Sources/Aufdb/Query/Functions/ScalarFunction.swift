// One function of SQL as SQLite calls it (https://sqlite.org/c3ref/create_function.html).

import GRDBSQLite

/// A function that gives one value for each call.
final class ScalarFunction {
  /// Computes the answer. An error becomes the query's.
  typealias Body = (SQLArguments) throws -> SQLValue

  private let body: Body

  private init(_ body: @escaping Body) { self.body = body }

  /// Makes a function for a connection, which keeps it until it closes or gets another of that name.
  ///
  /// It takes any number of arguments, so that what is wrong with them can be said in words.
  static func register(
    _ name: String, in connection: Connection, _ body: @escaping Body
  ) throws(AufdbError) {
    // SQLite lets go of the object when it lets go of the function, also where this fails.
    let code = sqlite3_create_function_v2(
      connection.handle, name, -1, flags, Unmanaged.passRetained(ScalarFunction(body)).toOpaque(), call, nil, nil
    ) { function in
      if let function { Unmanaged<ScalarFunction>.fromOpaque(function).release() }
    }
    guard code == SQLITE_OK else { throw AufdbError.sqlite(connection.handle, code) }
  }

  private static let call:
    @convention(c) (
      OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Void = { context, count, values in
      guard let context, let function = sqlite3_user_data(context) else { return }
      let body = Unmanaged<ScalarFunction>.fromOpaque(function).takeUnretainedValue().body
      do {
        SQLResult.value(try body(SQLArguments(values, count)), to: context)
      } catch {
        SQLResult.error(error, to: context)
      }
    }

  /// None of our functions has an effect, or an answer that depends on anything but its arguments.
  static let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
}

/// The arguments of one call, for its length.
struct SQLArguments {
  private let values: UnsafeBufferPointer<OpaquePointer?>

  init(_ values: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int32) {
    self.values = UnsafeBufferPointer(start: values, count: Int(count))
  }

  var count: Int { values.count }

  var hasNull: Bool { values.contains { sqlite3_value_type($0) == SQLITE_NULL } }

  /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
  func type(_ index: Int) -> Int32 { sqlite3_value_type(values[index]) }

  func integer(_ index: Int) -> Int64? { type(index) == SQLITE_INTEGER ? sqlite3_value_int64(values[index]) : nil }

  /// An integer or real number; nil for all else, also for a text that looks like one.
  func number(_ index: Int) -> Double? {
    [SQLITE_INTEGER, SQLITE_FLOAT].contains(type(index)) ? sqlite3_value_double(values[index]) : nil
  }

  /// The bytes of a text, or of a number as text; nil for a blob and for NULL.
  func text(_ index: Int) -> Bytes? {
    guard ![SQLITE_NULL, SQLITE_BLOB].contains(type(index)) else { return nil }
    // The length must be asked for after the value: the first call may convert it.
    let start = UnsafeRawPointer(sqlite3_value_text(values[index]))
    return Bytes(start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(values[index])))
  }

  func blob(_ index: Int) -> Bytes? {
    guard type(index) == SQLITE_BLOB else { return nil }
    let start = sqlite3_value_blob(values[index])
    return Bytes(start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(values[index])))
  }

  /// A copy of one.
  func copy(_ index: Int) -> SQLValue {
    switch type(index) {
    case SQLITE_INTEGER: .integer(sqlite3_value_int64(values[index]))
    case SQLITE_FLOAT: .real(sqlite3_value_double(values[index]))
    case SQLITE_TEXT: .text(String(decoding: text(index) ?? Bytes(start: nil, count: 0), as: UTF8.self))
    case SQLITE_BLOB: .blob(Array(blob(index) ?? Bytes(start: nil, count: 0)))
    default: .null
    }
  }
}

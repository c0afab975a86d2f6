// vector_json and cosine: what SQL can do with embeddings.
//
//   vector_json(element, vector)   the vector as a JSON list of numbers. Each is the shortest that reads back as the
//                                  same float32, which is the very element, float16 or not
//   cosine(element, a, b)          the cosine of the angle between two vectors, computed in double precision, from -1
//                                  to 1; NULL where one of them is all zeros, for then there is no angle
//
// A blob doesn't tell what its elements are, so both take the column `element` first. Where an argument is NULL, so is
// the answer; what is no vector of that element, vectors of different lengths, and elements that are not finite (which
// only something else than aufdb can have put there) are errors.

import GRDBSQLite

/// The functions on vectors, as SQLite calls them (https://sqlite.org/c3ref/create_function.html).
enum VectorFunctions {
  /// Registers the functions that a query may mean: those whose names occur in its text, in any case and any place.
  static func register(mentionedIn sql: String, in connection: Connection) throws(AufdbError) {
    let sql = sql.lowercased()
    if sql.contains("vector_json") {
      try register("vector_json", in: connection) { context, count, values in
        VectorFunctions.answer(context, count, values) { try $0.json($1) }
      }
    }
    if sql.contains("cosine") {
      try register("cosine", in: connection) { context, count, values in
        VectorFunctions.answer(context, count, values) { try $0.cosine($1) }
      }
    }
  }

  private typealias Callback =
    @convention(c) (
      OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Void

  private static func register(
    _ name: String, in connection: Connection, _ callback: @escaping Callback
  ) throws(AufdbError) {
    // Any number of arguments, so that what is wrong with them can be said in words. SQLite lets go of the calculation
    // when it lets go of the function, also where this fails.
    let code = sqlite3_create_function_v2(
      connection.handle, name, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
      Unmanaged.passRetained(VectorCalculation()).toOpaque(), callback, nil, nil
    ) { calculation in
      if let calculation { Unmanaged<VectorCalculation>.fromOpaque(calculation).release() }
    }
    guard code == SQLITE_OK else { throw AufdbError.sqlite(connection.handle, code) }
  }

  private static func answer(
    _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?,
    _ compute: (VectorCalculation, [OpaquePointer?]) throws -> VectorCalculation.Answer
  ) {
    guard let context, let calculation = sqlite3_user_data(context) else { return }
    let arguments = Array(UnsafeBufferPointer(start: values, count: Int(count)))
    do {
      switch try compute(Unmanaged<VectorCalculation>.fromOpaque(calculation).takeUnretainedValue(), arguments) {
      case .null: sqlite3_result_null(context)
      case .real(let real): sqlite3_result_double(context, real)
      case .text(var text):
        // SQLite's SQLITE_TRANSIENT: it takes a copy before the call returns.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        text.withUTF8 {
          let start = UnsafeRawPointer($0.baseAddress)?.assumingMemoryBound(to: CChar.self)
          sqlite3_result_text64(context, start, UInt64($0.count), copied, UInt8(SQLITE_UTF8))
        }
      }
    } catch {
      sqlite3_result_error(context, AufdbError.from(error).message, -1)
    }
  }
}

/// Computes the answers, in memory that serves all rows of a query.
private final class VectorCalculation {
  enum Answer {
    case null
    case real(Double)
    case text(String)
  }

  private var first = EmbeddingVector()
  private var second = EmbeddingVector()
  private var writer = JSONWriter()

  func json(_ arguments: [OpaquePointer?]) throws -> Answer {
    guard arguments.count == 2 else {
      throw AufdbError(.usage, "vector_json takes (element, vector), two columns of embeddings")
    }
    guard let element = try element(of: arguments, "vector_json") else { return .null }
    try first.decode(blob(arguments[1], "vector_json"), as: element)
    writer.removeAll()
    writer.beginArray()
    try first.withValues { values in
      for value in values {
        guard value.isFinite else { throw AufdbError(.badData, "vector_json: an element is not finite") }
        var digits = value.description
        digits.withUTF8 { writer.raw(UnsafeRawBufferPointer($0)) }
      }
    }
    writer.endArray()
    return .text(writer.text)
  }

  func cosine(_ arguments: [OpaquePointer?]) throws -> Answer {
    guard arguments.count == 3 else {
      throw AufdbError(.usage, "cosine takes (element, a, b): the element of both vectors, and the vectors")
    }
    guard let element = try element(of: arguments, "cosine") else { return .null }
    try first.decode(blob(arguments[1], "cosine"), as: element)
    try second.decode(blob(arguments[2], "cosine"), as: element)
    guard first.dimension == second.dimension else {
      throw AufdbError(
        .badData, "cosine: the vectors have \(first.dimension) and \(second.dimension) elements")
    }
    let (a, b, product) = first.withValues { a in second.withValues { b in Self.products(a, b) } }
    guard a.isFinite, b.isFinite else { throw AufdbError(.badData, "cosine: an element is not finite") }
    guard a > 0, b > 0 else { return .null }
    // One root, not two: then a vector's cosine with itself is 1 to the last bit.
    return .real(min(1, max(-1, product / (a * b).squareRoot())))
  }

  /// The products a a, b b and a b.
  private static func products(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>
  ) -> (Double, Double, Double) {
    var sums = (0.0, 0.0, 0.0)
    for index in a.indices {
      let (x, y) = (Double(a[index]), Double(b[index]))
      sums.0 += x * x
      sums.1 += y * y
      sums.2 += x * y
    }
    return sums
  }

  /// The element that the first argument names; nil where any argument is NULL.
  private func element(of arguments: [OpaquePointer?], _ function: String) throws(AufdbError) -> EmbeddingElement? {
    guard arguments.allSatisfy({ sqlite3_value_type($0) != SQLITE_NULL }) else { return nil }
    guard sqlite3_value_type(arguments[0]) == SQLITE_TEXT, let name = sqlite3_value_text(arguments[0]),
      let element = EmbeddingElement(rawValue: String(cString: name))
    else {
      throw AufdbError(.usage, "\(function): the first argument is the column element, 'f16' or 'f32'")
    }
    return element
  }

  /// A vector's bytes, for as long as SQLite keeps the argument.
  private func blob(_ argument: OpaquePointer?, _ function: String) throws(AufdbError) -> Bytes {
    guard sqlite3_value_type(argument) == SQLITE_BLOB else {
      throw AufdbError(.usage, "\(function): a vector is a blob, as the column vector is")
    }
    let start = sqlite3_value_blob(argument)
    return Bytes(start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(argument)))
  }
}

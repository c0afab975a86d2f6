// The text of a script, cut into statements by SQLite itself, and the places in it that errors are about.

import GRDBSQLite

/// Statements with semicolons between them, comments and all.
struct QueryScript {
  /// The file that it comes from, if any.
  let file: String?
  /// UTF-8, and a zero byte behind it, without which SQLite would copy all that is left of it for each statement.
  private let utf8: [UInt8]

  /// - Throws: `.refused` for SQL that is too long, or has a U+0000 in it, where SQLite would take it to end.
  init(_ sql: String, file: String?) throws(AufdbError) {
    self.file = file
    utf8 = Array(sql.utf8) + [0]
    let place = file.map { AufdbError.Place(file: $0) }
    guard count <= QueryLimits.sqlBytes else {
      throw AufdbError(.refused, "the SQL is longer than \(QueryLimits.sqlBytes >> 20) MB", at: place)
    }
    guard let zero = utf8.firstIndex(of: 0), zero == count else {
      throw AufdbError(
        .refused, "the SQL has a U+0000 in it", hint: "in SQL, char(0) is a text of that character",
        at: file.map { AufdbError.Place(file: $0, line: SQLPlace.line(utf8.firstIndex(of: 0) ?? 0, in: utf8)) })
    }
  }

  /// Its bytes, without the zero.
  var count: Int { utf8.count - 1 }

  /// Whether a double quotation mark stands at a place.
  func isQuoted(_ place: Int) -> Bool { place < count && utf8[place] == UInt8(ascii: "\"") }

  func text(_ range: Range<Int>) -> String { String(decoding: utf8[range], as: UTF8.self) }

  /// Where the next statement begins: `offset`, or what follows the blanks and comments there.
  func start(after offset: Int) -> Int { utf8.withUnsafeBufferPointer { SQLSpace.end(from: offset, in: $0[..<count]) } }

  /// Compiles the statement that begins at `offset`; nil for a semicolon alone.
  func statement(at offset: Int, on connection: Connection) throws(AufdbError) -> (SQLStatement?, end: Int) {
    try utf8.span.withUnsafeBufferPointer { utf8 throws(AufdbError) in
      let rest = UnsafeBufferPointer(rebasing: utf8[offset...])
      let (statement, length) = try SQLStatement.first(of: rest, on: connection.handle)
      return (statement, offset + length)
    }
  }

  /// An error with its place: the file's line, and below the hint the line itself with a caret.
  ///
  /// - Parameters:
  ///   - offset: of what is wrong; nil where only the statement is known.
  ///   - start: of the statement.
  func located(_ error: AufdbError, at offset: Int?, inStatementAt start: Int) -> AufdbError {
    let offset = offset ?? SQLPlace.offset(ofNameIn: error, in: utf8[start..<count]) ?? start
    var error = error
    if let file, error.place == nil {
      error.place = AufdbError.Place(file: file, line: SQLPlace.line(offset, in: utf8[..<count]))
    }
    error.hint = (error.hint ?? "this is the place:") + "\n" + SQLPlace.marked(offset, in: utf8[..<count])
    return error
  }
}

// What is wrong with a condition that somebody wrote, and where in it.

import GRDBSQLite

enum ConditionFailure {
  /// The error of SQL that ends in a condition and what closes it; call it before anything else is done with the
  /// connection, which keeps the place.
  ///
  /// - Parameters:
  ///   - option: what the condition was given with.
  ///   - head: the SQL before the condition.
  ///   - hint: what a condition looks like, for errors that no better hint is known for.
  static func explained(
    _ error: AufdbError, option: String, _ condition: String, after head: String, hint: String,
    in connection: Connection
  ) -> AufdbError {
    // An offset in bytes, or -1 where the error has no place (https://sqlite.org/c3ref/errcode.html).
    let offset = Int(sqlite3_error_offset(connection.handle)) - head.utf8.count
    var failure = NameHint.added(to: error.ofQuery, in: connection)
    failure.message = "\(option): \(failure.message)"
    failure.hint = failure.hint ?? hint
    if error.kind == .usage, let place = place(offset, in: condition) { failure.hint? += "\n\(place)" }
    return failure
  }

  /// The line that the byte at `offset` stands in, and below it a caret; nil where it is before the condition. What is
  /// wrong behind it, such as the bracket that closes it too early, is wrong at its end.
  static func place(_ offset: Int, in condition: String) -> String? {
    guard offset >= 0 else { return nil }
    let utf8 = Array(condition.utf8)
    let offset = min(offset, utf8.count)
    let isLineEnd = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
    let start = utf8[..<offset].lastIndex(where: isLineEnd).map { $0 + 1 } ?? 0
    let end = utf8[offset...].firstIndex(where: isLineEnd) ?? utf8.count
    let text = { (bytes: ArraySlice<UInt8>) in
      String(decoding: bytes, as: UTF8.self).map { $0 == "\t" ? " " : $0 }
    }
    let before = text(utf8[start..<offset])
    return String(text(utf8[start..<end])) + "\n" + String(repeating: " ", count: before.count) + "^"
  }
}

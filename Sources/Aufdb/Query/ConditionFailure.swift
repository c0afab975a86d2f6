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
    let utf8 = Array(condition.utf8)
    let isQuoted = utf8.indices.contains(offset) && utf8[offset] == UInt8(ascii: "\"")
    var failure = NameHint.added(to: error.ofQuery, isQuoted: isQuoted, in: connection)
    failure.message = "\(option): \(failure.message)"
    failure.hint = failure.hint ?? hint
    // What is wrong before the condition is none of its author's business.
    if error.kind == .usage, offset >= 0 {
      failure.hint? += "\n" + SQLPlace.marked(offset, in: utf8[...])
    }
    return failure
  }
}

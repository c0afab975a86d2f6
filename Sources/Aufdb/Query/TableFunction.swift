// What a table-valued function is made of; TableFunctionModule.swift puts it to SQLite.

import GRDBSQLite

/// A function whose answer is a table.
protocol TableFunction: AnyObject {
  /// The CREATE TABLE that SQLite is told (https://sqlite.org/c3ref/declare_vtab.html).
  var declaration: String { get }

  /// Says how it would answer a query, or that it can't (https://sqlite.org/vtab.html#the_xbestindex_method).
  func plan(_ info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32

  func makeCursor() -> any TableFunctionCursor

  /// Takes note of an error of one of its cursors, of which SQLite passes on no more than the message.
  func note(_ error: AufdbError)
}

/// A walk through the rows of an answer: it stands on one, or behind the last one.
protocol TableFunctionCursor: AnyObject {
  /// Begins a walk.
  ///
  /// - Parameters:
  ///   - plan: what `TableFunction.plan` left in `idxNum`.
  ///   - arguments: the values of what that was promised, in its order.
  func begin(_ plan: Int32, _ arguments: SQLArguments) throws

  /// Goes to the next row.
  func advance() throws

  var isAtEnd: Bool { get }
  var rowNumber: Int64 { get }

  /// Gives a value of the current row to SQLite.
  func value(_ column: Int, to context: OpaquePointer)
}

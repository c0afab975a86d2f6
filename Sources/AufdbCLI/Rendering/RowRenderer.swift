// What all formats have in common.

import Aufdb

/// Writes rows in one format: the header first, then row by row value after value, then the end.
protocol RowRenderer: AnyObject {
  /// Takes the names of the columns, of which two may be equal.
  func header(_ names: [String]) throws(StreamError)

  /// Takes the next value of the current row. What it lends is not kept.
  func value(_ value: QueryValue) throws(StreamError)

  func endRow() throws(StreamError)

  /// Writes what was held back.
  func finish() throws(StreamError)
}

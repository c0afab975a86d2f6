// One value of a query's row, lent in place.

/// A value as SQLite knows it. A text or blob is not copied: its bytes stay in place until the next row.
public enum QueryValue {
  case null
  case integer(Int64)
  /// Never NaN, which SQLite makes NULL; but it may be infinite.
  case real(Double)
  /// As stored: usually UTF-8, but SQLite doesn't check it, and U+0000 may occur.
  case text(UnsafeRawBufferPointer)
  case blob(UnsafeRawBufferPointer)
}

extension SQLValue {
  /// Lends it as a query's row would.
  public func withQueryValue<Result, Failure: Error>(
    _ body: (QueryValue) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .null: return try body(.null)
    case .integer(let integer): return try body(.integer(integer))
    case .real(let real): return try body(.real(real))
    case .text(let text):
      return try text.utf8.span.bytes.withUnsafeBytes { bytes throws(Failure) in try body(.text(bytes)) }
    case .blob(let bytes):
      return try bytes.span.bytes.withUnsafeBytes { bytes throws(Failure) in try body(.blob(bytes)) }
    }
  }
}

// The rows of a query, one after the other.

/// Steps through what a query gives. It is lent for the length of one closure, and holds one row at a time.
public struct QueryRows: ~Copyable {
  private let statement: SQLStatement
  private let diffs: DiffTables

  /// The names of the columns, in order. Two may be equal.
  public let columns: [String]

  init(_ statement: SQLStatement, _ diffs: DiffTables) {
    self.statement = statement
    self.diffs = diffs
    columns = (0..<statement.columnCount).map { statement.columnName($0) }
  }

  /// Goes to the next row, or to the first at first; false when there is none.
  ///
  /// - Throws: `.refused` where the SQL fails on this row, names an unknown revision, or was interrupted; `.badData`,
  ///   `.inputOutput` of the store.
  public func next() throws(AufdbError) -> Bool {
    do throws(AufdbError) {
      return try statement.step()
    } catch {
      throw diffs.explained(error.ofQuery)
    }
  }

  /// A value of the current row. Whatever it lends is gone with the next call of `next`.
  ///
  /// - Parameter column: counted from 0.
  public func value(_ column: Int) -> QueryValue {
    let column = Int32(column)
    switch statement.type(column) {
    case SQLiteType.integer: return .integer(statement.integer(column))
    case SQLiteType.real: return .real(statement.real(column))
    case SQLiteType.text: return .text(statement.bytes(column))
    case SQLiteType.blob: return .blob(statement.bytes(column))
    default: return .null
    }
  }
}

extension AufdbError {
  /// What SQLite finds wrong with the SQL is refused, whoever wrote it; other kinds stay as they are.
  var ofQuery: AufdbError {
    var error = self
    if kind == .usage { error.kind = .refused }
    return error
  }
}

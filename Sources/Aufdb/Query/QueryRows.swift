// The rows of a query, one after the other.

/// Steps through what one statement gives. It is lent for the length of one closure, and holds one row at a time.
public struct QueryRows: ~Copyable {
  private final class Progress {
    var rowCount = 0
    var isDone = false
    var isCut = false
  }

  private let statement: SQLStatement
  private let clock: QueryClock
  private let rowLimit: Int
  private let explained: (AufdbError) -> AufdbError
  private let progress = Progress()

  /// The names of the columns, in order. Two may be equal.
  public let columns: [String]
  /// Which statement of its script it is, counted from 0, and of how many.
  public let statementIndex: Int
  public let statementCount: Int
  /// Whether the rows are those of EXPLAIN QUERY PLAN.
  public let isPlan: Bool

  /// - Parameter explained: makes what is thrown of an error of SQLite.
  init(
    _ statement: SQLStatement, place: (index: Int, count: Int), isPlan: Bool, rowLimit: Int?, clock: QueryClock,
    explained: @escaping (AufdbError) -> AufdbError
  ) {
    self.statement = statement
    (statementIndex, statementCount) = place
    self.isPlan = isPlan
    self.rowLimit = rowLimit ?? .max
    self.clock = clock
    self.explained = explained
    columns = (0..<statement.columnCount).map { statement.columnName($0) }
  }

  /// Goes to the next row, or to the first at first; false when there is none, or the limit of rows is reached.
  ///
  /// - Throws: `.refused` where the SQL fails on this row, names an unknown revision, takes too long, or was
  ///   interrupted; `.badData`, `.inputOutput` of the store.
  public func next() throws(AufdbError) -> Bool {
    guard !progress.isDone else { return false }
    guard progress.rowCount < rowLimit else {
      progress.isDone = true
      progress.isCut = true
      return false
    }
    clock.begin()
    do throws(AufdbError) {
      let isRow = try statement.step()
      clock.end()
      if isRow { progress.rowCount += 1 } else { progress.isDone = true }
      return isRow
    } catch {
      clock.end()
      progress.isDone = true
      throw explained(error)
    }
  }

  /// Whether it ended at the limit of rows. Whether there would have been more isn't known: to look could take long.
  public var isCut: Bool { progress.isCut }

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

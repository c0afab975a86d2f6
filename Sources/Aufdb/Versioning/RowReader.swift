// Reads whole row versions of one relation by where they stand.

/// Stands on one row version at a time, or on none.
final class RowReader {
  private let columnCount: Int32
  private let relation: Relation
  let statement: SQLStatement
  /// Where the row stands; nil where it stands on none.
  private(set) var place: Int64?

  init(_ relation: Relation, in connection: Connection) throws {
    self.relation = relation
    columnCount = Int32(relation.columns.count)
    statement = try connection.statement(
      "SELECT \(relation.columnList), past_id FROM main.\(relation.table) WHERE place = ?1")
  }

  /// Goes to the row at a place; to none for nil.
  func read(_ place: Int64?) throws {
    statement.reset()
    self.place = nil
    guard let place else { return }
    statement.bind(1, place)
    guard try statement.step() else {
      throw AufdbError(.badData, "the store is damaged: a row of \(relation.name) is missing")
    }
    self.place = place
  }

  /// The row version's number.
  var id: Int64? { place.map { $0 > 0 ? $0 : statement.integer(columnCount) } }

  /// The values of the row's columns; nil where it stands on none.
  var values: [SQLValue]? { place != nil ? (0..<columnCount).map { statement.value($0) } : nil }

  /// Whether both stand on equal rows, byte by byte, or both on none.
  func isEqual(to other: RowReader) -> Bool {
    guard place != nil, other.place != nil else { return place == other.place }
    return isEqual(to: other.statement, from: 0)
  }

  /// Whether it stands on a row that equals the one of another statement, whose columns begin at `first`.
  func isEqual(to row: SQLStatement, from first: Int32) -> Bool {
    place != nil && (0..<columnCount).allSatisfy { statement.isEqual($0, to: row, first + $0) }
  }

  /// Adds the row anew.
  func copy(to writer: RowWriter) throws {
    for column in 0..<columnCount { writer.value(statement, column) }
    try writer.insert()
  }
}

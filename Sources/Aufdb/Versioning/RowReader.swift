// Reads whole row versions of one relation by where they stand.

/// Stands on one row version at a time, or on none.
final class RowReader {
  private let relation: Relation
  private let statement: SQLStatement
  private var isOnRow = false

  init(_ relation: Relation, in connection: Connection) throws {
    self.relation = relation
    statement = try connection.statement("SELECT \(relation.columnList) FROM main.\(relation.table) WHERE place = ?1")
  }

  /// Goes to the row at a place; to none for nil.
  func read(_ place: Int64?) throws {
    statement.reset()
    isOnRow = false
    guard let place else { return }
    statement.bind(1, place)
    guard try statement.step() else {
      throw AufdbError(.badData, "the store is damaged: a row of \(relation.name) is missing")
    }
    isOnRow = true
  }

  /// The values of the row's columns; nil where it stands on none.
  var values: [SQLValue]? { isOnRow ? relation.columns.indices.map { statement.value(Int32($0)) } : nil }

  /// Whether both stand on equal rows, byte by byte, or both on none.
  func isEqual(to other: RowReader) -> Bool {
    guard isOnRow, other.isOnRow else { return isOnRow == other.isOnRow }
    return relation.columns.indices.allSatisfy { statement.isEqual(Int32($0), to: other.statement) }
  }

  /// Adds the row anew.
  func copy(to writer: RowWriter) throws {
    for column in relation.columns.indices { writer.value(statement, Int32(column)) }
    try writer.insert()
  }
}

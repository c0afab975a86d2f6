// Puts new row versions of one relation into the store, digesting each as it goes.

/// Takes the values of one row after the other, column by column in the relation's order. Late columns for which none
/// is given are NULL.
///
/// A text or blob that is given as bytes must stay in place until `insert()`: it is not copied.
final class RowWriter {
  private let insertion: SQLStatement
  // Parameters of the insertion: a row's place is the first, its columns follow.
  private static let firstColumn: Int32 = 2
  private let firstLate: Int32
  private let end: Int32
  private var column = firstColumn
  private var hasher = CanonicalHasher()
  let firstID: Int64
  private(set) var nextID: Int64

  init(_ relation: Relation, nextID: Int64, in connection: Connection) throws {
    let marks = Array(repeating: "?", count: relation.columns.count + 1).joined(separator: ", ")
    insertion = try connection.statement(
      "INSERT INTO main.\(relation.table) (place, \(relation.columnList)) VALUES (\(marks))")
    firstLate = Self.firstColumn + Int32(relation.firstColumns.count)
    end = firstLate + Int32(relation.lateColumns.count)
    firstID = nextID
    self.nextID = nextID
  }

  var count: Int { Int(nextID - firstID) }

  func text(_ bytes: UnsafeRawBufferPointer) {
    insertion.bind(column, unownedText: bytes)
    beginValue()
    hasher.text(bytes)
    column += 1
  }

  func optionalText(_ bytes: UnsafeRawBufferPointer?) {
    if let bytes { text(bytes) } else { null() }
  }

  func text(_ value: String) {
    var value = value
    insertion.bind(column, .text(value))
    beginValue()
    value.withUTF8 { hasher.text(UnsafeRawBufferPointer($0)) }
    column += 1
  }

  func optionalText(_ value: String?) {
    if let value { text(value) } else { null() }
  }

  func blob(_ bytes: UnsafeRawBufferPointer) {
    insertion.bind(column, unownedBlob: bytes)
    beginValue()
    hasher.blob(bytes)
    column += 1
  }

  func optionalBlob(_ bytes: UnsafeRawBufferPointer?) {
    if let bytes { blob(bytes) } else { null() }
  }

  func integer(_ value: Int64) {
    insertion.bind(column, value)
    beginValue()
    hasher.integer(value)
    column += 1
  }

  func integer(_ value: Int) { integer(Int64(value)) }

  func optionalInteger(_ value: Int?) {
    if let value { integer(value) } else { null() }
  }

  /// A finite number. -0.0 becomes 0.0, because SQLite doesn't keep its sign.
  func real(_ value: Double) {
    let stored = value == 0 ? 0 : value
    insertion.bind(column, stored)
    beginValue()
    hasher.real(stored)
    column += 1
  }

  func optionalReal(_ value: Double?) {
    if let value { real(value) } else { null() }
  }

  /// The value that a column of another statement's row holds, in place until `insert()`.
  func value(_ row: SQLStatement, _ column: Int32) {
    switch row.type(column) {
    case SQLiteType.integer: integer(row.integer(column))
    case SQLiteType.real: real(row.real(column))
    case SQLiteType.text: text(row.bytes(column))
    case SQLiteType.blob: blob(row.bytes(column))
    default: null()
    }
  }

  func null() {
    insertion.bindNull(column)
    if column < firstLate { hasher.null() }
    column += 1
  }

  private func beginValue() {
    if column >= firstLate { hasher.late(column - firstLate) }
  }

  /// Stores the row whose values were given, and returns its id.
  @discardableResult
  func insert() throws(AufdbError) -> Int64 {
    guard (firstLate...end).contains(column) else {
      let (count, expected) = (column - Self.firstColumn, firstLate - Self.firstColumn)
      throw AufdbError(.internalDefect, "a row of \(count) values where \(expected) belong")
    }
    while column < end { null() }
    insertion.bind(1, nextID)
    _ = try insertion.step()
    insertion.reset()
    column = Self.firstColumn
    defer { nextID += 1 }
    return nextID
  }

  /// Passes over ids, so that the next row gets `id`: those between had rows once, which were pruned.
  func skip(to id: Int64) { nextID = max(nextID, id) }

  /// The digest of all rows; see CommitBytes.swift, born(R).
  func finish() -> [UInt8] { hasher.finish() }
}

// Making rows past: one relation's rows leave the live ones for the next places of the past.

/// Takes live rows to the past, one after the other, inside one write transaction.
final class PastPlaces {
  private let connection: Connection
  private let relation: Relation
  private let first: Int64
  private var next: Int64
  private let move: SQLStatement
  private let note: SQLStatement?

  init(_ relation: Relation, in connection: Connection) throws {
    self.connection = connection
    self.relation = relation
    let state = try connection.first(
      "SELECT next_past, retired_apart FROM relation WHERE code = ?1", .integer(Int64(relation.rawValue))
    ) { ($0.integer(0), $0.integer(1)) }
    guard let state, (Relation.firstPast..<0).contains(state.0) else {
      throw AufdbError(.badData, "the store is damaged: the next past place of \(relation.name) is impossible")
    }
    first = state.0
    next = state.0
    move = try connection.statement(
      "UPDATE main.\(relation.table) SET place = ?2, past_id = place, retired_by = ?3 WHERE place = ?1")
    // Without branches that went apart nothing is noted there.
    note =
      state.1 == 0
      ? nil
      : try connection.statement(
        """
        UPDATE retirement SET in_live = 0 WHERE relation = \(relation.rawValue) AND row_id = ?1 AND in_live = 1
        """)
  }

  /// The places taken so far; nil for none.
  var taken: ClosedRange<Int64>? { next > first ? first...next - 1 : nil }

  /// Makes a live row past.
  ///
  /// - Parameter commit: the one that retired it, or 0 where `retirement` tells.
  func take(_ id: Int64, retiredBy commit: Int64) throws {
    try move.run(.integer(id), .integer(next), .integer(commit))
    try note?.run(.integer(id))
    next += 1
  }

  /// Keeps the places that were taken from being taken again.
  func finish() throws {
    try connection.execute(
      "UPDATE relation SET next_past = ?2 WHERE code = ?1", .integer(Int64(relation.rawValue)), .integer(next))
  }
}

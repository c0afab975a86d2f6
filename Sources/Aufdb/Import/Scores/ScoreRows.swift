// The rows of scores: found by their natural key, and written.

/// A judge's rating of one response.
struct ScoreRow {
  var promptID: Bytes
  var model: Bytes
  var sample: Int64
  var judge: Bytes
  var score: Double?
  /// JSON.
  var aspects: Bytes?
  var critique: Bytes?

  /// Whether another score of the same response by the same judge says the same.
  func saysTheSame(as other: ScoreRow) -> Bool {
    score == other.score && Self.isEqual(aspects, other.aspects) && Self.isEqual(critique, other.critique)
  }

  private static func isEqual(_ one: Bytes?, _ other: Bytes?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.isEqual(to: other)
  }

  /// What the error for another score in its place says.
  var conflict: String {
    "\(Field.excerpt(judge))'s score of \(Field.excerpt(model)) for '\(Field.excerpt(promptID))' is there already "
      + "and differs"
  }
}

/// Looks scores up, and inserts them.
struct ScoreRows {
  private let scores: RowWriter
  private let lookup: SQLStatement

  init(into change: Change) throws {
    scores = try change.writer(.scores)
    lookup = try change.connection.statement(
      """
      SELECT id, score, aspects, critique FROM scores
      WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4
      """)
  }

  /// What stands for a score's response and judge.
  func find(_ row: ScoreRow) throws -> Found {
    lookup.bind(1, unownedText: row.promptID)
    lookup.bind(2, unownedText: row.model)
    lookup.bind(3, row.sample)
    lookup.bind(4, unownedText: row.judge)
    defer { lookup.reset() }
    guard try lookup.step() else { return .nothing }
    let isSame =
      lookup.optionalReal(1) == row.score && Field.isEqual(lookup, 2, row.aspects)
      && Field.isEqual(lookup, 3, row.critique)
    return isSame ? .same : .other(id: lookup.integer(0))
  }

  func insert(_ row: ScoreRow) throws {
    scores.text(row.promptID)
    scores.text(row.model)
    scores.integer(row.sample)
    scores.text(row.judge)
    scores.optionalReal(row.score)
    scores.optionalText(row.aspects)
    scores.optionalText(row.critique)
    try scores.insert()
  }
}

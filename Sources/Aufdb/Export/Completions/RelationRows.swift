// Scores, labels and estimates, a row a line, under the names of their columns.

/// The rows of one relation that come out as lines of their own.
enum RelationRows: CaseIterable {
  case scores, labels, estimates

  var kind: CompletionsFile.Kind {
    switch self {
    case .scores: .scores
    case .labels: .labels
    case .estimates: .estimates
    }
  }

  var relation: Relation {
    switch self {
    case .scores: .scores
    case .labels: .labels
    case .estimates: .estimates
    }
  }

  /// The rows whose responses are there. Of scores, those of all judges but ?3.
  var sql: String {
    let runs = "x.id BETWEEN ?1 AND ?2"
    return switch self {
    case .scores:
      """
      SELECT prompt_id, model, sample, judge, score, aspects, critique FROM scores AS x
      WHERE \(runs) AND judge IS NOT ?3 AND \(BornRows.hasResponse("x")) ORDER BY x.id
      """
    case .labels:
      """
      SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, chosen_score,
        rejected_score, method, batch
      FROM labels AS x
      WHERE \(runs) AND \(BornRows.hasResponse("x", model: "chosen_model", sample: "chosen_sample"))
        AND \(BornRows.hasResponse("x", model: "rejected_model", sample: "rejected_sample")) ORDER BY x.id
      """
    case .estimates:
      """
      SELECT snapshot, prompt_id, model, sample, reward, lower, upper, heads FROM estimates AS x
      WHERE \(runs) AND \(BornRows.hasResponse("x")) ORDER BY x.id
      """
    }
  }

  /// Writes a row's object and its line feed; false where it has nothing that could be imported, and is not written.
  func write(_ row: SQLStatement, to line: inout JSONWriter) throws(AufdbError) -> Bool {
    if self == .scores, ScoreShape(row, score: 4, aspects: 5, critique: 6) == nil { return false }
    line.removeAll()
    line.beginObject()
    switch self {
    case .scores:
      line.response(row, "prompt_id", "model", "sample")
      line.text("judge", row.bytes(3))
      try line.optionalNumber("score", row.optionalReal(4))
      line.optionalText("aspects", row, 5)
      line.optionalText("critique", row, 6)
    case .labels: try Self.label(row, to: &line)
    case .estimates:
      line.text("snapshot", row.bytes(0))
      line.response(row, "prompt_id", "model", "sample", from: 1)
      for (column, name) in zip(Int32(4)..., ["reward", "lower", "upper"]) {
        try line.optionalNumber(name, row.real(column))
      }
      try Self.heads(row, 7, to: &line)
    }
    line.endObject()
    line.newline()
    return true
  }

  private static func label(_ row: SQLStatement, to line: inout JSONWriter) throws(AufdbError) {
    line.response(row, "prompt_id", "chosen_model", "chosen_sample")
    line.text("rejected_model", row.bytes(3))
    line.key("rejected_sample")
    line.int(row.integer(4))
    line.text("judge", row.bytes(5))
    line.key("tie")
    line.bool(row.integer(6) != 0)
    try line.optionalNumber("chosen_score", row.optionalReal(7))
    try line.optionalNumber("rejected_score", row.optionalReal(8))
    line.optionalText("method", row, 9)
    line.key("batch")
    if row.isNull(10) { line.null() } else { line.int(row.integer(10)) }
  }

  /// float32s in as few digits as bring back the very number, also by way of a double.
  private static func heads(_ row: SQLStatement, _ column: Int32, to line: inout JSONWriter) throws(AufdbError) {
    line.key("heads")
    guard !row.isNull(column) else { return line.null() }
    let bytes = row.bytes(column)
    line.beginArray()
    for offset in stride(from: 0, to: bytes.count - 3, by: 4) {
      let head = Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      guard head.isFinite else { throw AufdbError(.badData, "the store has an estimate with a head of \(head)") }
      var digits = head.description
      if Double(digits).map({ Float($0) }) != head { digits = Double(head).description }
      digits.withUTF8 { line.raw(Bytes($0)) }
    }
    line.endArray()
  }
}

extension JSONWriter {
  mutating func text(_ name: String, _ value: Bytes) {
    key(name)
    string(value)
  }

  /// A text column's value, or null.
  mutating func optionalText(_ name: String, _ row: SQLStatement, _ column: Int32) {
    key(name)
    if row.isNull(column) { null() } else { string(row.bytes(column)) }
  }

  mutating func optionalNumber(_ name: String, _ value: Double?) throws(AufdbError) {
    key(name)
    guard let value else { return null() }
    do throws(JSONError) {
      try double(value)
    } catch {
      throw AufdbError(.badData, "the store has a row whose \(name) is \(value)")
    }
  }

  /// The three columns that name a response.
  fileprivate mutating func response(
    _ row: SQLStatement, _ promptID: String, _ model: String, _ sample: String, from column: Int32 = 0
  ) {
    text(promptID, row.bytes(column))
    text(model, row.bytes(column + 1))
    key(sample)
    int(row.integer(column + 2))
  }
}

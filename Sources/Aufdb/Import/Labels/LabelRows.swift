// The rows of labels: found by their natural key, and written.
//
// The pair is unordered in a label's natural key: "a over b" and "b over a" are two versions of one label. Two ties of
// one pair are equal whichever response each calls chosen, for that means nothing; the one that comes first is kept as
// it came. A label without details says nothing about them, and so is the same as one that has some.

/// Looks labels up, and inserts them.
struct LabelRows {
  /// A judge's label on a pair of responses, in either order. Goes through the index on the prompt, so it costs what
  /// the prompt has in labels.
  static let lookupSQL = """
    SELECT id, chosen_model, chosen_sample, tie, chosen_score, rejected_score, method, batch, details FROM labels
    WHERE prompt_id = ?1 AND judge = ?2
      AND (chosen_model = ?3 AND chosen_sample = ?4 AND rejected_model = ?5 AND rejected_sample = ?6
        OR rejected_model = ?3 AND rejected_sample = ?4 AND chosen_model = ?5 AND chosen_sample = ?6)
    """

  private let labels: RowWriter
  private let lookup: SQLStatement

  init(into change: Change) throws {
    labels = try change.writer(.labels)
    lookup = try change.connection.statement(Self.lookupSQL)
  }

  /// What stands for a label's pair and judge.
  func find(_ label: LabelRecord, judge: Bytes) throws -> Found {
    lookup.bind(1, unownedText: label.promptID)
    lookup.bind(2, unownedText: judge)
    lookup.bind(3, unownedText: label.chosen.model)
    lookup.bind(4, label.chosen.sample)
    lookup.bind(5, unownedText: label.rejected.model)
    lookup.bind(6, label.rejected.sample)
    defer { lookup.reset() }
    guard try lookup.step() else { return .nothing }
    return isSame(label) ? .same : .other(id: lookup.integer(0))
  }

  /// Whether a label of the same pair says the same.
  private func isSame(_ label: LabelRecord) -> Bool {
    let isSwapped = !(Field.isEqual(lookup, 1, label.chosen.model) && lookup.integer(2) == label.chosen.sample)
    guard (lookup.integer(3) != 0) == label.isTie, label.isTie || !isSwapped else { return false }
    let (chosen, rejected) = isSwapped ? (label.rejected, label.chosen) : (label.chosen, label.rejected)
    return lookup.optionalReal(4) == chosen.score && lookup.optionalReal(5) == rejected.score
      && Field.isEqual(lookup, 6, label.method) && Field.isEqual(lookup, 7, label.batch)
      && (label.details == nil || Field.isEqual(lookup, 8, label.details))
  }

  /// What the error for another label of the pair says.
  static func conflict(_ label: LabelRecord, judge: Bytes) -> String {
    "\(Field.excerpt(judge))'s label of \(label.chosen.name) and \(label.rejected.name) for "
      + "'\(Field.excerpt(label.promptID))' is there already and differs"
  }

  func insert(_ label: LabelRecord, judge: Bytes) throws {
    labels.text(label.promptID)
    labels.text(label.chosen.model)
    labels.integer(label.chosen.sample)
    labels.text(label.rejected.model)
    labels.integer(label.rejected.sample)
    labels.text(judge)
    labels.integer(label.isTie ? 1 : 0)
    labels.optionalReal(label.chosen.score)
    labels.optionalReal(label.rejected.score)
    labels.optionalText(label.method)
    labels.optionalInteger(label.batch.map { Int($0) })
    if let details = label.details { labels.text(details) }
    try labels.insert()
  }
}

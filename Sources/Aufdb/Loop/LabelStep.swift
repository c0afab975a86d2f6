// The last step of an annotation: a verdict becomes a label, unless a label of the same judge says as much already.

/// Stores verdicts as labels in a change.
final class LabelStep {
  private let judge: Judge
  private let change: Change
  private let lookup: SQLStatement
  private let writer: RowWriter
  private let ratings: RatingWriter?

  init(_ judge: Judge, in change: Change) throws {
    self.judge = judge
    if case .model(let definition) = judge, definition.mode == .pointwise {
      ratings = try RatingWriter(definition, in: change)
    } else {
      ratings = nil
    }
    self.change = change
    lookup = try change.connection.statement(
      """
      SELECT chosen_model, chosen_sample, rejected_model, rejected_sample, id, tie, chosen_score, rejected_score
      FROM labels WHERE prompt_id = ?1 AND judge = ?2
      """)
    writer = try change.writer(.labels)
  }

  /// Whether the judge has a label on this pair, in either order; labels made just now count.
  func isLabelled(_ pair: PendingPair) throws -> Bool {
    try withLabel(of: judge.name, on: pair) { _ in true } ?? false
  }

  /// Stores a verdict, as asked for by a selection of a method.
  ///
  /// - Returns: whether it is new; false where a label says the same.
  /// - Throws: `.badData` with the verdict's line where a label says something else and isn't to be replaced.
  func insert(_ verdict: Verdict, on pair: PendingPair, method: String, batch: Int64) throws -> Bool {
    let name = verdict.annotator ?? judge.name
    let isSwapped = verdict.choice == .second || verdict.choice == .tie && isScoredLower(verdict)
    let (chosen, rejected) = isSwapped ? (pair.second, pair.first) : (pair.first, pair.second)
    let scores =
      isSwapped ? (verdict.secondScore, verdict.firstScore) : (verdict.firstScore, verdict.secondScore)
    // Only what a file says can have been said before.
    if case .file(let file) = judge {
      let old = try withLabel(of: name, on: pair) { row in
        (id: row.integer(4), isSame: Self.isSame(row, chosen, isTie: verdict.choice == .tie, scores))
      }
      if let old {
        if old.isSame { return false }
        guard file.replaces else {
          throw AufdbError(
            .badData, "\(name)'s label of \(pair.name) is there already and differs",
            hint: "add --replace to make this its new version", at: .init(file: file.path, line: verdict.line))
        }
        try change.retire(.labels, old.id)
      }
    }
    writer.text(pair.promptID)
    writer.text(chosen.model)
    writer.integer(chosen.sample)
    writer.text(rejected.model)
    writer.integer(rejected.sample)
    writer.text(name)
    writer.integer(verdict.choice == .tie ? 1 : 0)
    writer.optionalReal(scores.0)
    writer.optionalReal(scores.1)
    writer.text(method)
    writer.integer(batch)
    if let details = verdict.details { writer.text(details) }
    try writer.insert()
    return true
  }

  /// Stores the ratings that verdicts were read off, as scores.
  func insertRatings(behind judge: any PairJudge) throws {
    guard let judge = judge as? AnswersJudge else { return }
    for rating in judge.takeRatings() {
      try ratings?.insert(rating.score, of: rating.response, to: rating.promptID)
    }
  }

  /// Of a tie the response with the higher score, if there is one, is called chosen, so that the scores' gap isn't
  /// negative.
  private func isScoredLower(_ verdict: Verdict) -> Bool {
    guard let first = verdict.firstScore, let second = verdict.secondScore else { return false }
    return second > first
  }

  /// Whether a label says the same as a verdict; of a tie, which one is called chosen means nothing.
  private static func isSame(
    _ row: SQLStatement, _ chosen: ResponseKey, isTie: Bool, _ scores: (Double?, Double?)
  ) -> Bool {
    let isSwapped = ResponseKey(model: row.string(0), sample: row.integer(1)) != chosen
    guard (row.integer(5) != 0) == isTie, isTie || !isSwapped else { return false }
    let (chosenScore, rejectedScore) = isSwapped ? (scores.1, scores.0) : scores
    return row.optionalReal(6) == chosenScore && row.optionalReal(7) == rejectedScore
  }

  /// What `read` makes of a judge's label on a pair; nil where there is none.
  private func withLabel<Result>(
    of judge: String, on pair: PendingPair, read: (SQLStatement) -> Result
  ) throws -> Result? {
    lookup.bind(1, .text(pair.promptID))
    lookup.bind(2, .text(judge))
    defer { lookup.reset() }
    while try lookup.step() {
      let chosen = ResponseKey(model: lookup.string(0), sample: lookup.integer(1))
      let rejected = ResponseKey(model: lookup.string(2), sample: lookup.integer(3))
      if (chosen == pair.first && rejected == pair.second) || (chosen == pair.second && rejected == pair.first) {
        return read(lookup)
      }
    }
    return nil
  }
}

// Puts labels into the store; LabelRecord.swift tells what their lines look like.
//
// The pair is unordered in a label's natural key: "a over b" and "b over a" are two versions of one label. Two ties of
// one pair are equal whichever response each calls chosen, for that means nothing; the one that comes first is kept as
// it came.

final class LabelsImporter: RecordImporter {
  /// A judge's label on a pair of responses, in either order. Goes through the index on the prompt, so it costs what
  /// the prompt has in labels.
  static let lookupSQL = """
    SELECT id, chosen_model, chosen_sample, tie, chosen_score, rejected_score, method, batch FROM labels
    WHERE prompt_id = ?1 AND judge = ?2
      AND (chosen_model = ?3 AND chosen_sample = ?4 AND rejected_model = ?5 AND rejected_sample = ?6
        OR rejected_model = ?3 AND rejected_sample = ?4 AND chosen_model = ?5 AND chosen_sample = ?6)
    """

  private let settlement: Settlement
  private let defaultJudge: [UInt8]?
  private let labels: RowWriter
  private let responses: ResponseLookup
  private let labelLookup: SQLStatement
  private var reader = JSONReader()

  /// - Parameter judge: who said what is said in lines that name nobody; nil: such lines are refused.
  init(judge: String?, replaces: Bool, into change: Change) throws {
    settlement = Settlement(change: change, replaces: replaces)
    defaultJudge = judge.map { Array($0.utf8) }
    labels = try change.writer(.labels)
    responses = try ResponseLookup(in: change.connection)
    labelLookup = try change.connection.statement(Self.lookupSQL)
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    let label = try LabelRecord(line, &reader)
    if let judge = label.judge {
      try importLabel(label, judge: judge, &report)
    } else if let defaultJudge {
      try defaultJudge.withUnsafeBytes { try importLabel(label, judge: $0, &report) }
    } else {
      throw AufdbError(
        .badData, "judge is missing", hint: "add it to the line, or name one for all such lines with --judge NAME")
    }
  }

  private func importLabel(_ label: LabelRecord, judge: Bytes, _ report: inout ImportReport) throws {
    try responses.require(label.promptID, label.chosen.model, label.chosen.sample)
    try responses.require(label.promptID, label.rejected.model, label.rejected.sample)
    let found = try find(label, judge: judge)
    let isToBeInserted = try settlement.isToBeInserted(.labels, found, &report) {
      "\(Field.excerpt(judge))'s label of \(label.chosen.name) and \(label.rejected.name) for "
        + "'\(Field.excerpt(label.promptID))' is there already and differs"
    }
    guard isToBeInserted else { return }
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
    try labels.insert()
  }

  private func find(_ label: LabelRecord, judge: Bytes) throws -> Found {
    labelLookup.bind(1, unownedText: label.promptID)
    labelLookup.bind(2, unownedText: judge)
    labelLookup.bind(3, unownedText: label.chosen.model)
    labelLookup.bind(4, label.chosen.sample)
    labelLookup.bind(5, unownedText: label.rejected.model)
    labelLookup.bind(6, label.rejected.sample)
    defer { labelLookup.reset() }
    guard try labelLookup.step() else { return .nothing }
    return Self.isSame(labelLookup, label) ? .same : .other(id: labelLookup.integer(0))
  }

  /// Whether a label of the same pair says the same.
  private static func isSame(_ row: SQLStatement, _ label: LabelRecord) -> Bool {
    let isSwapped = !(Field.isEqual(row, 1, label.chosen.model) && row.integer(2) == label.chosen.sample)
    guard (row.integer(3) != 0) == label.isTie, label.isTie || !isSwapped else { return false }
    let (chosen, rejected) = isSwapped ? (label.rejected, label.chosen) : (label.chosen, label.rejected)
    return row.optionalReal(4) == chosen.score && row.optionalReal(5) == rejected.score
      && Field.isEqual(row, 6, label.method) && Field.isEqual(row, 7, label.batch)
  }
}

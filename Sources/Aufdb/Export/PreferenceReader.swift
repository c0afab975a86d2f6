// Reads labels, each with the texts that it speaks of, in the order of their birth (BirthOrder.swift). So the order is
// the same in every store that holds the commit; and it is mostly the order of the file, where reading by prompt would
// go back and forth in it (measured on 60,000 pairs: twice the CPU time).
//
// The texts come by three point lookups a label through the relations' indexes. One join would do the same lookups, but
// leaves it to SQLite's planner to do them, and its sorter would carry the texts. Measured on 60,000 pairs, the lookups
// are a tenth of the time that compression takes.
//
// Nothing is copied: a pair's bytes lie where SQLite has them, until the next step.

/// Goes through the labels that count at the revision that the connection shows, and makes pairs of them.
final class PreferenceReader {
  /// What became of a label.
  enum Step {
    case pair(PreferencePair)
    case omitted(OmissionReason)
    /// It counts for a pair whose first label came before.
    case joined
  }

  /// What the labels of a pair come to, told of the label at which the pair stands.
  private struct Outcome {
    var isTie: Bool
    /// Whether the chosen response is the one that the label calls rejected.
    var isSwapped: Bool
    var chosenScore: Double?
    var rejectedScore: Double?
  }

  static let labelsSQL = "SELECT \(LabelColumn.list) FROM labels WHERE id BETWEEN ?1 AND ?2 ORDER BY id"
  static let promptSQL = "SELECT prompt, format, source FROM prompts WHERE prompt_id = ?1"
  static let responseSQL = "SELECT response FROM responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3"

  private let labels: SQLStatement
  private let prompt: SQLStatement
  private let chosen: SQLStatement
  private let rejected: SQLStatement
  private let filter: LabelFilter
  private let order: BirthOrder
  private let aggregation: (rule: Aggregation, groups: LabelGroups)?
  private let keepsTies: Bool
  private let needsMargin: Bool
  private let minMargin: Double?
  /// How the judges agree on the pairs so far, whatever becomes of these.
  private(set) var agreement = AgreementTally()
  // Runs of label ids that are still to be read, the next one last.
  private var runs: [ClosedRange<Int64>]

  /// - Parameter connection: shows the revision, with the rows' ids.
  init(_ options: ExportOptions, _ filter: LabelFilter, _ order: BirthOrder, in connection: Connection) throws {
    runs = order.runs.reversed()
    labels = try connection.statement(Self.labelsSQL)
    labels.bind(1, Int64(1))
    labels.bind(2, Int64(0))
    prompt = try connection.statement(Self.promptSQL)
    chosen = try connection.statement(Self.responseSQL)
    rejected = try connection.statement(Self.responseSQL)
    self.filter = filter
    self.order = order
    aggregation = try options.aggregation.map { ($0, try LabelGroups(filter, order, in: connection)) }
    keepsTies = options.keepTies
    needsMargin = options.hasMargin || options.minMargin != nil
    minMargin = options.minMargin
  }

  /// Goes to the next label; nil after the last.
  ///
  /// - Complexity: O(log n) in the number of responses, and O(labels of the prompt) where labels are aggregated.
  func next() throws(AufdbError) -> Step? {
    // What is bound to them lies in the label's row, which the step lets go of.
    for lookup in [prompt, chosen, rejected] { lookup.reset() }
    while try !labels.step() {
      guard let run = runs.popLast() else { return nil }
      labels.reset()
      labels.bind(1, run.lowerBound)
      labels.bind(2, run.upperBound)
    }
    let position = order.position(of: labels.integer(LabelColumn.id))
    if let reason = filter.omission(of: labels, at: position) { return .omitted(reason) }
    guard let aggregation else {
      return try step(
        Outcome(
          isTie: labels.integer(LabelColumn.tie) != 0, isSwapped: false,
          chosenScore: labels.optionalReal(LabelColumn.chosenScore),
          rejectedScore: labels.optionalReal(LabelColumn.rejectedScore)))
    }
    guard try aggregation.groups.collect(from: labels, at: position) else { return .joined }
    agreement.add(aggregation.groups.votes)
    switch aggregation.rule.decision(on: aggregation.groups.votes) {
    case .omitted(let reason): return .omitted(reason)
    case .choice(let choice, let scores): return try step(outcome(choice, scores))
    }
  }

  private func outcome(_ choice: Vote.Choice, _ scores: Vote.Scores?) -> Outcome {
    let isChosenFirst = LabelGroups.isChosenFirst(labels)
    // A tie keeps the order of the pair's first label.
    let isSwapped = choice != .tie && (choice == .first) != isChosenFirst
    let isFirstChosen = isSwapped != isChosenFirst
    return Outcome(
      isTie: choice == .tie, isSwapped: isSwapped, chosenScore: isFirstChosen ? scores?.first : scores?.second,
      rejectedScore: isFirstChosen ? scores?.second : scores?.first)
  }

  private func step(_ outcome: Outcome) throws(AufdbError) -> Step {
    guard keepsTies || !outcome.isTie else { return .omitted(.tie) }
    if needsMargin {
      guard let chosen = outcome.chosenScore, let rejected = outcome.rejectedScore else { return .omitted(.noMargin) }
      if let minMargin, chosen - rejected < minMargin { return .omitted(.smallMargin) }
    }
    let promptID = labels.bytes(LabelColumn.promptID)
    prompt.bind(1, unownedText: promptID)
    guard try prompt.step() else { return .omitted(.missingPrompt) }
    var (chosenModel, chosenSample) = (LabelColumn.chosenModel, LabelColumn.chosenSample)
    var (rejectedModel, rejectedSample) = (LabelColumn.rejectedModel, LabelColumn.rejectedSample)
    if outcome.isSwapped {
      swap(&chosenModel, &rejectedModel)
      swap(&chosenSample, &rejectedSample)
    }
    guard try find(chosen, promptID, model: chosenModel, sample: chosenSample),
      try find(rejected, promptID, model: rejectedModel, sample: rejectedSample)
    else { return .omitted(.missingResponse) }
    var pair = PreferencePair(
      promptID: promptID, source: prompt.isNull(2) ? nil : prompt.bytes(2), prompt: prompt.bytes(0), promptForm: .text,
      chosenModel: labels.bytes(chosenModel), rejectedModel: labels.bytes(rejectedModel), chosen: chosen.bytes(0),
      rejected: rejected.bytes(0), isTie: outcome.isTie, chosenScore: outcome.chosenScore,
      rejectedScore: outcome.rejectedScore)
    guard !pair.chosen.isEmpty, !pair.rejected.isEmpty else { return .omitted(.emptyResponse) }
    guard !pair.chosen.isEqual(to: pair.rejected) else { return .omitted(.identicalResponses) }
    let format = prompt.bytes(1)
    if format.elementsEqual("messages".utf8) {
      pair.promptForm = .messages
    } else if !format.elementsEqual("text".utf8) {
      throw pair.damage("has the unknown format '\(String(decoding: format, as: UTF8.self))'")
    }
    return .pair(pair)
  }

  private func find(
    _ response: SQLStatement, _ promptID: Bytes, model: Int32, sample: Int32
  ) throws(AufdbError) -> Bool {
    response.bind(1, unownedText: promptID)
    response.bind(2, unownedText: labels.bytes(model))
    response.bind(3, labels.integer(sample))
    return try response.step()
  }
}

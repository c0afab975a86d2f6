// Reads the selections of a revision, each with what the method saw of its two responses and what judges said of them.
//
// Selections come prompt by prompt, which is the order of the keys' indexes: what is looked up for one lies beside what
// was looked up for the one before it, and a prompt's selections stand together. The rest are point lookups through the
// relations' indexes, as for an export: SQLite's planner would have to be talked into the same by joins.

/// Goes through the selections at the revision that the connection shows.
struct SelectionScan {
  /// The judge whose scores the method saw stands among its parameters.
  static let selectionsSQL = """
    SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, snapshot,
      CASE WHEN json_valid(parameters) THEN json_extract(parameters, '$.judge') END
    FROM selections ORDER BY prompt_id
    """
  static let estimateSQL = """
    SELECT reward, lower, upper FROM estimates WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND snapshot = ?4
    """
  static let scoreSQL = """
    SELECT score FROM scores WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4
    """
  static let labelsSQL = """
    SELECT judge, chosen_model, chosen_sample, rejected_model, rejected_sample, tie, chosen_score, rejected_score
    FROM labels WHERE prompt_id = ?1
    """

  private let selections: SQLStatement
  private let estimate: SQLStatement
  private let score: SQLStatement
  private let labels: SQLStatement

  init(_ connection: Connection) throws {
    selections = try connection.statement(Self.selectionsSQL)
    estimate = try connection.statement(Self.estimateSQL)
    score = try connection.statement(Self.scoreSQL)
    labels = try connection.statement(Self.labelsSQL)
  }

  /// Counts them all.
  func tally() throws -> SelectionTally {
    var tally = SelectionTally()
    var promptID: [UInt8]?
    var promptNumber = 0
    defer { selections.reset() }
    while try selections.step() {
      let isSame = promptID?.withUnsafeBytes { $0.isEqual(to: selections.text(0)) } ?? false
      if !isSame {
        promptID = Array(selections.text(0))
        promptNumber += 1
      }
      tally.add(try selection(promptNumber))
    }
    return tally
  }

  /// What is known of the selection that the scan stands on.
  private func selection(_ promptNumber: Int) throws -> KnownSelection {
    var selection = KnownSelection(
      promptNumber: promptNumber, method: Array(selections.text(5)), firstModel: Array(selections.text(1)),
      secondModel: Array(selections.text(3)))
    if !selections.isNull(6) {
      if let first = try estimate(model: 1), let second = try estimate(model: 3) {
        selection.estimates = (first, second)
      } else {
        selection.isMissing = true
      }
    }
    if selections.type(7) == SQLiteType.text {
      if let first = try score(model: 1), let second = try score(model: 3) {
        selection.scores = (first, second)
      } else {
        selection.isMissing = true
      }
    }
    selection.labels = try labelsOfPair()
    return selection
  }

  /// Looks up the response whose model stands in a column of the selection and whose sample in the next, by the
  /// snapshot or judge in column `by`.
  private func find(_ lookup: SQLStatement, model: Int32, by: Int32) throws -> Bool {
    lookup.bind(1, unownedText: selections.text(0))
    lookup.bind(2, unownedText: selections.text(model))
    lookup.bind(3, selections.integer(model + 1))
    lookup.bind(4, unownedText: selections.text(by))
    return try lookup.step()
  }

  private func estimate(model: Int32) throws -> KnownSelection.Estimate? {
    defer { estimate.reset() }
    guard try find(estimate, model: model, by: 6) else { return nil }
    return KnownSelection.Estimate(
      reward: estimate.real(0), uncertainty: (estimate.real(2) - estimate.real(1)) / 2)
  }

  private func score(model: Int32) throws -> Double? {
    defer { score.reset() }
    return try find(score, model: model, by: 7) ? score.optionalReal(0) : nil
  }

  private func labelsOfPair() throws -> [KnownSelection.Label] {
    labels.bind(1, unownedText: selections.text(0))
    defer { labels.reset() }
    var found: [KnownSelection.Label] = []
    while try labels.step() {
      let isFirstChosen = isPair(chosen: 1, rejected: 3)
      guard isFirstChosen || isPair(chosen: 3, rejected: 1) else { continue }
      let scores = (labels.optionalReal(6), labels.optionalReal(7))
      found.append(
        KnownSelection.Label(
          judge: Array(labels.text(0)), isTie: labels.integer(5) != 0, isFirstChosen: isFirstChosen,
          scores: scores.0.flatMap { chosen in scores.1.map { (chosen, $0) } }))
    }
    return found
  }

  /// Whether the label chooses and rejects the responses whose models stand in these columns of the selection.
  private func isPair(chosen: Int32, rejected: Int32) -> Bool {
    labels.integer(2) == selections.integer(chosen + 1) && labels.integer(4) == selections.integer(rejected + 1)
      && labels.text(1).isEqual(to: selections.text(chosen)) && labels.text(3).isEqual(to: selections.text(rejected))
  }
}

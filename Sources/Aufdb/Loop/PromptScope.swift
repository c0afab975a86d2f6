// Which prompts a selection asks: those of a condition, without those that are labelled or were selected from before.
//
// All of it is about the tip of the branch that is committed to, whatever revision the method's numbers come from; but
// the condition, which is about the prompts that the method sees.

import AufdbAcquisition

/// The pairs of one prompt that are labelled or selected, as rows of natural keys.
struct SettledPairs {
  var pairs: [(ResponseKey, ResponseKey)] = []
  /// The responses that labels speak of.
  var judged: [ResponseKey] = []
}

/// Decides about one prompt after the other, by index look-ups.
final class PromptScope {
  /// Why a prompt isn't asked.
  enum Exclusion {
    case otherPrompt, labelled, selectedBefore
  }

  private let connection: Connection
  private let isAsked: SQLStatement?
  private let isLabelled: SQLStatement?
  private let isSelected: SQLStatement?
  private let labels: SQLStatement?
  private let selections: SQLStatement?
  private let excludesPairs: Bool
  /// How many prompts the condition is true of; all without one.
  let promptCount: Int

  private static let conditionTable = "temp.asked_prompt"

  /// - Parameters:
  ///   - prefix: of the views that the method's numbers are read from.
  ///   - batch: the new selections' own, which don't count as made before.
  init(_ options: SelectOptions, method: String, batch: Int, prefix: String, in change: Change) throws {
    connection = change.connection
    isAsked = try options.condition.map { condition in
      try Self.note(PromptCondition.promptIDs(condition, prefix: prefix, in: change.connection), in: change.connection)
      return try change.connection.statement("SELECT 1 FROM \(Self.conditionTable) WHERE prompt_id = ?1")
    }
    promptCount = Int(
      try connection.integer(
        "SELECT count(*) FROM \(options.condition == nil ? "\(prefix)prompts" : Self.conditionTable)"))
    let judge = options.labelsBy
    let byJudge = judge == nil ? "" : " AND judge = ?2"
    func ofLabels(_ columns: String, _ end: String = "") throws -> SQLStatement {
      let statement = try change.statement("SELECT \(columns) FROM labels WHERE prompt_id = ?1\(byJudge)\(end)")
      if let judge { statement.bind(2, .text(judge)) }
      return statement
    }
    func ofSelections(_ columns: String, _ end: String = "") throws -> SQLStatement {
      let statement = try change.statement(
        "SELECT \(columns) FROM selections WHERE prompt_id = ?1 AND method = ?2 AND batch < ?3\(end)")
      statement.bind(2, .text(method))
      statement.bind(3, Int64(batch))
      return statement
    }
    // Where there is nothing to find, a prompt costs no look-up.
    let hasLabels = try connection.first("SELECT 1 FROM labels LIMIT 1", read: { _ in true }) != nil
    let hasSelections = batch > 1
    let passesOver = options.prompts == .unlabelled
    isLabelled = passesOver && hasLabels ? try ofLabels("1", " LIMIT 1") : nil
    isSelected = passesOver && hasSelections ? try ofSelections("1", " LIMIT 1") : nil
    excludesPairs = options.prompts == .all
    labels =
      hasLabels && (excludesPairs || options.judgeBudget != nil)
      ? try ofLabels("chosen_model, chosen_sample, rejected_model, rejected_sample") : nil
    selections =
      hasSelections && excludesPairs
      ? try ofSelections("first_model, first_sample, second_model, second_sample") : nil
  }

  /// Why the prompt isn't asked; nil where it is.
  func exclusion(of promptID: Bytes) throws -> Exclusion? {
    if let isAsked, try !Self.finds(isAsked, promptID) { return .otherPrompt }
    if let isLabelled, try Self.finds(isLabelled, promptID) { return .labelled }
    if let isSelected, try Self.finds(isSelected, promptID) { return .selectedBefore }
    return nil
  }

  /// What is settled about a prompt that is asked, as far as the options make it matter.
  func settled(_ promptID: Bytes) throws -> SettledPairs {
    var settled = SettledPairs()
    for (statement, isLabel) in [(labels, true), (selections, false)] {
      guard let statement else { continue }
      statement.bind(1, unownedText: promptID)
      defer { statement.reset() }
      while try statement.step() {
        let pair = (
          ResponseKey(model: statement.string(0), sample: statement.integer(1)),
          ResponseKey(model: statement.string(2), sample: statement.integer(3))
        )
        if excludesPairs { settled.pairs.append(pair) }
        if isLabel { settled.judged += [pair.0, pair.1] }
      }
    }
    return settled
  }

  private static func finds(_ statement: SQLStatement, _ promptID: Bytes) throws -> Bool {
    statement.bind(1, unownedText: promptID)
    defer { statement.reset() }
    return try statement.step()
  }

  private static func note(_ promptIDs: [String], in connection: Connection) throws {
    try connection.executeScript(
      """
      DROP TABLE IF EXISTS \(conditionTable);
      CREATE TEMP TABLE asked_prompt (prompt_id TEXT PRIMARY KEY) WITHOUT ROWID;
      """)
    let insert = try connection.statement("INSERT OR IGNORE INTO \(conditionTable) VALUES (?1)")
    for promptID in promptIDs { try insert.run(.text(promptID)) }
  }
}

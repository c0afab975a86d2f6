// All labels on one pair of responses, found from any of them. A pair stands where its first label stands; so memory is
// one group's, however many there are.

/// Finds the labels on the pair that a label speaks of.
final class LabelGroups {
  static let sql = """
    SELECT \(LabelColumn.list) FROM labels
    WHERE prompt_id = ?1
      AND ((chosen_model = ?2 AND chosen_sample = ?3 AND rejected_model = ?4 AND rejected_sample = ?5)
        OR (chosen_model = ?4 AND chosen_sample = ?5 AND rejected_model = ?2 AND rejected_sample = ?3))
    """

  private let statement: SQLStatement
  private let filter: LabelFilter
  private let order: BirthOrder
  /// The labels that count of the last pair, in the order of birth.
  private(set) var votes: [Vote] = []

  init(_ filter: LabelFilter, _ order: BirthOrder, in connection: Connection) throws(AufdbError) {
    statement = try connection.statement(Self.sql)
    self.filter = filter
    self.order = order
  }

  /// Sets `votes` to the labels that count on the pair of `label`.
  ///
  /// - Parameters:
  ///   - label: one of them, at its row.
  ///   - position: its number in the order of birth.
  /// - Returns: whether it is the first one; otherwise `votes` means nothing.
  /// - Complexity: O(labels of the prompt).
  func collect(from label: SQLStatement, at position: Int) throws(AufdbError) -> Bool {
    votes.removeAll(keepingCapacity: true)
    defer { statement.reset() }
    statement.bind(1, unownedText: label.bytes(LabelColumn.promptID))
    statement.bind(2, unownedText: label.bytes(LabelColumn.chosenModel))
    statement.bind(3, label.integer(LabelColumn.chosenSample))
    statement.bind(4, unownedText: label.bytes(LabelColumn.rejectedModel))
    statement.bind(5, label.integer(LabelColumn.rejectedSample))
    while try statement.step() {
      let other = order.position(of: statement.integer(LabelColumn.id))
      guard filter.omission(of: statement, at: other) == nil else { continue }
      guard other >= position else { return false }
      guard let vote = vote(at: other) else { continue }
      votes.append(vote)
    }
    votes.sort { $0.position < $1.position }
    return true
  }

  private func vote(at position: Int) -> Vote? {
    guard let judge = filter.judges.number(of: statement.bytes(LabelColumn.judge)) else { return nil }
    let isChosenFirst = Self.isChosenFirst(statement)
    var scores: Vote.Scores?
    if let chosen = statement.optionalReal(LabelColumn.chosenScore),
      let rejected = statement.optionalReal(LabelColumn.rejectedScore)
    {
      scores = isChosenFirst ? .init(first: chosen, second: rejected) : .init(first: rejected, second: chosen)
    }
    let isTie = statement.integer(LabelColumn.tie) != 0
    return Vote(
      judge: judge, choice: isTie ? .tie : isChosenFirst ? .first : .second, scores: scores, position: position)
  }

  /// Whether the chosen response of a label is the pair's first one, in the order of bytes of (model, sample).
  static func isChosenFirst(_ label: SQLStatement) -> Bool {
    let (chosen, rejected) = (label.bytes(LabelColumn.chosenModel), label.bytes(LabelColumn.rejectedModel))
    guard chosen.isEqual(to: rejected) else { return chosen.isBefore(rejected) }
    return label.integer(LabelColumn.chosenSample) < label.integer(LabelColumn.rejectedSample)
  }
}

// The labels that a run trains on, as the store has them. A run that goes on reads them in the same way as the one that
// made them, so that both train on the same.

/// A pair that a run selected, and what was said of it.
struct RunLabel {
  var promptID: String
  var first: ResponseKey
  var second: ResponseKey
  /// nil for a tie.
  var firstIsChosen: Bool?
  var chosenScore: Double?
  var rejectedScore: Double?
}

/// Looks labels of selected pairs up.
final class RunLabels {
  private let judge: String
  private let method: String
  private let connection: Connection
  private let lookup: SQLStatement

  /// - Parameters:
  ///   - judge: whose labels count, whatever selection asked for them; those of others count for the selection that
  ///     asked.
  ///   - method: of the selections.
  init(by judge: String, method: String, in connection: Connection) throws {
    self.judge = judge
    self.method = method
    self.connection = connection
    lookup = try connection.statement(
      """
      SELECT chosen_model, chosen_sample, rejected_model, rejected_sample, tie, chosen_score, rejected_score FROM labels
      WHERE prompt_id = ?1 AND (judge = ?2 OR (method = ?3 AND batch = ?4)) ORDER BY judge <> ?2, id
      """)
    lookup.bind(2, .text(judge))
    lookup.bind(3, .text(method))
  }

  /// What was said of a pair; nil where nothing was.
  func label(_ promptID: String, _ first: ResponseKey, _ second: ResponseKey, batch: Int) throws -> RunLabel? {
    lookup.bind(1, .text(promptID))
    lookup.bind(4, Int64(batch))
    defer { lookup.reset() }
    while try lookup.step() {
      let chosen = ResponseKey(model: lookup.string(0), sample: lookup.integer(1))
      let rejected = ResponseKey(model: lookup.string(2), sample: lookup.integer(3))
      let firstIsChosen = chosen == first && rejected == second
      guard firstIsChosen || (chosen == second && rejected == first) else { continue }
      return RunLabel(
        promptID: promptID, first: first, second: second,
        firstIsChosen: lookup.integer(4) != 0 ? nil : firstIsChosen, chosenScore: lookup.optionalReal(5),
        rejectedScore: lookup.optionalReal(6))
    }
    return nil
  }

  /// The labels of whole batches, each batch's in the order in which its pairs were selected.
  ///
  /// - Complexity: one scan of the selections, and a look-up for each that is meant.
  func labels(ofBatches batches: Set<Int>) throws -> [Int: [RunLabel]] {
    let selections = try connection.statement(
      """
      SELECT batch, prompt_id, first_model, first_sample, second_model, second_sample FROM selections
      WHERE method = ?1 ORDER BY id
      """)
    selections.bind(1, .text(method))
    var labels: [Int: [RunLabel]] = [:]
    while try selections.step() {
      let batch = Int(selections.integer(0))
      guard batches.contains(batch) else { continue }
      let label = try label(
        selections.string(1), ResponseKey(model: selections.string(2), sample: selections.integer(3)),
        ResponseKey(model: selections.string(4), sample: selections.integer(5)), batch: batch)
      if let label { labels[batch, default: []].append(label) }
    }
    return labels
  }
}

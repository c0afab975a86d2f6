// The labels that a head is trained on outside a run, as rows of inputs.

import AufdbReward

/// Labelled pairs, and the inputs of their responses.
struct TrainingLabels {
  /// The prompts that have labels, with their labelled responses or all of them.
  let batch: InputBatch
  /// Rows of the batch; ties are left out.
  private(set) var pairs: [PairIndex] = []
  /// Which of the batch's prompts each pair is of.
  private(set) var groups: [Int] = []
  /// The judge's score of each row, where labels give one.
  private(set) var scores: [Double?]
  private(set) var tieCount = 0
  private(set) var missingCount = 0
  private var firstMissing: [String] = []

  /// - Parameters:
  ///   - judge: whose labels.
  ///   - wholePrompts: whether responses are held, too, that no label speaks of.
  /// - Complexity: a scan of the labels; holds them, and the inputs.
  init(
    by judge: String, _ reader: InputReader, _ scaling: InputScaling, wholePrompts: Bool, in connection: Connection
  ) throws {
    let labels = try Self.labels(by: judge, in: connection)
    batch = try InputBatch(labels.map(\.promptID), reader, scaling) { index, response in
      wholePrompts || labels[index].labels.contains { $0.chosen == response || $0.rejected == response }
    }
    scores = Array(repeating: nil, count: batch.rowCount)
    for (group, prompt) in labels.enumerated() {
      for label in prompt.labels { take(label, group) }
    }
  }

  private struct Label {
    var chosen: ResponseKey
    var rejected: ResponseKey
    var isTie: Bool
    var chosenScore: Double?
    var rejectedScore: Double?
  }

  /// A judge's labels by prompt, in an order that doesn't depend on when they came in.
  private static func labels(
    by judge: String, in connection: Connection
  ) throws -> [(promptID: [UInt8], labels: [Label])] {
    let rows = try connection.statement(
      """
      SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, tie, chosen_score, rejected_score
      FROM labels WHERE judge = ?1
      ORDER BY prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample
      """)
    rows.bind(1, .text(judge))
    var prompts: [(promptID: [UInt8], labels: [Label])] = []
    while try rows.step() {
      let id = Array(rows.text(0))
      if prompts.last?.promptID != id { prompts.append((id, [])) }
      prompts[prompts.count - 1].labels.append(
        Label(
          chosen: ResponseKey(model: rows.string(1), sample: rows.integer(2)),
          rejected: ResponseKey(model: rows.string(3), sample: rows.integer(4)), isTie: rows.integer(5) != 0,
          chosenScore: rows.optionalReal(6), rejectedScore: rows.optionalReal(7)))
    }
    return prompts
  }

  private mutating func take(_ label: Label, _ group: Int) {
    if label.isTie { tieCount += 1 }
    guard let chosen = batch.row(group, label.chosen), let rejected = batch.row(group, label.rejected) else {
      missingCount += 1
      for response in [label.chosen, label.rejected] where batch.row(group, response) == nil && firstMissing.count < 3 {
        firstMissing.append("\(batch.groups[group].promptText) \(response.model)")
      }
      return
    }
    scores[chosen] = label.chosenScore ?? scores[chosen]
    scores[rejected] = label.rejectedScore ?? scores[rejected]
    guard !label.isTie else { return }
    pairs.append(PairIndex(chosen: chosen, rejected: rejected))
    groups.append(group)
  }

  /// - Throws: `.refused` where a labelled response lacks an embedding.
  func requireEmbeddings(of encoder: String) throws(AufdbError) {
    guard missingCount > 0 else { return }
    throw AufdbError(
      .refused,
      "\(Relation.labels.phrase(missingCount)) \(missingCount == 1 ? "is" : "are") of responses without an embedding of "
        + "the encoder '\(encoder)': \(firstMissing.joined(separator: ", "))\(missingCount > 1 ? " ..." : "")",
      hint: "--allow-partial leaves such labels out")
  }
}

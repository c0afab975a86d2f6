// One row of the relation progress: what an iteration of a run did and saw.

import AufdbReward

/// A row of progress. What isn't known is nil.
struct RunProgressRow {
  var run = ""
  /// From 1; 0 for the held-out pairs that a run begins with.
  var iteration = 0
  var method = ""
  /// Of its selections.
  var batch = 0
  var snapshot: String?
  var head: String?
  /// So far in the run, with this iteration.
  var promptCount = 0
  var labelCount = 0
  var tieCount = 0
  var indicators = IterationIndicators()
  var learning: LearningReport?
  var heldoutCount: Int?
  var heldoutAccuracy: Double?

  func insert(into row: RowWriter) throws {
    row.text(run)
    row.integer(iteration)
    row.text(method)
    row.integer(batch)
    row.optionalText(snapshot)
    row.optionalText(head)
    row.integer(promptCount)
    row.integer(labelCount)
    row.integer(tieCount)
    for value in indicators.values { row.optionalReal(value) }
    row.optionalInteger(learning?.stepCount)
    for value in [
      learning?.loss, learning?.lossBase, learning?.lossRegularisation, learning?.lossCentre, learning?.winRate,
      learning?.margin, learning?.regularisation,
    ] {
      row.optionalReal(value)
    }
    row.optionalInteger(heldoutCount)
    row.optionalReal(heldoutAccuracy)
    try row.insert()
  }

  /// Whether a run can have got here. The limit is far enough from the largest number to go on counting.
  private var isPossible: Bool {
    let counts = [iteration, batch, promptCount, labelCount, tieCount, learning?.stepCount ?? 0, heldoutCount ?? 0]
    return counts.allSatisfy { (0...1 << 40).contains($0) }
  }

  /// The rows of a run, iteration after iteration; indicators are left out, and of learning all but the loss.
  ///
  /// - Throws: `.badData` for numbers that no run has, as only damage or another program can have made.
  static func all(of run: String, in connection: Connection) throws -> [RunProgressRow] {
    let rows = try connection.all(
      """
      SELECT iteration, method, batch, snapshot, head, prompt_count, label_count, tie_count, step_count, loss,
        heldout_count, heldout_accuracy
      FROM progress WHERE run = ?1 ORDER BY iteration
      """, .text(run)
    ) { row in
      var progress = RunProgressRow()
      progress.run = run
      progress.iteration = Int(row.integer(0))
      progress.method = row.string(1)
      progress.batch = Int(row.integer(2))
      progress.snapshot = row.optionalString(3)
      progress.head = row.optionalString(4)
      progress.promptCount = Int(row.integer(5))
      progress.labelCount = Int(row.integer(6))
      progress.tieCount = Int(row.integer(7))
      if let loss = row.optionalReal(9) {
        var learning = LearningReport()
        learning.stepCount = Int(row.integer(8))
        learning.loss = loss
        progress.learning = learning
      }
      progress.heldoutCount = row.isNull(10) ? nil : Int(row.integer(10))
      progress.heldoutAccuracy = row.optionalReal(11)
      return progress
    }
    guard rows.allSatisfy(\.isPossible) else {
      throw AufdbError(.badData, "the store has progress of the run '\(run)' that no run makes")
    }
    return rows
  }
}

/// What ActiveUltraFeedback reports of an iteration: means over its prompts' responses, and over its pairs. A tie has
/// no chosen response, and is left out of what follows from one.
struct IterationIndicators {
  private var rewards = Mean()
  private var uncertainties = Mean()
  private var pairs: [Mean] = Array(repeating: Mean(), count: 5)
  private var scores: [Mean] = Array(repeating: Mean(), count: 3)

  private struct Mean {
    var sum = 0.0
    var count = 0
    var value: Double? { count == 0 ? nil : sum / Double(count) }
    mutating func add(_ value: Double) {
      sum += value
      count += 1
    }
  }

  /// Counts the estimates of all responses in.
  mutating func add(_ estimates: RewardEstimates) {
    for index in estimates.rewards.indices {
      rewards.add(Double(estimates.rewards[index]))
      uncertainties.add(Self.uncertainty(estimates, index))
    }
  }

  /// Counts a labelled pair in, whose responses are the estimates' `chosen` and `rejected`.
  mutating func add(_ estimates: RewardEstimates, chosen: Int, rejected: Int) {
    let (chosenReward, rejectedReward) = (Double(estimates.rewards[chosen]), Double(estimates.rewards[rejected]))
    let values = [
      chosenReward, Self.uncertainty(estimates, chosen), rejectedReward, Self.uncertainty(estimates, rejected),
      chosenReward - rejectedReward,
    ]
    for (index, value) in values.enumerated() { pairs[index].add(value) }
  }

  /// Counts a labelled pair's scores in.
  mutating func add(chosenScore: Double, rejectedScore: Double) {
    for (index, value) in [chosenScore, rejectedScore, chosenScore - rejectedScore].enumerated() {
      scores[index].add(value)
    }
  }

  /// In the order of the relation's columns, from mean_reward to score_gap.
  var values: [Double?] { [rewards.value, uncertainties.value] + pairs.map(\.value) + scores.map(\.value) }

  private static func uncertainty(_ estimates: RewardEstimates, _ index: Int) -> Double {
    (Double(estimates.upper[index]) - Double(estimates.lower[index])) / 2
  }
}

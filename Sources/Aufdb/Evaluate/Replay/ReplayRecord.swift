// What is kept of one replay: at each budget, what was collected, and how the final models fitted to it fare.

import AufdbReward

/// A number of labels, or of judged responses, at which methods are compared.
public enum BudgetTarget: Sendable, Hashable {
  case labels(Int)
  case cost(Int)
}

/// A replay at one budget.
struct Checkpoint: Sendable {
  let labelCount: Int
  let cost: Int
  /// Whether the budget could be spent, as far as whole prompts allow.
  let isReached: Bool
  let tieCount: Int
  /// The mean gap of score of the collected pairs.
  let gap: Double
  /// The mean score of their chosen responses.
  let chosenScore: Double
  let outcomes: [FinalModel: PromptOutcomes]
}

/// One policy under one seed.
struct ReplayRecord: Sendable {
  private(set) var checkpoints: [BudgetTarget: Checkpoint] = [:]
  /// Of all labels.
  let labelCount: Int
  let tieCount: Int
  let cost: Int
  /// Of the learner's estimates of the test prompts, at the end.
  var calibration: Calibration?

  /// Fits the final models at each budget; equal prefixes are fitted once.
  ///
  /// - Parameter targets: where the labels don't reach one, all there are stand for it.
  init(
    _ labels: CollectedLabels, at targets: [BudgetTarget], models: [FinalModel], _ data: EvaluationData, ridge: Double
  ) throws {
    labelCount = labels.labelCount
    tieCount = Self.tieCount(labels.annotations[...])
    cost = labels.costs.last ?? 0
    var outcomes: [Int: [FinalModel: PromptOutcomes]] = [:]
    for target in targets {
      let (count, isReached) = Self.prefix(of: labels, target)
      guard count > 0, let means = labels.means(first: count, scores: data.pool.scores) else { continue }
      let measured =
        try outcomes[count] ?? Self.outcomes(labels.annotations.prefix(count), models, data, ridge: ridge)
      outcomes[count] = measured
      checkpoints[target] = Checkpoint(
        labelCount: labels.labelCounts[count - 1], cost: labels.costs[count - 1], isReached: isReached,
        tieCount: Self.tieCount(labels.annotations.prefix(count)), gap: means.gap, chosenScore: means.chosen,
        outcomes: measured)
    }
  }

  private static func prefix(of labels: CollectedLabels, _ target: BudgetTarget) -> (count: Int, isReached: Bool) {
    switch target {
    case .labels(let budget):
      (labels.prefix(labels: budget), labels.labelCount >= budget)
    case .cost(let budget):
      // What the last prompt asks may be more than is left.
      (labels.prefix(cost: budget), (labels.costs.last ?? 0) >= budget)
    }
  }

  private static func outcomes(
    _ annotations: ArraySlice<Annotation>, _ models: [FinalModel], _ data: EvaluationData, ridge: Double
  ) throws -> [FinalModel: PromptOutcomes] {
    var outcomes: [FinalModel: PromptOutcomes] = [:]
    for model in models {
      let fit = try FinalModel.Fit(model, annotations, data, ridge: ridge)
      outcomes[model] = data.test.measure(fit.rewards(ofRows: data.test.poolRows, data))
    }
    return outcomes
  }

  private static func tieCount(_ annotations: ArraySlice<Annotation>) -> Int {
    annotations.reduce(0) { $0 + $1.pairs.count { $0.isTie } }
  }
}

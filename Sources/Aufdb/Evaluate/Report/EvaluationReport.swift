// What an evaluation found: plain values, from which tables, JSON and pages are made. The same data, options and seed
// give an equal report, whatever the number of threads.

/// What is measured of a policy.
public enum Measure: String, Sendable, Hashable, CaseIterable {
  /// (a) The share of test pairs that the final model orders as the judge does.
  case accuracy
  /// (a') The same of pairs matched by length.
  case matchedAccuracy = "matched_accuracy"
  /// (b) The mean score of each test prompt's response with the highest reward.
  case bestScore = "best_score"
  /// (c) The mean gap of score of the collected pairs.
  case gap
  /// (d) The mean score of their chosen responses.
  case chosenScore = "chosen_score"

  /// Whether it is measured with a final model on test prompts; the others are of the collected set.
  public var isOfModel: Bool { self != .gap && self != .chosenScore }

  public var title: String {
    switch self {
    case .accuracy: "(a) pair accuracy"
    case .matchedAccuracy: "(a') pair accuracy, length-matched"
    case .bestScore: "(b) score of the best response"
    case .gap: "(c) collected gap"
    case .chosenScore: "(d) collected chosen score"
    }
  }
}

/// A difference to what random pairs reach.
public struct Comparison: Sendable, Equatable {
  /// Paired by seed.
  public let paired: PairedDifference
  /// Over resamples of seeds and test prompts; of (c) and (d), of seeds.
  public let interval: Interval?
}

/// A measure of one policy and one final model at one budget.
public struct EvaluationFigure: Sendable, Equatable {
  public let policy: String
  /// nil for what is measured of the collected set.
  public let model: FinalModel?
  public let measure: Measure
  public let target: BudgetTarget
  /// Means over seeds of what was spent.
  public let labelCount: Double
  public let cost: Double
  /// Whether the budget was there to be spent under every seed.
  public let isReached: Bool
  /// The mean over seeds.
  public let mean: Double
  public let interval: Interval?
  /// To random pairs with the same final model: what the choice of pairs brings. nil for random itself.
  public let difference: Comparison?
  /// To random pairs with the plain linear model: what the choice and the model bring together. nil for that itself.
  public let differenceToPlain: Comparison?
  /// What random pairs with the plain linear model cost to reach the same, over what was spent: in labels or in judged
  /// responses, as the target is.
  public let factor: CostFactor?
}

/// The protocol's headline: the mean difference to random pairs over all budgets of labels but the largest.
public struct Headline: Sendable, Equatable {
  public let policy: String
  public let model: FinalModel?
  public let measure: Measure
  public let difference: Comparison
}

/// A setting, as a report shows it.
public struct NamedValue: Sendable, Equatable {
  public let name: String
  public let value: String
}

/// What a policy was, and how it went.
public struct PolicyReport: Sendable, Equatable {
  public let name: String
  public let summary: String
  /// The parameters of a method, name -> value.
  public let parameters: [NamedValue]
  /// Whether it was added as a plain baseline.
  public let isBaseline: Bool
  /// The mean over seeds of all labels collected, and of the ties among them.
  public let labelCount: Double
  public let tieCount: Double
  /// Judged responses a label.
  public let costPerLabel: Double
  /// Of the active learner's estimates of the test prompts; nil where there is no learner.
  public let calibration: CalibrationReport?
}

/// A point of what random pairs with the plain linear model reach.
public struct CurvePoint: Sendable, Equatable {
  public let labelCount: Int
  /// Means over seeds; nil where there are no such pairs.
  public let means: [Measure: Double]
}

/// What an evaluation found.
public struct EvaluationReport: Sendable, Equatable {
  /// What it was about.
  public struct Subject: Sendable, Equatable {
    public let commit: String
    public let judge: String
    public let encoder: String
    public let dimension: Int
    public let trainingPromptCount: Int
    public let testPromptCount: Int
    public let responseCount: Int
    public let testPairCount: Int
    public let matchedPairCount: Int
    public let omissions: PoolOmissions
  }

  public let subject: Subject
  /// Every setting, name -> value, as the command takes them.
  public let settings: [NamedValue]
  public let budgets: [Int]
  public let judgeCosts: [Int]
  public let seedCount: Int
  public let policies: [PolicyReport]
  public let models: [FinalModel]
  public let figures: [EvaluationFigure]
  public let headlines: [Headline]
  /// Random pairs with the plain linear model, to thousands of labels.
  public let curve: [CurvePoint]
  /// What a reader must know to read the figures rightly, one sentence each.
  public let notes: [String]

  /// The figure of a policy, final model and measure at a budget.
  public func figure(
    _ policy: String, _ model: FinalModel?, _ measure: Measure, _ target: BudgetTarget
  ) -> EvaluationFigure? {
    figures.first {
      $0.policy == policy && $0.model == model && $0.measure == measure && $0.target == target
    }
  }

  public func headline(_ policy: String, _ model: FinalModel?, _ measure: Measure) -> Headline? {
    headlines.first { $0.policy == policy && $0.model == model && $0.measure == measure }
  }
}

// What training is told, and what it tells.

/// How an ensemble is trained by one call; see `EnsembleTraining` for the formulas. The defaults are those of
/// ActiveUltraFeedback.
public struct TrainingSettings: Sendable, Hashable {
  /// What the learning rate begins with; it falls by half a cosine to 0 within the call.
  public var learningRate = 5e-5
  /// c, which keeps the two rewards of a pair around 0.
  public var centre = 0.01
  /// lambda, which keeps weights near where they began. `RegularisationDecay` says how it falls from call to call.
  public var regularisation = 1.0
  /// Gradients are shortened to this length.
  public var gradientNormLimit = 1.0
  /// How much of the running mean of gradients is kept from step to step.
  public var firstBeta = 0.9
  /// How much of the running mean of their squares is kept from step to step.
  public var secondBeta = 0.999
  public var epsilon = 1e-8

  public init() {}

  /// What is wrong with the settings, if anything.
  var error: TrainingError? {
    func isFrom0(_ value: Double) -> Bool { value >= 0 && value.isFinite }
    let checks: [(String, Double, Bool, String)] = [
      ("learning rate", learningRate, isFrom0(learningRate), "a number from 0"),
      ("centre", centre, isFrom0(centre), "a number from 0"),
      ("regularisation", regularisation, isFrom0(regularisation), "a number from 0"),
      ("gradient norm limit", gradientNormLimit, gradientNormLimit > 0, "a number above 0"),
      ("first beta", firstBeta, firstBeta >= 0 && firstBeta < 1, "a number from 0 to below 1"),
      ("second beta", secondBeta, secondBeta >= 0 && secondBeta < 1, "a number from 0 to below 1"),
      ("epsilon", epsilon, epsilon > 0 && epsilon.isFinite, "a number above 0"),
    ]
    for (name, value, isRight, expected) in checks where !isRight {
      return .unusable(setting: name, value: "\(value)", expected: expected)
    }
    return nil
  }
}

/// What one step of training was like; all but the learning rate is before the step's update.
public struct TrainingStep: Sendable, Hashable {
  public let learningRate: Double
  /// The three parts of the loss; see `EnsembleTraining`.
  public let base: Double
  public let regularisation: Double
  public let centre: Double
  /// The length of the gradient over all heads, before it is shortened.
  public let gradientNorm: Double
  /// The share of the pairs whose chosen response has the greater mean reward.
  public let winRate: Double
  /// The mean over the pairs of the mean reward of the chosen response less that of the rejected one.
  public let meanMargin: Double

  public var loss: Double { base + regularisation + centre }
}

/// Why an ensemble wasn't trained.
public enum TrainingError: Error, Sendable, Hashable {
  /// What isn't finite any more.
  public enum Divergence: String, Sendable, Hashable {
    case loss, gradient, weights
  }

  /// The step, counted from 0, after which nothing made sense any more.
  case diverged(step: Int, Divergence)
  case inputs(EmbeddingError)
  case unusable(setting: String, value: String, expected: String)
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .diverged(let step, let quantity):
      "training diverged: the \(quantity.rawValue) of step \(step) \(quantity == .weights ? "aren't" : "isn't") finite"
    case .inputs(let error): "\(error)"
    case .unusable(let setting, let value, let expected): "the \(setting) is \(value), not \(expected)"
    }
  }

  /// What to do about it, in one line.
  public var hint: String {
    switch self {
    case .diverged: "try a smaller learning rate, and scaled inputs"
    case .inputs(let error): error.hint
    case .unusable: "choose another value"
    }
  }
}

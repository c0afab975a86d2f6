// The ensemble: many small networks, trained alike from different beginnings, whose disagreement is the uncertainty.
//
// It is the reward model of ActiveUltraFeedback ("ENN"), here in single precision throughout. Why ensembles, and why
// they are held near where they began: V. Dwaracherla et al., "Efficient Exploration for LLMs", 2024.

/// An ensemble of networks on the same inputs; see `EnsembleShape` for what one looks like.
public struct EnsembleHead: RewardHead, Equatable {
  public static var kind: String { "ensemble" }

  /// What of the single rewards is the reward.
  public enum Centre: Sendable, Hashable, CaseIterable {
    case mean
    /// The middle one by size; of an even number of heads, the lower of the two in the middle.
    case median
  }

  /// What of the single rewards are the bounds.
  public enum Bounds: Sendable, Hashable, CaseIterable {
    /// The reward less and plus beta sample standard deviations (over n - 1); NaN for a single head.
    case deviation
    /// The least and the greatest of the single rewards; both are the reward for a single head.
    case extremes
  }

  public let shape: EnsembleShape
  /// How many standard deviations the bounds lie from the reward; at least 0.
  public let beta: Float
  public let centre: Centre
  public let bounds: Bounds
  /// `headCount` x `parameterCount`, laid out as `EnsembleShape.layers` says.
  public internal(set) var weights: Matrix<Float>

  public var inputCount: Int { shape.inputCount }
  public var headCount: Int { shape.headCount }

  /// Makes an ensemble of given weights.
  /// - Precondition: `weights` is `headCount` x `parameterCount`, and `beta` is finite and at least 0.
  public init(
    shape: EnsembleShape, beta: Float, centre: Centre = .mean, bounds: Bounds = .deviation, weights: Matrix<Float>
  ) {
    precondition(
      weights.rowCount == shape.headCount && weights.columnCount == shape.parameterCount,
      "weights of another shape than the ensemble's")
    precondition(beta >= 0 && beta.isFinite, "a distance of the bounds that is no number from 0")
    self.shape = shape
    self.beta = beta
    self.centre = centre
    self.bounds = bounds
    self.weights = weights
  }
}

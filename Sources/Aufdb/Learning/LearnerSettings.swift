// How a loop's reward model is made and trained.

/// Settings of an active learner: an ensemble, its optimiser, and which labels it goes over again.
///
/// The defaults suit runs of some hundreds to thousands of labels on embeddings of any encoder. ActiveUltraFeedback's
/// own, for 60,000 prompts, are hidden 128, learning rate 5e-5, batch 64, 100 steps without repeats, replay 6,400,
/// regularisation 0.9^(4308 share) (arXiv 2603.09692 and its code).
public struct LearnerSettings: Sendable, Equatable {
  /// How the pull towards the initial weights fades with the share of prompts that are done.
  public enum Decay: String, Sendable, Hashable, CaseIterable {
    /// regularisation * base^(scaler * share)
    case exponential
    /// regularisation * (1 - share)
    case linear
  }

  public var headCount = 20
  public var hiddenCount = 64
  /// Hidden layers.
  public var layerCount = 2
  /// Bounds are the mean of the heads less and plus beta standard deviations.
  public var beta = 1.0
  /// What the mean square of an embedding's elements is scaled to.
  public var inputMeanSquare = 0.09
  public var learningRate = 3e-3
  /// Pairs a step.
  public var batchSize = 32
  /// Steps an iteration, at most.
  public var stepCount = 15
  /// Whether the labels are gone over again until all steps are done, where there are too few.
  public var repeats = true
  /// How many labels are kept to be trained on, the newest ones; nil: all.
  public var replayCount: Int?
  /// The weight of the mean square of a pair's summed rewards, which keeps rewards near 0.
  public var centre = 0.01
  public var regularisation = 1.0
  public var regularisationDecay = Decay.exponential
  public var regularisationBase = 0.01
  public var regularisationScaler = 1.0

  public init() {}

  // What a loop's settings may be, whoever is asked for them.
  static let headCounts = 2...1000
  static let hiddenCounts = 1...100_000
  static let layerCounts = 1...16
  static let batchSizes = 1...1_000_000
  static let stepCounts = 1...1_000_000
  static let replayCounts = 1...Int.max
}

// The active learner of a loop: an ensemble that estimates the next prompts' responses, and is trained on the labels
// that came of them. `aufdb run` and `aufdb evaluate` go by the same one.
//
// It is a value that knows no store. Two learners of equal settings, seed and inputs that were shown the same labels in
// the same order are equal to the last bit, whatever the number of threads: so a run that was killed is gone on with by
// showing a learner its labels again.

import AufdbReward

/// What one iteration's training did; the means are over its steps.
public struct LearningReport: Sendable, Equatable {
  public var stepCount = 0
  public var loss = 0.0
  public var lossBase = 0.0
  public var lossRegularisation = 0.0
  public var lossCentre = 0.0
  /// The share of pairs whose chosen response had the higher reward before the step.
  public var winRate = 0.0
  /// The reward of the chosen response less that of the rejected one, before the step.
  public var margin = 0.0
  /// The weight of the pull towards the initial weights.
  public var regularisation = 0.0
}

/// An ensemble in training.
public struct LoopLearner: Sendable {
  public let settings: LearnerSettings
  public let seed: UInt64
  private(set) var training: EnsembleTraining
  private var buffer: ReplayBuffer

  /// Makes an untrained learner; its estimates say nothing yet, but for how unsure they are.
  ///
  /// - Parameter inputCount: the length of an input row.
  /// - Throws: `.usage` for an ensemble that can't be.
  public init(_ settings: LearnerSettings, inputCount: Int, seed: UInt64) throws(AufdbError) {
    let shape: EnsembleShape
    do throws(EnsembleShapeError) {
      shape = try EnsembleShape(
        inputCount: inputCount, hiddenCount: settings.hiddenCount, layerCount: settings.layerCount,
        headCount: settings.headCount)
    } catch {
      throw AufdbError(.usage, "\(error)")
    }
    var generator = KeyedGenerator(seed: seed, purpose: "reward head", "initial weights")
    let weights = EnsembleHead.xavierUniform(shape, using: &generator)
    self.init(
      settings, seed: seed,
      EnsembleTraining(EnsembleHead(shape: shape, beta: Float(settings.beta), weights: weights)))
  }

  /// Goes on with a training; the labels that it trains on again must be shown to `remember`.
  init(_ settings: LearnerSettings, seed: UInt64, _ training: EnsembleTraining) {
    self.settings = settings
    self.seed = seed
    self.training = training
    buffer = ReplayBuffer(width: training.head.inputCount, capacity: settings.replayCount)
  }

  /// The reward head as it is now.
  public var head: EnsembleHead { training.head }
  /// How many labels it has been shown.
  public var labelCount: Int { buffer.totalCount }

  /// Estimates responses; see `RewardHead.estimate`.
  public func estimate(
    _ inputs: MatrixView<Float>, groupSizes: [Int], threadCount: Int, into estimates: inout RewardEstimates
  ) throws(EmbeddingError) {
    try head.estimate(inputs, groupSizes: groupSizes, threadCount: threadCount, into: &estimates)
  }

  /// Takes a label in, to be trained on from now on.
  ///
  /// - Parameters:
  ///   - chosen: the input row of the better response.
  ///   - rejected: that of the other.
  public mutating func remember(chosen: UnsafeBufferPointer<Float>, rejected: UnsafeBufferPointer<Float>) {
    buffer.append(chosen: chosen, rejected: rejected)
  }

  /// Trains on the labels that are kept.
  ///
  /// - Parameters:
  ///   - iteration: the number of the iteration, which its draws are keyed by.
  ///   - doneCount: how many prompts are done, of all `promptCount` that the loop goes through.
  /// - Returns: what it did; nil where there are no labels.
  /// - Throws: `.refused` where training diverges; the learner is then as it was.
  public mutating func learn(
    iteration: Int, doneCount: Int, promptCount: Int, threadCount: Int
  ) throws(AufdbError) -> LearningReport? {
    let steps = buffer.steps(settings, seed: seed, iteration: iteration)
    guard !steps.isEmpty else { return nil }
    let regularisation = settings.regularisation(doneCount: doneCount, promptCount: promptCount)
    var training = training
    let done: [TrainingStep]
    do throws(TrainingError) {
      done = try buffer.withInputs { (inputs) throws(TrainingError) in
        try training.train(inputs, steps: steps, settings.training(regularisation), threadCount: threadCount)
      }
    } catch {
      throw AufdbError(
        .refused, "training in iteration \(iteration) failed: \(error)", hint: error.hint)
    }
    self.training = training
    return LearningReport(done, regularisation: regularisation)
  }
}

extension LearnerSettings {
  /// The weight of the pull towards the initial weights, when a share of the prompts is done.
  func regularisation(doneCount: Int, promptCount: Int) -> Double {
    let decay: RegularisationDecay =
      switch regularisationDecay {
      case .exponential: .exponential(base: regularisationBase, scaler: regularisationScaler)
      case .linear: .linear
      }
    return decay.value(initial: regularisation, doneCount: doneCount, promptCount: promptCount)
  }

  func training(_ regularisation: Double) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.learningRate = learningRate
    settings.centre = centre
    settings.regularisation = regularisation
    return settings
  }
}

extension LearningReport {
  init(_ steps: [TrainingStep], regularisation: Double) {
    func mean(_ value: (TrainingStep) -> Double) -> Double { steps.reduce(0) { $0 + value($1) } / Double(steps.count) }
    self.init(
      stepCount: steps.count, loss: mean(\.loss), lossBase: mean(\.base), lossRegularisation: mean(\.regularisation),
      lossCentre: mean(\.centre), winRate: mean(\.winRate), margin: mean(\.meanMargin), regularisation: regularisation)
  }
}

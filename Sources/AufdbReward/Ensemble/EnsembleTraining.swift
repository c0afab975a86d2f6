// Training an ensemble on pairs, of which one response was preferred.
//
// With r(c), r(r) the single rewards of a pair's chosen and rejected response, over B pairs, H heads and P parameters:
//
//   base            mean over pairs and heads of softplus(-(r(c) - r(r)))     (R. Bradley and M. Terry, 1952)
//   regularisation  lambda * mean over heads and parameters of (w - w0)^2
//   centre          c * mean over pairs and heads of (r(c) + r(r))^2
//
// where w0 are the weights before the first step of all. The optimiser is AdamW without weight decay (I. Loshchilov and
// F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019): with g the gradient of the sum of the three, shortened
// to the norm limit over all heads together, and k the number of steps since the ensemble was made,
//
//   m = beta1 m + (1 - beta1) g;   v = beta2 v + (1 - beta2) g^2
//   w = w - rate / (1 - beta1^k) * m / (sqrt(v) / sqrt(1 - beta2^k) + epsilon)
//
// m, v and k live on from call to call; the rate begins anew with each call and falls by half a cosine.

/// An ensemble and the state of its optimiser: a value, so that training can go on from any copy of it.
public struct EnsembleTraining: Sendable, Equatable {
  public internal(set) var head: EnsembleHead
  /// w0.
  public let initialWeights: Matrix<Float>
  /// m.
  public internal(set) var firstMoments: Matrix<Float>
  /// v.
  public internal(set) var secondMoments: Matrix<Float>
  /// k.
  public internal(set) var stepCount: Int

  /// Begins the training of an ensemble, whose weights are w0 from now on.
  public init(_ head: EnsembleHead) {
    self.head = head
    initialWeights = head.weights
    firstMoments = Matrix(rowCount: head.shape.headCount, columnCount: head.shape.parameterCount)
    secondMoments = firstMoments
    stepCount = 0
  }

  init(
    head: EnsembleHead, initialWeights: Matrix<Float>, firstMoments: Matrix<Float>, secondMoments: Matrix<Float>,
    stepCount: Int
  ) {
    self.head = head
    self.initialWeights = initialWeights
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.stepCount = stepCount
  }

  /// Trains for some steps; the learning rate falls from step to step.
  ///
  /// - Parameters:
  ///   - inputs: n x `inputCount`.
  ///   - steps: the pairs of each step, rows of `inputs`; no step is without pairs. A row may be in several pairs.
  ///   - settings: of this call.
  ///   - threadCount: at least 1; the result has the same bits for any.
  /// - Returns: what each step was like.
  /// - Throws: `TrainingError`, and then nothing has changed.
  /// - Complexity: six multiply-adds a parameter and pair, or nearly so. Beside the parameters and their two moments,
  ///   which are copied once, the memory is that of a gradient and of some hundred numbers a pair and unit.
  public mutating func train(
    _ inputs: MatrixView<Float>, steps: [[PairIndex]], _ settings: TrainingSettings, threadCount: Int
  ) throws(TrainingError) -> [TrainingStep] {
    if let error = settings.error { throw error }
    var trained = self
    var batch = TrainingBatch(head.shape, largestPairCount: steps.map(\.count).max() ?? 0, threadCount: threadCount)
    var records: [TrainingStep] = []
    for (index, pairs) in steps.enumerated() {
      let rate = TrainingSchedule.learningRate(initial: settings.learningRate, step: index, stepCount: steps.count)
      try batch.load(inputs, pairs: pairs)
      let step = batch.findGradient(
        weights: trained.head.weights, initialWeights: initialWeights, settings, learningRate: rate)
      guard step.loss.isFinite else { throw .diverged(step: index, .loss) }
      guard step.gradientNorm.isFinite else { throw .diverged(step: index, .gradient) }
      guard trained.descend(batch, settings, step) else { throw .diverged(step: index, .weights) }
      records.append(step)
    }
    self = trained
    return records
  }

  /// The gradient of the loss of some pairs, before it is shortened; nothing changes.
  ///
  /// - Parameters: as of `train`.
  /// - Returns: the gradient, `headCount` x `parameterCount`, and what `train` would say of the step.
  public func gradient(
    _ inputs: MatrixView<Float>, pairs: [PairIndex], _ settings: TrainingSettings, threadCount: Int
  ) throws(TrainingError) -> (gradient: Matrix<Float>, step: TrainingStep) {
    if let error = settings.error { throw error }
    var batch = TrainingBatch(head.shape, largestPairCount: pairs.count, threadCount: threadCount)
    try batch.load(inputs, pairs: pairs)
    let step = batch.findGradient(
      weights: head.weights, initialWeights: initialWeights, settings, learningRate: settings.learningRate)
    let elements = Array(UnsafeBufferPointer(start: batch.gradient, count: batch.gradientCount))
    return (Matrix(rowCount: head.shape.headCount, columnCount: head.shape.parameterCount, elements: elements), step)
  }
}

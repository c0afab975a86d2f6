// What to train, and on which labels.

import AufdbReward

/// The options of `train`.
public struct TrainOptions: Sendable {
  /// The head's name.
  public var head: String
  public var kind: HeadKind
  /// nil: the only one there is.
  public var encoder: String?
  public var features: [InputFeature]
  /// Whose labels; nil: the only judge's.
  public var judge: String?
  public var seed: UInt64
  /// Of an ensemble: its shape and training. The number of steps follows from the epochs, and the regularisation is the
  /// one that a loop ends with.
  public var learner: LearnerSettings
  /// Of an ensemble: how many times it goes over all labels.
  public var epochCount: Int
  /// Of the other kinds: the precision of the prior on weights.
  public var ridge: Double
  /// Whether an ensemble of that name is trained further, instead of a new one.
  public var continues: Bool
  /// Whether labelled responses may lack an embedding; such labels are left out.
  public var allowsPartial: Bool
  /// Of pointwise-prior: the least and the greatest score that the judge can give.
  public var scoreRange: ClosedRange<Double>

  public init(
    head: String, kind: HeadKind = .ensemble, encoder: String? = nil, features: [InputFeature] = [.embedding],
    judge: String? = nil, seed: UInt64 = 0, learner: LearnerSettings = LearnerSettings(), epochCount: Int = 30,
    ridge: Double = 3, continues: Bool = false, allowsPartial: Bool = false, scoreRange: ClosedRange<Double> = 0...1
  ) {
    self.head = head
    self.kind = kind
    self.encoder = encoder
    self.features = features
    self.judge = judge
    self.seed = seed
    self.learner = learner
    self.epochCount = epochCount
    self.ridge = ridge
    self.continues = continues
    self.allowsPartial = allowsPartial
    self.scoreRange = scoreRange
  }

  /// What inputs are scaled to.
  var inputSize: InputScaling.Size { kind == .ensemble ? .meanSquare(learner.inputMeanSquare) : kind.inputSize }

  /// - Throws: `.usage` for what makes no sense.
  func check() throws(AufdbError) {
    try Store.checkName(head, "reward head")
    try Store.checkSeed(seed)
    func require(_ condition: Bool, _ message: String) throws(AufdbError) {
      guard condition else { throw AufdbError(.usage, message) }
    }
    try require(epochCount >= 1, "--epochs is at least 1, not \(epochCount)")
    try require(ridge > 0 && ridge.isFinite, "--ridge is a number above 0, not \(ridge)")
    try require(learner.headCount >= 1, "--heads is at least 1, not \(learner.headCount)")
    try require(learner.batchSize >= 1, "--batch is at least 1, not \(learner.batchSize)")
    try require(
      learner.learningRate > 0 && learner.learningRate.isFinite,
      "--learning-rate is a number above 0, not \(learner.learningRate)")
    try require(learner.beta > 0 && learner.beta.isFinite, "--beta is a number above 0, not \(learner.beta)")
    try require(
      !continues || kind == .ensemble, "--continue is for ensembles: a \(kind.rawValue) head is fitted at once")
    try require(
      scoreRange.lowerBound < scoreRange.upperBound && scoreRange.lowerBound.isFinite && scoreRange.upperBound.isFinite,
      "--score-range is two numbers, the smaller one first")
  }
}

/// What training did.
public struct TrainReport: Sendable, Equatable {
  public var kind = HeadKind.ensemble
  public var judge: String?
  /// Labels that were trained on.
  public var labelCount = 0
  /// Labels that are ties, which teach nothing.
  public var tieCount = 0
  /// Labels that were left out because a response lacks an embedding.
  public var missingCount = 0
  /// Of the labels trained on: the share whose chosen response has the higher reward now.
  public var accuracy: Double?
}

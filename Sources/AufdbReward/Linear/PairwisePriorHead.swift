// A linear Bradley-Terry model on the features that unlabelled candidates gave: `FeaturePrior` and `BradleyTerryFit`.
//
// Its rewards are x'v with v = kappa F w, on the inputs as they come: the constant that all rewards of a prompt share,
// and that no pair can tell, is 0 for the input 0, which is the mean of all where inputs were centred. Standard
// deviations are those of w'phi(x), phi of x less the mean over its prompt's rows: what isn't known of x beside the
// prompt's other responses. A prompt's only response therefore has the deviation 0.

/// A linear reward with a prior learned from unlabelled candidates, fitted to pairs.
public struct PairwisePriorHead: RewardHead {
  public static var kind: String { "pairwise-prior" }

  /// What was known before any label.
  public let prior: FeaturePrior
  private let estimation: LinearEstimation

  /// Fits the head.
  ///
  /// - Parameters:
  ///   - prior: from candidates' inputs.
  ///   - inputs: n x d.
  ///   - pairs: rows of `inputs`. Without any, rewards are 0 and the posterior is the prior.
  ///   - pairWeights: what each pair counts, such as `PairWeights.byPrompt` says; 1 each if nil.
  ///   - ridge: > 0 and finite.
  ///   - beta: how many standard deviations the bounds are away from the reward.
  /// - Throws: `LinearFitError`.
  /// - Complexity: that of `BradleyTerryFit`, and d^2 / 2 multiply-adds a pair.
  public init(
    prior: FeaturePrior, inputs: MatrixView<Float>, pairs: [PairIndex], pairWeights: [Double]? = nil,
    ridge: Double = 3, beta: Double = 1
  ) throws(LinearFitError) {
    self.prior = prior
    estimation = try prior.features(ofDifferences: inputs.differences(pairs)).withView {
      features throws(LinearFitError) in
      let fit = try BradleyTerryFit(differences: features, pairWeights: pairWeights, ridge: ridge)
      return try LinearEstimation(
        weights: prior.embeddingWeights(fit.weights), beta: beta, posterior: fit.posterior(differences: features),
        prior: prior)
    }
  }

  public var inputCount: Int { estimation.weights.count }
  public var headCount: Int { 0 }
  /// v: the reward of an input x is x'v.
  public var weights: [Double] { estimation.weights }

  public func estimate(
    _ inputs: MatrixView<Float>, groupSizes: [Int], threadCount: Int, into estimates: inout RewardEstimates
  ) throws(EmbeddingError) {
    try estimation.estimate(inputs, groupSizes: groupSizes, threadCount: threadCount, into: &estimates)
  }

  public var tensors: [HeadTensor] { estimation.tensors }

  public init(tensors: [HeadTensor]) throws(HeadError) {
    let prior = try FeaturePrior(tensors: tensors)
    self.prior = prior
    estimation = try LinearEstimation(tensors: tensors, prior: prior)
  }
}

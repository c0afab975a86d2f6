// The Bayesian linear head: a linear Bradley-Terry model on inputs as they are, and how sure it is of its weights.
//
// Weights are those of `BradleyTerryFit`; the posterior's precision is H = ridge I + sum of weight sigma (1 - sigma) zz'
// at them, and a response's standard deviation sqrt(x'H^-1 x). Source: rewarduq's Bayesian linear head. With ridge 3
// on centred embeddings it is also the plain model that comparisons of pairs are judged by.

/// A linear reward on inputs, with a Gaussian posterior.
public struct LinearHead: RewardHead {
  public static var kind: String { "linear" }

  private let estimation: LinearEstimation

  /// Fits the head.
  ///
  /// - Parameters:
  ///   - inputs: n x d.
  ///   - pairs: rows of `inputs`. Without any, rewards are 0 and H = ridge I.
  ///   - pairWeights: what each pair counts; 1 each if nil.
  ///   - ridge: > 0 and finite.
  ///   - beta: how many standard deviations the bounds are away from the reward.
  /// - Throws: `LinearFitError`.
  /// - Complexity: that of `BradleyTerryFit`. Memory: 8 d min(d, pairs) bytes stay.
  public init(
    inputs: MatrixView<Float>, pairs: [PairIndex], pairWeights: [Double]? = nil, ridge: Double = 3, beta: Double = 1
  ) throws(LinearFitError) {
    let differences = try inputs.differences(pairs)
    estimation = try differences.withView { differences throws(LinearFitError) in
      let fit = try BradleyTerryFit(differences: differences, pairWeights: pairWeights, ridge: ridge)
      return try LinearEstimation(
        weights: fit.weights, beta: beta, posterior: fit.posterior(differences: differences))
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
    estimation = try LinearEstimation(tensors: tensors)
  }
}

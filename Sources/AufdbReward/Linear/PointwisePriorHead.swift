// A linear regression of judges' scores on the features that unlabelled candidates gave: `FeaturePrior` and
// `PointwiseFit`, for judges who rate responses one by one.
//
// Its rewards are x'v with v = kappa F w, on the inputs as they come; the level of the targets is left out: the
// constant that all rewards share is 0 for the input 0, which is the mean of all where inputs were centred. Standard
// deviations are those of w'phi(x), phi of x less the mean over its prompt's rows, as in `PairwisePriorHead`.

/// A linear reward with a prior learned from unlabelled candidates, fitted to scores.
public struct PointwisePriorHead: RewardHead {
  public static var kind: String { "pointwise-prior" }

  /// What was known before any score.
  public let prior: FeaturePrior
  private let estimation: LinearEstimation

  /// Fits the head.
  ///
  /// - Parameters:
  ///   - prior: from candidates' inputs.
  ///   - inputs: n x d, all responses of a prompt one after the other, judged or not: their mean is taken away.
  ///   - groupSizes: how many rows each prompt has; their sum is n.
  ///   - scores: 0...1, one a row; nil where a response wasn't judged. Without any, rewards are 0 and the posterior is
  ///     the prior.
  ///   - ridge: > 0 and finite.
  ///   - beta: how many standard deviations the bounds are away from the reward.
  /// - Throws: `LinearFitError`.
  /// - Complexity: that of `PointwiseFit`, and d^2 / 2 multiply-adds a judged row.
  public init(
    prior: FeaturePrior, inputs: MatrixView<Float>, groupSizes: [Int], scores: [Double?], ridge: Double = 3,
    beta: Double = 1
  ) throws(LinearFitError) {
    precondition(groupSizes.reduce(0, +) == inputs.rowCount, "groups that aren't all of the rows")
    precondition(scores.count == inputs.rowCount, "another number of scores than rows")
    do { try inputs.check() } catch { throw .input(error) }
    var targets: [Double] = []
    for (index, score) in scores.enumerated() {
      guard let score else { continue }
      guard let target = PointwiseTarget.target(score) else { throw .scoreOutOfRange(index: index, value: "\(score)") }
      targets.append(target)
    }
    self.prior = prior
    let judged = Self.judgedRows(inputs.centred(groupSizes: groupSizes), groupSizes: groupSizes, scores: scores)
    let fit = try prior.features(ofDifferences: judged.rows).withView { features throws(LinearFitError) in
      try PointwiseFit(features: features, groupSizes: judged.groupSizes, targets: targets, ridge: ridge)
    }
    estimation = try LinearEstimation(
      weights: prior.embeddingWeights(fit.weights), beta: beta, posterior: fit.posterior(), prior: prior)
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

  private static func judgedRows(
    _ rows: Matrix<Float>, groupSizes: [Int], scores: [Double?]
  ) -> (rows: Matrix<Float>, groupSizes: [Int]) {
    var (elements, judgedSizes, start): ([Float], [Int], Int) = ([], [], 0)
    rows.withUnsafeElements { rowElements in
      for size in groupSizes {
        let judged = (start..<start + size).filter { scores[$0] != nil }
        for row in judged {
          elements.append(contentsOf: rowElements[row * rows.columnCount..<(row + 1) * rows.columnCount])
        }
        judgedSizes.append(judged.count)
        start += size
      }
    }
    let count = judgedSizes.reduce(0, +)
    return (Matrix(rowCount: count, columnCount: rows.columnCount, elements: elements), judgedSizes)
  }
}

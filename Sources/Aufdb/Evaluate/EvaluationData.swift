// Everything that replays and final models share: computed once, read by all threads.
//
// Whatever is learned without labels (means and factors of inputs, the covariance of candidates) is learned from the
// training prompts' candidates alone: nothing of a test prompt is known before it is measured.

import AufdbReward

/// A pool and what was made of it.
struct EvaluationData: Sendable {
  let pool: EvaluationPool
  let split: EvaluationSplit
  let test: TestSet
  /// What the active learner sees: n x d, all rows of the pool.
  let learnerInputs: Matrix<Float>
  /// What plain linear models see.
  let plainInputs: Matrix<Float>
  /// What models on the PCA prior see, and `far`.
  let features: Matrix<Float>
  /// The direction in which a prompt's candidates differ most; length 1, of either sign.
  let firstComponent: [Float]
  /// The ridge of `dopt`'s information, as `aufdb select` takes it.
  let informationRidge: Double
  /// Whether all scores lie in 0 ... 1, as the pointwise head asks.
  let hasUnitScores: Bool

  /// - Throws: `.badData` for embeddings that nothing can be learned from.
  /// - Complexity: O(n d^2); 12 n d bytes beside the pool.
  init(_ pool: EvaluationPool, _ split: EvaluationSplit, _ options: EvaluateOptions) throws(AufdbError) {
    self.pool = pool
    self.split = split
    test = TestSet(
      pool, split.test, gapThreshold: options.gapThreshold, lengthThreshold: options.lengthThreshold)
    hasUnitScores = pool.scores.allSatisfy { (0...1).contains($0) }
    do {
      let dimension = pool.dimension
      var sums = InputScalingSums(embeddingCount: dimension, inputCount: dimension)
      var covariance = CandidateCovariance(dimension: dimension)
      for prompt in split.training {
        try pool.withRows(of: prompt, in: pool.embeddings) { rows in
          try sums.add(rows)
          try covariance.add(rows, rowCount: pool.prompts[prompt].rows.count)
        }
      }
      learnerInputs = Self.scaled(pool, sums.scaling(.meanSquare(options.learner.inputMeanSquare)))
      plainInputs = Self.scaled(pool, sums.scaling(.unit))
      features = try Self.features(of: pool, FeaturePrior(of: covariance))
      let matrix = try covariance.covariance()
      let trace = (0..<dimension).reduce(0.0) { $0 + matrix[$1, $1] }
      guard trace > 0 else { throw EmbeddingError.tooSmall }
      informationRidge = trace / Double(dimension)
      firstComponent = PrincipalDirection.first(of: matrix).map { Float($0) }
    } catch let error as EmbeddingError {
      throw AufdbError(.badData, "the embeddings of the training prompts: \(error)", hint: error.hint)
    } catch {
      throw AufdbError.from(error)
    }
  }

  private static func scaled(_ pool: EvaluationPool, _ scaling: InputScaling) -> Matrix<Float> {
    var inputs = pool.embeddings
    inputs.withUnsafeMutableElements { scaling.apply(to: UnsafeBufferPointer($0), into: $0) }
    return inputs
  }

  private static func features(of pool: EvaluationPool, _ prior: FeaturePrior) throws(EmbeddingError) -> Matrix<Float> {
    var features = pool.embeddings
    var workspace = GroupWorkspace()
    let dimension = pool.dimension
    try features.withUnsafeMutableElements { (features) throws(EmbeddingError) in
      for prompt in pool.prompts {
        let part = UnsafeMutableBufferPointer(
          rebasing: features[prompt.rows.lowerBound * dimension..<prompt.rows.upperBound * dimension])
        try pool.embeddings.withUnsafeElements { (rows) throws(EmbeddingError) in
          try prior.writeFeatures(
            of: UnsafeBufferPointer(
              rebasing: rows[prompt.rows.lowerBound * dimension..<prompt.rows.upperBound * dimension]),
            rowCount: prompt.rows.count, into: part, workspace: &workspace)
        }
      }
    }
    return features
  }
}

extension Matrix<Float> {
  /// The rows of these numbers, in this order.
  func rows(_ numbers: [Int]) -> Matrix<Float> {
    var elements: [Float] = []
    elements.reserveCapacity(numbers.count * columnCount)
    withUnsafeElements { all in
      for number in numbers {
        elements.append(
          contentsOf: UnsafeBufferPointer(rebasing: all[number * columnCount..<(number + 1) * columnCount]))
      }
    }
    return Matrix(rowCount: numbers.count, columnCount: columnCount, elements: elements)
  }

  /// The inner products of some rows with a vector.
  func products(ofRows numbers: [Int], with vector: [Float]) -> [Float] {
    let rows = rows(numbers)
    return rows.times(Matrix(rowCount: vector.count, columnCount: 1, elements: vector)).withUnsafeElements { Array($0) }
  }
}

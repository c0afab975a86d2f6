// What the linear heads have in common when they estimate: rewards x'v, and bounds from a Gaussian posterior.
//
// Rows go through in batches of whole prompts, about 64 rows each, in double precision. A number's bits don't depend
// on its batch, nor, so, on the number of threads.

struct LinearEstimation: Sendable {
  /// v, one an input.
  let weights: [Double]
  /// How many standard deviations the bounds are away from the reward.
  let beta: Double
  let posterior: GaussianPosterior
  /// Where features aren't the inputs themselves: those of a response less its prompt's mean.
  let prior: FeaturePrior?

  private static var batchRows: Int { 64 }

  init(weights: [Double], beta: Double, posterior: GaussianPosterior, prior: FeaturePrior? = nil) {
    precondition(beta >= 0 && beta.isFinite, "a beta that isn't a number from 0 on")
    self.weights = weights
    self.beta = beta
    self.posterior = posterior
    self.prior = prior
  }

  func estimate(
    _ inputs: MatrixView<Float>, groupSizes: [Int], threadCount: Int, into estimates: inout RewardEstimates
  ) throws(EmbeddingError) {
    precondition(inputs.columnCount == weights.count, "inputs of another length")
    precondition(groupSizes.reduce(0, +) == inputs.rowCount, "groups that aren't all of the rows")
    try inputs.check()
    let count = inputs.rowCount
    estimates.heads.removeAll(keepingCapacity: true)
    for column in [\RewardEstimates.rewards, \.lower, \.upper] {
      estimates[keyPath: column].removeAll(keepingCapacity: true)
      estimates[keyPath: column].append(contentsOf: repeatElement(0, count: count))
    }
    let batches = Self.batches(groupSizes)
    estimates.rewards.withUnsafeMutableBufferPointer { rewards in
      estimates.lower.withUnsafeMutableBufferPointer { lower in
        estimates.upper.withUnsafeMutableBufferPointer { upper in
          // Each batch writes rows of its own, and none outlives this call.
          nonisolated(unsafe) let (inputs, rewards, lower, upper) = (inputs, rewards, lower, upper)
          SharedWork.forEach(batches.count, threadCount: threadCount) { batch, _ in
            self.estimate(batches[batch], of: inputs) { row, reward, deviation in
              rewards[row] = Float(reward)
              lower[row] = Float(reward - beta * deviation)
              upper[row] = Float(reward + beta * deviation)
            }
          }
        }
      }
    }
  }

  /// Rows of whole prompts.
  private struct Batch {
    var rows: Range<Int>
    var groupSizes: [Int] = []
  }

  private static func batches(_ groupSizes: [Int]) -> [Batch] {
    var batches: [Batch] = []
    var current = Batch(rows: 0..<0)
    for size in groupSizes {
      precondition(size >= 0, "a group of negative size")
      current.groupSizes.append(size)
      current.rows = current.rows.lowerBound..<current.rows.upperBound + size
      if current.rows.count >= batchRows {
        batches.append(current)
        current = Batch(rows: current.rows.upperBound..<current.rows.upperBound)
      }
    }
    if !current.rows.isEmpty { batches.append(current) }
    return batches
  }

  private func estimate(
    _ batch: Batch, of inputs: MatrixView<Float>, write: (_ row: Int, _ reward: Double, _ deviation: Double) -> Void
  ) {
    let rows = inputs.part(rows: batch.rows, columns: 0..<inputs.columnCount)
    let rewards = rows.wideTimes(weights)
    var features = prior.map { Self.features(of: rows, groupSizes: batch.groupSizes, prior: $0) } ?? rows.widened()
    var variances = [Double](repeating: 0, count: batch.rows.count)
    variances.withUnsafeMutableBufferPointer { variances in
      features.withMutableView { posterior.writeVariances(of: $0, into: variances) }
    }
    for index in rewards.indices {
      write(batch.rows.lowerBound + index, rewards[index], variances[index].squareRoot())
    }
  }

  /// The features of whole prompts, each less its mean.
  private static func features(of rows: MatrixView<Float>, groupSizes: [Int], prior: FeaturePrior) -> Matrix<Double> {
    var features = Matrix<Float>(rowCount: rows.rowCount, columnCount: rows.columnCount)
    let centred = rows.centred(groupSizes: groupSizes)
    features.withMutableView { features in centred.withView { prior.multiply($0, into: features) } }
    return features.withView { $0.widened() }
  }
}

extension MatrixView<Float> {
  /// Returns the rows, each less the mean over its group.
  func centred(groupSizes: [Int]) -> Matrix<Float> {
    var result = Matrix<Float>(rowCount: rowCount, columnCount: columnCount)
    result.withMutableView { $0.copy(self) }
    var means: [Double] = []
    result.withUnsafeMutableElements { elements in
      var start = 0
      for size in groupSizes where size > 0 && columnCount > 0 {
        let end = start + size * columnCount
        let group = UnsafeMutableBufferPointer(rebasing: elements[start..<end])
        Group.takeMeans(of: UnsafeBufferPointer(group), columnCount: columnCount, into: &means)
        Group.subtract(means, from: UnsafeBufferPointer(group), into: group)
        start = end
      }
    }
    return result
  }
}

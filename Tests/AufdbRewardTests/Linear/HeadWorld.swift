// Prompts with embedded candidates, and what heads say of them, for the tests of the linear heads.

import AufdbReward
import AufdbTestSupport

/// Candidates of prompts, of which some pairs or scores are known.
struct HeadWorld {
  var groups: [Matrix<Float>]
  let dimension: Int

  /// - Parameter deviation: of the embeddings' principal directions.
  init(
    sizes: [Int], dimension: Int, seed: UInt64, deviation: (Int) -> Double = { 1 / Double($0 + 1).squareRoot() }
  ) {
    var generator = SeededGenerator(seed: seed)
    groups = generator.groups(sizes: sizes, dimension: dimension, centre: 0.3, deviation: deviation)
    self.dimension = dimension
  }

  var sizes: [Int] { groups.map(\.rowCount) }
  var inputs: Matrix<Float> {
    Matrix(rowCount: sizes.reduce(0, +), columnCount: dimension, elements: groups.flatMap(\.all))
  }
  /// z of each row: it less the mean of its prompt.
  var centred: [[Double]] {
    groups.flatMap { group in
      let means = (0..<dimension).map { column in
        (0..<group.rowCount).reduce(0.0) { $0 + Double(group[$1, column]) } / Double(group.rowCount)
      }
      return (0..<group.rowCount).map { row in zip(group.row(row), means).map { Double($0) - $1 } }
    }
  }

  func prior() throws -> FeaturePrior {
    try FeaturePrior(of: CandidateCovariance(of: groups, dimension: dimension))
  }

  /// k(a, b) = kappa^2 a'C b.
  func kernel(scale: Double) -> ([Double], [Double]) -> Double {
    let covariance = naiveCovariance(groups, dimension: dimension)
    return { left, right in
      let row = Matrix(rowCount: 1, columnCount: left.count, elements: left)
      return scale * scale * zip(row.naiveTimes(covariance).all, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// Pairs of one prompt each.
  func pairs(_ count: Int, seed: UInt64) -> [PairIndex] {
    var generator = SeededGenerator(seed: seed)
    let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    return (0..<count).map { index in
      let group = index % groups.count
      let first = Int.random(in: 0..<sizes[group], using: &generator)
      let second = (first + Int.random(in: 1..<sizes[group], using: &generator)) % sizes[group]
      return PairIndex(chosen: starts[group] + first, rejected: starts[group] + second)
    }
  }

  /// A score for each row with the given chance.
  func scores(chance: Double, seed: UInt64) -> [Double?] {
    var generator = SeededGenerator(seed: seed)
    return (0..<sizes.reduce(0, +)).map { _ in
      Double.random(in: 0..<1, using: &generator) < chance ? Double.random(in: 0...1, using: &generator) : nil
    }
  }
}

extension RewardHead {
  func estimates(of world: HeadWorld, threadCount: Int = 1) throws -> RewardEstimates {
    try estimates(of: world.inputs, groupSizes: world.sizes, threadCount: threadCount)
  }

  func estimates(of inputs: Matrix<Float>, groupSizes: [Int], threadCount: Int = 1) throws -> RewardEstimates {
    var estimates = RewardEstimates()
    try inputs.withView { inputs throws(EmbeddingError) in
      try estimate(inputs, groupSizes: groupSizes, threadCount: threadCount, into: &estimates)
    }
    return estimates
  }
}

extension RewardEstimates {
  /// Half of each interval.
  var deviations: [Double] { zip(lower, upper).map { (Double($1) - Double($0)) / 2 } }
}

extension LinearHead {
  init(
    _ inputs: Matrix<Float>, pairs: [PairIndex], pairWeights: [Double]? = nil, ridge: Double = 3, beta: Double = 1
  ) throws {
    self = try inputs.withView { inputs throws(LinearFitError) in
      try LinearHead(inputs: inputs, pairs: pairs, pairWeights: pairWeights, ridge: ridge, beta: beta)
    }
  }
}

extension PairwisePriorHead {
  init(
    _ world: HeadWorld, prior: FeaturePrior? = nil, pairs: [PairIndex], pairWeights: [Double]? = nil, ridge: Double = 3
  ) throws {
    let prior = try prior ?? world.prior()
    self = try world.inputs.withView { inputs throws(LinearFitError) in
      try PairwisePriorHead(prior: prior, inputs: inputs, pairs: pairs, pairWeights: pairWeights, ridge: ridge)
    }
  }
}

extension PointwisePriorHead {
  init(_ world: HeadWorld, prior: FeaturePrior? = nil, scores: [Double?], ridge: Double = 3) throws {
    let prior = try prior ?? world.prior()
    self = try world.inputs.withView { inputs throws(LinearFitError) in
      try PointwisePriorHead(
        prior: prior, inputs: inputs, groupSizes: world.sizes, scores: scores, ridge: ridge)
    }
  }
}

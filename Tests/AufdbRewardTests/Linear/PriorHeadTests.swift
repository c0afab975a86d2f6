// The two heads on a prior, against formulas that know inner products of features only: k(a, b) = kappa^2 a'C b.

import AufdbReward
import AufdbTestSupport
import Glibc
import Testing

@Suite struct PriorHeadTests {
  /// Fewer labels than inputs, and more.
  @Test(arguments: [(7, 20), (24, 6), (5, 1)], [UInt64(771), 772])
  func pairwiseIsTheKernelModel(shape: (pairs: Int, dimension: Int), seed: UInt64) throws {
    let world = HeadWorld(sizes: [3, 4, 2, 5, 3], dimension: shape.dimension, seed: seed)
    let pairs = world.pairs(shape.pairs, seed: seed)
    let pairWeights = pairs.indices.map { $0 % 3 == 0 ? 0.5 : 1 }
    let (prior, ridge) = (try world.prior(), 0.4)
    let head = try PairwisePriorHead(world, prior: prior, pairs: pairs, pairWeights: pairWeights, ridge: ridge)
    let found = try head.estimates(of: world)
    let (kernel, centred) = (world.kernel(scale: prior.scale), world.centred)
    let differences = pairs.map { difference(world.inputs, $0.chosen, $0.rejected) }

    // At the optimum, w is the sum of slope / ridge times each pair's features.
    let margins = differences.map { dotProduct(head.weights, $0) }
    let shares = margins.indices.map { pairWeights[$0] / (1 + exp(margins[$0])) / ridge }
    // diag(S)^1/2 K diag(S)^1/2 + ridge I
    let roots = margins.indices.map { (pairWeights[$0] / (2 + exp(margins[$0]) + exp(-margins[$0]))).squareRoot() }
    var inner = Matrix<Double>(rowCount: pairs.count, columnCount: pairs.count)
    for row in pairs.indices {
      for column in pairs.indices {
        inner[row, column] = roots[row] * roots[column] * kernel(differences[row], differences[column])
      }
      inner[row, row] += ridge
    }
    let inverse = inner.determinantAndInverse().inverse
    for (row, z) in centred.enumerated() {
      let products = differences.map { kernel(z, $0) }
      let reward = dotProduct(head.weights, z)
      #expect((reward - dotProduct(shares, products)).magnitude <= 2e-5, "seed \(seed)")
      let known = inverse.quadraticForm(zip(roots, products).map { $0 * $1 })
      expectDeviation(found.deviations[row], variance: (kernel(z, z) - known) / ridge, "seed \(seed)")
      expectReward(found.rewards[row], weights: head.weights, input: world.inputs.row(row), "seed \(seed)")
    }
  }

  @Test(arguments: [(0.4, 24), (0.9, 5), (0.9, 1)], [UInt64(781), 782])
  func pointwiseIsTheKernelModel(shape: (chance: Double, dimension: Int), seed: UInt64) throws {
    let world = HeadWorld(sizes: [3, 1, 4, 2, 5, 3], dimension: shape.dimension, seed: seed)
    let scores = world.scores(chance: shape.chance, seed: seed)
    let (prior, ridge) = (try world.prior(), 3.0)
    let head = try PointwisePriorHead(world, prior: prior, scores: scores, ridge: ridge)
    let found = try head.estimates(of: world)
    let (kernel, centred) = (world.kernel(scale: prior.scale), world.centred)
    let prompts = world.sizes.indices.flatMap { Array(repeating: $0, count: world.sizes[$0]) }
    let judged = scores.indices.filter { scores[$0] != nil }

    let targets = judged.map { row in
      let score = scores[row] ?? .nan
      return min(max(log(score / (1 - score)), -7), 7) / 7
    }
    var covariance = Matrix<Double>(rowCount: judged.count, columnCount: judged.count)
    for (row, first) in judged.enumerated() {
      for (column, second) in judged.enumerated() {
        let noise = (row == column ? 1 : 0) + (prompts[first] == prompts[second] ? 0.5 : 0)
        covariance[row, column] = kernel(centred[first], centred[second]) / ridge + noise
      }
    }
    let inverse = covariance.determinantAndInverse().inverse
    let sums = judged.indices.map { inverse.row($0).reduce(0, +) }
    let level = dotProduct(sums, targets) / sums.reduce(0, +)
    let residuals = targets.map { $0 - level }
    let shares = judged.indices.map { dotProduct(inverse.row($0), residuals) / ridge }
    for (row, z) in centred.enumerated() {
      let products = judged.map { kernel(z, centred[$0]) }
      let reward = dotProduct(head.weights, z)
      #expect((reward - dotProduct(shares, products)).magnitude <= 1e-5, "seed \(seed)")
      let variance = kernel(z, z) / ridge - inverse.quadraticForm(products) / (ridge * ridge)
      expectDeviation(found.deviations[row], variance: variance, "seed \(seed)")
      expectReward(found.rewards[row], weights: head.weights, input: world.inputs.row(row), "seed \(seed)")
    }
  }

  @Test func withoutLabelsThereIsThePrior() throws {
    let world = HeadWorld(sizes: [3, 1, 4], dimension: 5, seed: 791)
    let kernel = try world.kernel(scale: world.prior().scale)
    let heads: [any RewardHead] = try [
      PairwisePriorHead(world, pairs: []),
      PointwisePriorHead(world, scores: Array(repeating: nil, count: 8)),
    ]
    for head in heads {
      let found = try head.estimates(of: world)
      #expect(found.rewards == Array(repeating: 0, count: 8))
      for (row, z) in world.centred.enumerated() {
        expectDeviation(found.deviations[row], variance: kernel(z, z) / 3, "row \(row)")
      }
      // A prompt's only response has nothing to be compared with.
      #expect(found.deviations[3] == 0)
    }
  }

  /// Candidates that never differ have features 0: nothing is learned, and nothing is uncertain.
  @Test func equalCandidatesAreAllTheSame() throws {
    let row: [Float] = [1, -2, 3]
    let groups = (1...2).map { factor in
      Matrix(rowCount: 3, columnCount: 3, elements: (0..<9).map { Float(factor) * row[$0 % 3] })
    }
    var world = HeadWorld(sizes: [3, 3], dimension: 3, seed: 1)
    world.groups = groups
    let head = try PairwisePriorHead(world, pairs: [PairIndex(chosen: 0, rejected: 1)])
    let found = try head.estimates(of: world)
    #expect(found.rewards == Array(repeating: 0, count: 6))
    #expect(found.deviations == Array(repeating: 0, count: 6))
  }

  /// One score, or scores that are all equal, prefer nothing.
  @Test func equalScoresPreferNothing() throws {
    let world = HeadWorld(sizes: [3, 4], dimension: 4, seed: 801)
    for rows in [0..<1, 0..<7] {
      let scores: [Double?] = (0..<7).map { rows ~= $0 ? 0.8 : nil }
      let found = try PointwisePriorHead(world, scores: scores).estimates(of: world)
      #expect(found.rewards.allSatisfy { $0.magnitude <= 1e-7 })
    }
  }

  @Test(arguments: [-0.001, 1.001, .nan, .infinity])
  func refusesScoresOutsideTheScale(score: Double) throws {
    let world = HeadWorld(sizes: [3], dimension: 2, seed: 811)
    #expect(throws: LinearFitError.scoreOutOfRange(index: 2, value: "\(score)")) {
      try PointwisePriorHead(world, scores: [0.5, nil, score])
    }
  }

  @Test func refusesInputsThatAreNoNumbers() throws {
    let prior = try HeadWorld(sizes: [3, 3], dimension: 2, seed: 821).prior()
    var world = HeadWorld(sizes: [3], dimension: 2, seed: 821)
    world.groups[0][2, 1] = -.infinity
    let error = EmbeddingError.outOfRange(row: 2, column: 1, value: "-inf")
    #expect(throws: LinearFitError.input(error)) {
      try PairwisePriorHead(world, prior: prior, pairs: [PairIndex(chosen: 0, rejected: 2)])
    }
    // Though it wasn't judged, it is part of its prompt's mean.
    #expect(throws: LinearFitError.input(error)) {
      try PointwisePriorHead(world, prior: prior, scores: [0.5, 0.1, nil])
    }
    let head = try PairwisePriorHead(world, prior: prior, pairs: [PairIndex(chosen: 0, rejected: 1)])
    #expect(throws: error) { try head.estimates(of: world) }
  }

  private func expectDeviation(_ found: Double, variance: Double, _ place: Comment) {
    let expected = max(0, variance).squareRoot()
    #expect((found - expected).magnitude <= 2e-5 * (1 + expected), place)
  }

  private func expectReward(_ found: Float, weights: [Double], input: [Float], _ place: Comment) {
    let expected = dotProduct(weights, input.map { Double($0) })
    #expect((Double(found) - expected).magnitude <= 1e-6 * (1 + expected.magnitude), place)
  }
}

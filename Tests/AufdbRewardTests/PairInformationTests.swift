// The information of labelled pairs: against determinants and inverses by the definitions, and its laws.

import AufdbReward
import AufdbTestSupport
import Glibc
import Testing

@Suite struct PairInformationTests {
  /// gain = log det of the information after a pair, less that before.
  @Test(arguments: [1, 2, 3, 5], [UInt64(401), 402, 403])
  func gainIsTheGrowthOfTheLogDeterminant(dimension: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var information = PairInformation(dimension: dimension, ridge: 0.5)
    var matrix = Self.ridgeMatrix(dimension, 0.5)
    for step in 0..<30 {
      let group = generator.matrix(2, dimension, of: Float.self)
      let weight = Double.random(in: 0...0.25, using: &generator)
      let before = matrix.determinantAndInverse().determinant
      Self.add(difference(group, 0, 1), weight: weight, to: &matrix)
      let expected = log(matrix.determinantAndInverse().determinant / before)
      let foretold = PairInformation.gain(
        squaredDistance: try information.squaredDistances(of: group)[0, 1], weight: weight)
      let gain = try information.add(group.row(0), group.row(1), weight: weight)
      #expect((foretold - expected).magnitude <= 1e-11, "step \(step), seed \(seed)")
      #expect((gain - expected).magnitude <= 1e-11, "step \(step), seed \(seed)")
    }
    #expect(information.pairCount == 30)
  }

  @Test(arguments: [(1, 1.0), (12, 0.01), (33, 1e-4)], [UInt64(411)])
  func aThousandUpdatesStayAtTheInverse(shape: (dimension: Int, ridge: Double), seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let dimension = shape.dimension
    var information = PairInformation(dimension: dimension, ridge: shape.ridge)
    var matrix = Self.ridgeMatrix(dimension, shape.ridge)
    for _ in 0..<1000 {
      let group = generator.matrix(2, dimension, of: Float.self)
      let weight = PairInformation.weight(rewardDifference: 3 * generator.normal())
      try information.add(group.row(0), group.row(1), weight: weight)
      Self.add(difference(group, 0, 1), weight: weight, to: &matrix)
    }
    let inverse = matrix.determinantAndInverse().inverse
    let error = information.inverse.largestDifference(from: inverse)
    #expect(error <= 1e-13 / shape.ridge, "\(shape), seed \(seed)")
    #expect(information.inverse == information.inverse.transpose, "\(shape), seed \(seed)")
  }

  @Test(arguments: [0, 1, 2, 7, 30], [UInt64(421), 422])
  func distancesAgreeWithTheDefinition(count: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var information = PairInformation(dimension: 11, ridge: 0.1)
    for _ in 0..<20 {
      try information.add(
        generator.matrix(1, 11, of: Float.self).row(0), generator.matrix(1, 11, of: Float.self).row(0), weight: 0.2)
    }
    // Far from the origin, where inner products would cancel.
    let group = generator.groups(sizes: [count], dimension: 11, centre: 1000)[0]
    let distances = try information.squaredDistances(of: group)
    for first in 0..<count {
      for second in 0..<count {
        let expected = information.inverse.quadraticForm(difference(group, first, second))
        let error = (distances[first, second] - expected).magnitude
        #expect(error <= 1e-10 * distances.largestMagnitude, "\(first), \(second), seed \(seed)")
        #expect(distances[first, second] == distances[second, first], "\(first), \(second), seed \(seed)")
        #expect(distances[first, second] >= 0, "\(first), \(second), seed \(seed)")
      }
      #expect(distances[first, first] == 0, "\(first), seed \(seed)")
    }
  }

  /// Rounding takes no distance under 0: two responses that hardly differ, and a third far from both.
  @Test(arguments: [UInt64(425), 426])
  func nearlyEqualResponsesHaveNoNegativeDistance(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let information = PairInformation(dimension: 4, ridge: 1)
    for _ in 0..<50 {
      let row = generator.matrix(1, 4, of: Float.self).row(0)
      let group = Matrix(rowCount: 3, columnCount: 4, elements: row + row.map { $0.nextUp } + row.map { $0 + 1e4 })
      #expect(try information.squaredDistances(of: group).all.allSatisfy { $0 >= 0 }, "seed \(seed)")
    }
  }

  /// Without labels, distances are Euclidean, over the ridge.
  @Test func withoutLabelsDistancesAreEuclidean() throws {
    let information = PairInformation(dimension: 2, ridge: 4)
    let group = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [0, 0, 3, 4, 3, 0])
    #expect(try information.squaredDistances(of: group).all == [0, 6.25, 2.25, 6.25, 0, 4, 2.25, 4, 0])
  }

  /// Each further label of a pair tells less, and no label tells less than nothing about any other pair.
  @Test(arguments: [UInt64(431), 432, 433])
  func gainsOnlyFall(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var information = PairInformation(dimension: 6, ridge: 1)
    let group = generator.matrix(8, 6, of: Float.self)
    var before = try information.squaredDistances(of: group)
    for step in 0..<20 {
      let gain = try information.add(group.row(step % 2), group.row(2), weight: 0.25)
      let after = try information.squaredDistances(of: group)
      #expect(gain > 0, "step \(step), seed \(seed)")
      #expect(after[step % 2, 2] < before[step % 2, 2], "step \(step), seed \(seed)")
      let noneGrew = zip(after.all, before.all).allSatisfy { $0 <= $1 + 1e-12 }
      #expect(noneGrew, "step \(step), seed \(seed)")
      before = after
    }
  }

  /// A pair's own distance falls to |delta|^2 / (ridge + w |delta|^2), also where that is ten orders of magnitude.
  @Test(arguments: [1.0, 1e-3, 1e-8])
  func onePairHasAClosedForm(ridge: Double) throws {
    var generator = SeededGenerator(seed: 441)
    var information = PairInformation(dimension: 9, ridge: ridge)
    let group = generator.groups(sizes: [2], dimension: 9, deviation: { _ in 30 })[0]
    let length = squaredLength(difference(group, 0, 1))
    try information.add(group.row(0), group.row(1), weight: 0.25)
    let expected = length / (ridge + 0.25 * length)
    let found = try information.squaredDistances(of: group)[0, 1]
    // What is left of the distance before the pair, after rounding.
    let tolerance = 1e-12 * expected + 0x1p-50 * length / ridge
    #expect((found - expected).magnitude <= tolerance, "ridge \(ridge)")
  }

  /// The design spreads: a long pair that was labelled is worth less than a shorter one in another direction.
  @Test func aLabelledDirectionIsWorthLess() throws {
    var information = PairInformation(dimension: 2, ridge: 0.1)
    let group = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [0, 0, 2, 0, 0, 1])
    let before = try information.squaredDistances(of: group)
    #expect(before[0, 1] > before[0, 2])
    try information.add([0, 0], [2, 0], weight: PairInformation.unknownWeight)
    let after = try information.squaredDistances(of: group)
    #expect(after[0, 1] < after[0, 2])
  }

  /// The order of the pairs, and turning all embeddings, change nothing but rounding.
  @Test(arguments: [UInt64(451), 452])
  func orderAndRotationChangeNothing(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pairs = (0..<40).map { _ in generator.matrix(2, 7, of: Float.self) }
    let turn = generator.turn(7)
    let asked = generator.matrix(6, 7, of: Float.self)
    let expected = try Self.information(of: pairs).squaredDistances(of: asked)
    let shuffled = try Self.information(of: pairs.shuffled(using: &generator)).squaredDistances(of: asked)
    let rotated = try Self.information(of: pairs.map(turn.turned)).squaredDistances(of: turn.turned(asked))
    #expect(shuffled.largestDifference(from: expected) <= 1e-12 * expected.largestMagnitude, "seed \(seed)")
    #expect(rotated.largestDifference(from: expected) <= 1e-5 * expected.largestMagnitude, "seed \(seed)")
  }

  @Test func weightsFallFromAQuarter() {
    #expect(PairInformation.weight(rewardDifference: 0) == PairInformation.unknownWeight)
    for difference in [0.5, 1, 3, 20] {
      let weight = PairInformation.weight(rewardDifference: difference)
      let probability = 1 / (1 + exp(-difference))
      #expect((weight - probability * (1 - probability)).magnitude <= 1e-12)
      #expect(weight == PairInformation.weight(rewardDifference: -difference))
    }
    #expect(PairInformation.weight(rewardDifference: 2000) == 0)
    #expect(PairInformation.weight(rewardDifference: -.infinity) == 0)
  }

  @Test func aWeightOfZeroAddsNothing() throws {
    var information = PairInformation(dimension: 2, ridge: 1)
    let before = information.inverse
    #expect(try information.add([1, 2], [3, 5], weight: 0) == 0)
    #expect(information.inverse == before)
    #expect(information.pairCount == 1)
  }

  @Test(arguments: [Float.nan, .infinity, -1e18])
  func badNumbersAreRefusedAndChangeNothing(value: Float) throws {
    var information = PairInformation(dimension: 3, ridge: 1)
    try information.add([1, 2, 3], [3, 2, 2], weight: 0.25)
    let before = information.inverse
    #expect(throws: EmbeddingError.outOfRange(row: 0, column: 2, value: "\(value)")) {
      try information.add([1, 2, value], [0, 0, 0], weight: 0.25)
    }
    #expect(throws: EmbeddingError.outOfRange(row: 1, column: 0, value: "\(value)")) {
      try information.add([1, 2, 3], [value, 0, 0], weight: 0.25)
    }
    #expect(throws: EmbeddingError.outOfRange(row: 1, column: 1, value: "\(value)")) {
      try information.squaredDistances(of: Matrix(rowCount: 2, columnCount: 3, elements: [0, 0, 0, 0, value, 0]))
    }
    #expect(information.inverse == before)
    #expect(information.pairCount == 1)
  }

  private static func ridgeMatrix(_ dimension: Int, _ ridge: Double) -> Matrix<Double> {
    var matrix = Matrix<Double>(rowCount: dimension, columnCount: dimension)
    for index in 0..<dimension { matrix[index, index] = ridge }
    return matrix
  }

  private static func add(_ difference: [Double], weight: Double, to matrix: inout Matrix<Double>) {
    for row in difference.indices {
      for column in difference.indices { matrix[row, column] += weight * difference[row] * difference[column] }
    }
  }

  private static func information(of pairs: [Matrix<Float>]) throws -> PairInformation {
    var information = PairInformation(dimension: 7, ridge: 0.5)
    for pair in pairs { try information.add(pair.row(0), pair.row(1), weight: 0.25) }
    return information
  }
}

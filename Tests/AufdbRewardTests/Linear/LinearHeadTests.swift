// The Bayesian linear head against its formulas in doubles.

import AufdbReward
import AufdbTestSupport
import Glibc
import Testing

@Suite struct LinearHeadTests {
  /// Fewer pairs than inputs, as many, and more.
  @Test(arguments: [(6, 9), (9, 9), (25, 9), (3, 1), (1, 1)], [UInt64(751), 752])
  func boundsAreThoseOfTheClosedForm(shape: (pairs: Int, dimension: Int), seed: UInt64) throws {
    let world = HeadWorld(sizes: [3, 2, 4, 1, 3].filter { $0 > 1 }, dimension: shape.dimension, seed: seed)
    let pairs = world.pairs(shape.pairs, seed: seed)
    let (ridge, beta) = (0.7, 1.5)
    let head = try LinearHead(world.inputs, pairs: pairs, ridge: ridge, beta: beta)
    let found = try head.estimates(of: world)
    let weights = head.weights
    #expect(head.inputCount == shape.dimension)
    #expect(head.headCount == 0)

    var precision = Matrix<Double>(rowCount: shape.dimension, columnCount: shape.dimension)
    for index in 0..<shape.dimension { precision[index, index] = ridge }
    var gradient = weights.map { ridge * $0 }
    for pair in pairs {
      let z = difference(world.inputs, pair.chosen, pair.rejected)
      let probability = 1 / (1 + exp(-dotProduct(weights, z)))
      for row in z.indices {
        gradient[row] -= (1 - probability) * z[row]
        for column in z.indices { precision[row, column] += probability * (1 - probability) * z[row] * z[column] }
      }
    }
    #expect(squaredLength(gradient).squareRoot() <= 1e-6, "seed \(seed)")
    let inverse = precision.determinantAndInverse().inverse
    for row in 0..<world.inputs.rowCount {
      let input = world.inputs.row(row).map { Double($0) }
      let reward = dotProduct(weights, input)
      let deviation = beta * inverse.quadraticForm(input).squareRoot()
      let tolerance = 1e-6 * (1 + reward.magnitude + deviation)
      let expected = [reward, reward - deviation, reward + deviation]
      for (found, expected) in zip([found.rewards[row], found.lower[row], found.upper[row]], expected) {
        #expect((Double(found) - expected).magnitude <= tolerance, "seed \(seed)")
      }
    }
    #expect(found.heads.isEmpty)
  }

  /// With one number: ridge w = z / (1 + exp(w z)), found by halving intervals.
  @Test func oneNumberByBisection() throws {
    let inputs = Matrix<Float>(rowCount: 2, columnCount: 1, elements: [1.5, -0.5])
    let head = try LinearHead(inputs, pairs: [PairIndex(chosen: 0, rejected: 1)], ridge: 0.1)
    var (low, high) = (0.0, 100.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if 0.1 * middle < 2 / (1 + exp(2 * middle)) { low = middle } else { high = middle }
    }
    #expect((head.weights[0] - low).magnitude <= 1e-12)
  }

  @Test func withoutPairsThereIsThePrior() throws {
    let inputs = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [3, 4, 0, 0])
    let found = try LinearHead(inputs, pairs: [], ridge: 4, beta: 2).estimates(of: inputs, groupSizes: [2])
    #expect(found.rewards == [0, 0])
    #expect(found.lower == [-5, 0])
    #expect(found.upper == [5, 0])
  }

  @Test func pairsThatCanBeSeparatedStayFinite() throws {
    let world = HeadWorld(sizes: Array(repeating: 2, count: 5), dimension: 40, seed: 761)
    let pairs = world.pairs(5, seed: 761)
    let head = try LinearHead(world.inputs, pairs: pairs, ridge: 1e-4)
    let found = try head.estimates(of: world)
    for pair in pairs { #expect(found.rewards[pair.chosen] > found.rewards[pair.rejected]) }
    #expect((found.lower + found.upper).allSatisfy { $0.isFinite })
  }

  @Test func refusesInputsThatAreNoNumbers() throws {
    let inputs = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [1, 2, 3, .nan, 5, 6])
    let error = EmbeddingError.outOfRange(row: 1, column: 1, value: "nan")
    #expect(throws: LinearFitError.input(error)) {
      try LinearHead(inputs, pairs: [PairIndex(chosen: 0, rejected: 1)])
    }
    // A row that no pair has isn't looked at, until it is to be estimated.
    let head = try LinearHead(inputs, pairs: [PairIndex(chosen: 0, rejected: 2)])
    #expect(throws: error) { try head.estimates(of: inputs, groupSizes: [3]) }
  }
}

func dotProduct(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

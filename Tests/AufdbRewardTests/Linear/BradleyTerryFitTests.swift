// The linear Bradley-Terry model: its gradient vanishes, both forms agree, and odd inputs have finite answers.

import AufdbReward
import AufdbTestSupport
import Glibc
import Testing

/// Pairs to fit to.
struct PairCase: Sendable, CustomStringConvertible {
  let name: String
  let pairCount: Int
  let dimension: Int
  var ridge = 3.0
  var scale = 1.0
  var isWeighted = false

  var description: String { name }

  func differences(seed: UInt64) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: pairCount, columnCount: dimension,
      elements: (0..<pairCount * dimension).map { _ in Float(scale * generator.normal()) })
  }

  func weights(seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed + 1)
    return (0..<pairCount).map { _ in isWeighted ? Double.random(in: 0..<2, using: &generator) : 1 }
  }

  static let all: [PairCase] = [
    PairCase(name: "one pair of one number", pairCount: 1, dimension: 1),
    PairCase(name: "one pair", pairCount: 1, dimension: 9),
    PairCase(name: "one number", pairCount: 30, dimension: 1),
    PairCase(name: "more pairs than numbers", pairCount: 40, dimension: 7),
    PairCase(name: "fewer pairs than numbers", pairCount: 12, dimension: 33),
    PairCase(name: "as many", pairCount: 20, dimension: 20),
    PairCase(name: "separable, a small ridge", pairCount: 10, dimension: 30, ridge: 1e-6),
    PairCase(name: "a large ridge", pairCount: 15, dimension: 6, ridge: 1e6),
    PairCase(name: "large numbers", pairCount: 25, dimension: 6, scale: 1000),
    PairCase(name: "tiny numbers", pairCount: 25, dimension: 6, scale: 1e-6),
    PairCase(name: "weighted", pairCount: 31, dimension: 11, isWeighted: true),
  ]
}

@Suite struct BradleyTerryFitTests {
  /// w = Z'g / ridge, g = weight / (1 + exp(w'z)): the gradient by the definition is 0.
  @Test(arguments: PairCase.all, BradleyTerryFit.Form.allCases)
  func theGradientVanishes(pairs: PairCase, form: BradleyTerryFit.Form) throws {
    let (differences, pairWeights) = (pairs.differences(seed: 711), pairs.weights(seed: 711))
    let fit = try BradleyTerryFit(differences, pairWeights: pairWeights, ridge: pairs.ridge, form: form)
    let gradient = naiveGradient(differences.doubles, pairWeights: pairWeights, ridge: pairs.ridge, at: fit.weights)
    let size = (0..<pairs.pairCount).reduce(0) {
      $0 + pairWeights[$1] * squaredLength(differences.doubles.row($1)).squareRoot()
    }
    #expect(squaredLength(gradient).squareRoot() <= 2e-11 * size)
  }

  @Test(arguments: PairCase.all)
  func bothFormsHaveOneAnswer(pairs: PairCase) throws {
    let (differences, pairWeights) = (pairs.differences(seed: 721), pairs.weights(seed: 721))
    let fits = try BradleyTerryFit.Form.allCases.map {
      try BradleyTerryFit(differences, pairWeights: pairWeights, ridge: pairs.ridge, form: $0).weights
    }
    let length = squaredLength(fits[0]).squareRoot()
    let distance = squaredLength(zip(fits[0], fits[1]).map { $0 - $1 }).squareRoot()
    #expect(distance <= 1e-9 * length)
  }

  /// No point nearby has a smaller loss; nor has where gradient descent ends.
  @Test(arguments: [UInt64(731), 732])
  func gradientDescentEndsThere(seed: UInt64) throws {
    let pairs = PairCase(name: "", pairCount: 18, dimension: 4, ridge: 0.5)
    let differences = pairs.differences(seed: seed).doubles
    let pairWeights = [Double](repeating: 1, count: 18)
    var weights = [Double](repeating: 0, count: 4)
    for _ in 0..<4000 {
      let gradient = naiveGradient(differences, pairWeights: pairWeights, ridge: 0.5, at: weights)
      weights = zip(weights, gradient).map { $0 - 0.03 * $1 }
    }
    let fit = try BradleyTerryFit(pairs.differences(seed: seed), ridge: 0.5)
    for (found, expected) in zip(fit.weights, weights) {
      #expect((found - expected).magnitude <= 1e-9, "seed \(seed)")
    }
  }

  @Test func withoutPairsThereIsNoPreference() throws {
    let fit = try BradleyTerryFit(Matrix(rowCount: 0, columnCount: 3), ridge: 1)
    #expect(fit.weights == [0, 0, 0])
    #expect(fit.stepCount == 0)
  }

  @Test(arguments: BradleyTerryFit.Form.allCases)
  func pairsWithoutDifferenceTellNothing(form: BradleyTerryFit.Form) throws {
    let fit = try BradleyTerryFit(Matrix(rowCount: 5, columnCount: 3), ridge: 1, form: form)
    #expect(fit.weights == [0, 0, 0])
  }

  /// n equal pairs along one axis: ridge w = n z / (1 + exp(w z)).
  @Test(arguments: BradleyTerryFit.Form.allCases)
  func equalPairsAreOneWithTheirWeight(form: BradleyTerryFit.Form) throws {
    let row: [Float] = [1, -2, 0.5]
    let equal = Matrix(rowCount: 6, columnCount: 3, elements: (0..<6).flatMap { _ in row })
    let fit = try BradleyTerryFit(equal, ridge: 0.25, form: form)
    let single = try BradleyTerryFit(
      Matrix(rowCount: 1, columnCount: 3, elements: row), pairWeights: [6], ridge: 0.25, form: form)
    for (found, expected) in zip(fit.weights, single.weights) { #expect((found - expected).magnitude <= 1e-12) }
  }

  /// A pair and its opposite leave no preference, and a pair of weight 0 counts nothing.
  @Test func contradictionsCancelOut() throws {
    let rows = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [3, 1, -3, -1, 50, 7])
    for form in BradleyTerryFit.Form.allCases {
      let fit = try BradleyTerryFit(rows, pairWeights: [1, 1, 0], ridge: 0.1, form: form)
      #expect(squaredLength(fit.weights) <= 1e-24)
    }
  }

  @Test func theOrderOfPairsDoesNotMatter() throws {
    let pairs = PairCase.all[3].differences(seed: 741)
    let reversed = Matrix(
      rowCount: 40, columnCount: 7, elements: (0..<40).reversed().flatMap { pairs.row($0) })
    let (fit, other) = try (BradleyTerryFit(pairs, ridge: 1), BradleyTerryFit(reversed, ridge: 1))
    for (found, expected) in zip(fit.weights, other.weights) { #expect((found - expected).magnitude <= 1e-12) }
  }

  @Test func refusesWhatIsNotANumber() {
    for value in [Float.nan, .infinity, 1e20] {
      let rows = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [0, 1, 2, value])
      #expect(throws: LinearFitError.input(.outOfRange(row: 1, column: 1, value: "\(value)"))) {
        try BradleyTerryFit(rows, ridge: 1)
      }
    }
  }

  /// Two rows that are one but for their rounding errors, beside a ridge far below these.
  @Test func saysWhenRoundingErrorsWin() {
    let rows = Matrix<Float>(rowCount: 2, columnCount: 3, elements: [1e17, 2e17, 1e17, 1e17, 2e17, 1e17])
    for form in BradleyTerryFit.Form.allCases {
      #expect(throws: LinearFitError.illConditioned) { try BradleyTerryFit(rows, ridge: 1e-9, form: form) }
    }
  }

  private func naiveGradient(
    _ differences: Matrix<Double>, pairWeights: [Double], ridge: Double, at weights: [Double]
  ) -> [Double] {
    var gradient = weights.map { ridge * $0 }
    for row in 0..<differences.rowCount {
      let difference = differences.row(row)
      let slope = pairWeights[row] / (1 + exp(zip(weights, difference).reduce(0) { $0 + $1.0 * $1.1 }))
      for column in gradient.indices { gradient[column] -= slope * difference[column] }
    }
    return gradient
  }
}

extension BradleyTerryFit {
  init(
    _ differences: Matrix<Float>, pairWeights: [Double]? = nil, ridge: Double, form: Form? = nil
  ) throws {
    self = try differences.withView { differences throws(LinearFitError) in
      try BradleyTerryFit(differences: differences, pairWeights: pairWeights, ridge: ridge, form: form)
    }
  }
}

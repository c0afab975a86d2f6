// Solving with Cholesky's factor: what comes out, put in again, gives what was asked for.

import AufdbTestSupport
import Testing

@testable import AufdbReward

@Suite struct CholeskyFactorTests {
  /// Sizes around the width of a block.
  @Test(arguments: [1, 2, 63, 64, 65, 150], [UInt64(701)])
  func solvesBothWays(count: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let matrix = generator.positiveMatrix(count)
    let factor = try #require(CholeskyFactor(of: matrix))
    let right = (0..<count).map { _ in generator.uniform() }
    let solution = factor.solve(right)
    for (row, expected) in right.enumerated() {
      #expect((dot(matrix.row(row), solution) - expected).magnitude <= 1e-12, "n = \(count), seed \(seed)")
    }
    var rows = generator.matrix(5, count, of: Double.self)
    let original = rows
    rows.withMutableView { factor.divideRows($0) }
    for row in 0..<5 {
      let expected = dot(original.row(row), factor.solve(original.row(row)))
      #expect((squaredLength(rows.row(row)) - expected).magnitude <= 1e-12 * expected, "n = \(count), seed \(seed)")
    }
    // A factor that was kept solves to the same bits.
    #expect(CholeskyFactor(lower: factor.lower).solve(right) == solution)
  }

  @Test func refusesWhatIsNotPositiveDefinite() {
    let indefinite = Matrix(rowCount: 2, columnCount: 2, elements: [1.0, 2, 2, 1])
    #expect(CholeskyFactor(of: indefinite)?.lower == nil)
    let infinite = Matrix(rowCount: 1, columnCount: 1, elements: [Double.infinity])
    #expect(CholeskyFactor(of: infinite)?.lower == nil)
    let nearly = Matrix(rowCount: 2, columnCount: 2, elements: [1, 1 - 1e-9, 1 - 1e-9, 1])
    #expect(CholeskyFactor(of: nearly)?.lower != nil)
    #expect(CholeskyFactor(of: nearly, leastShare: 1e-6)?.lower == nil)
  }

  @Test func nothingHasASolution() {
    let factor = CholeskyFactor(of: Matrix(rowCount: 0, columnCount: 0))
    #expect(factor?.solve([]) == [])
  }
}

extension SeededGenerator {
  /// A matrix whose eigenvalues are 1 or more.
  mutating func positiveMatrix(_ count: Int) -> Matrix<Double> {
    let root = matrix(count, count, of: Double.self)
    var matrix = root.transposeTimes(root)
    for index in 0..<count { matrix[index, index] += 1 }
    return matrix
  }
}

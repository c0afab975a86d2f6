// The square root of a covariance: it squares to the matrix, whatever its rank, and noise does it no harm.

import AufdbTestSupport
import Testing

@testable import AufdbReward

@Suite struct CovarianceRootTests {
  /// Sizes around the width of a block.
  @Test(arguments: [0, 1, 2, 7, 63, 64, 65, 140], [UInt64(201), 202])
  func squaresToAFullRankMatrix(count: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let root = generator.matrix(count, count, of: Double.self)
    var matrix = root.transposeTimes(root)
    for index in 0..<count { matrix[index, index] += 1 }
    let found = CovarianceRoot(of: matrix)
    #expect(found.jitter == 0x1p-24, "n = \(count), seed \(seed)")
    expectSquare(found, is: matrix, within: 1e-13, "n = \(count), seed \(seed)")
  }

  @Test(arguments: [(10, 3), (70, 64), (150, 65), (150, 1), (90, 0)], [UInt64(211), 212])
  func squaresToADeficientMatrix(shape: (count: Int, rank: Int), seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let root = generator.matrix(shape.rank, shape.count, of: Double.self)
    let matrix = root.transposeTimes(root)
    let found = CovarianceRoot(of: matrix)
    #expect(found.jitter == 0x1p-24, "\(shape), seed \(seed)")
    expectSquare(found, is: matrix, within: 1e-13, "\(shape), seed \(seed)")
  }

  @Test func variablesWithoutVarianceGetNothing() {
    // Variables 1 and 4 never vary, 2 is the opposite of 0, 3 the same but twice as large.
    let row = [2.0, 0, -2, 4, 0]
    let matrix = Matrix(rowCount: 5, columnCount: 5, elements: row.flatMap { left in row.map { left * $0 } })
    let found = CovarianceRoot(of: matrix)
    expectSquare(found, is: matrix, within: 1e-15, "dependent variables")
    for index in [1, 4] {
      #expect(found.factor.row(index) == [0, 0, 0, 0, 0])
      #expect(found.factor.transpose.row(index) == [0, 0, 0, 0, 0])
    }
  }

  /// Rounding in single precision makes a deficient matrix indefinite: more jitter answers it, no more than needed.
  @Test(arguments: [(40, 5), (120, 60), (160, 100)], [UInt64(221), 222, 223])
  func noiseIsAnsweredByJitter(shape: (count: Int, rank: Int), seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let root = generator.matrix(shape.rank, shape.count, of: Double.self)
    var matrix = root.transposeTimes(root)
    let noise = 1e-6
    for row in 0..<shape.count {
      for column in 0...row {
        matrix[row, column] += noise * (matrix[row, row] * matrix[column, column]).squareRoot() * generator.uniform()
        matrix[column, row] = matrix[row, column]
      }
    }
    let found = CovarianceRoot(of: matrix)
    // The noise has a norm of about its deviation times twice the root of n; growing, the jitter may pass it eightfold.
    #expect(found.jitter > 0x1p-24, "\(shape), seed \(seed)")
    #expect(found.jitter <= 8 * noise * 2 * Double(shape.count).squareRoot(), "\(shape), seed \(seed)")
    expectSquare(found, is: matrix, within: 1e-12, "\(shape), seed \(seed)")
  }

  /// Checks that L L' is the matrix with its jitter, and that L is triangular.
  private func expectSquare(
    _ found: CovarianceRoot, is matrix: Matrix<Double>, within tolerance: Double, _ place: String
  ) {
    var expected = matrix
    for index in 0..<matrix.rowCount { expected[index, index] *= 1 + found.jitter }
    let error = found.factor.naiveTimes(found.factor.transpose).largestDifference(from: expected)
    #expect(error <= tolerance * expected.largestMagnitude, "\(place)")
    for row in 0..<matrix.rowCount {
      for column in row + 1..<max(row + 1, matrix.rowCount) {
        #expect(found.factor[row, column] == 0, "row \(row), column \(column), \(place)")
      }
    }
  }
}

// A square root of a covariance that may be singular, and that rounding may have made slightly indefinite.
//
// It is Cholesky's factor of C + jitter * diag(C), where the jitter is the smallest of a few that lets the
// factorisation succeed. Covariances of few candidates have many directions without variance, in which nothing is
// left but rounding errors of either sign. Leaving such directions out, by a cutoff on the pivots, would be exact for
// an exact matrix; but the errors come back multiplied with the squares of the coefficients by which the variables
// left out depend on the others: some hundredfold in trials, even with full pivoting. A factor that was completed is
// off by the jitter and no more (N. Higham, "Accuracy and Stability of Numerical Algorithms", 2002, theorem 10.3).
// The jitter is 6e-8 to begin with, which is what single precision leaves of C anyway; where C is indefinite by its
// rounding errors, it ends within a factor of 8 of the least that will do, which is about 1e-7 times the root of n.
//
// The factorisation goes in blocks of 64 columns: the block on the diagonal by the definition, what lies below it by
// a product with that block's inverse, and what lies to the right by a product, which is nearly all of the work.

/// L, lower triangular, with L L' = C + `jitter` diag(C).
struct CovarianceRoot {
  /// L, n x n; 0 above the diagonal. The column of a variable without variance is 0.
  private(set) var factor: Matrix<Double>
  /// How much was added to each variance, as a share of it.
  private(set) var jitter = firstJitter

  // Half a unit in the last place of single precision.
  private static var firstJitter: Double { 0x1p-24 }
  // By how much the jitter grows from one attempt to the next.
  private static var growth: Double { 8 }
  private static var blockWidth: Int { 64 }

  /// Finds the root of a covariance.
  ///
  /// - Parameter covariance: n x n, finite, none of its diagonal negative; only the lower triangle is read.
  /// - Complexity: n^3 / 6 multiply-adds an attempt. A matrix of full rank takes one, others two or three.
  init(of covariance: Matrix<Double>) {
    precondition(covariance.rowCount == covariance.columnCount, "a matrix that isn't square")
    factor = covariance
    while !complete(covariance) {
      jitter *= Self.growth
      // At a jitter of n the diagonal outweighs everything else that a covariance can have.
      precondition(jitter <= 8 * Double(covariance.rowCount), "a matrix that is far from being a covariance")
      factor = covariance
    }
    clearUpperTriangle()
  }

  /// Turns the covariance in `factor` into its factor, as far as it goes.
  /// - Returns: whether it went to the end.
  private mutating func complete(_ covariance: Matrix<Double>) -> Bool {
    let count = covariance.rowCount
    for index in 0..<count { factor[index, index] *= 1 + jitter }
    var inverse = [Double](repeating: 0, count: Self.blockWidth * Self.blockWidth)
    var below = [Double](repeating: 0, count: count * Self.blockWidth)
    for start in stride(from: 0, to: count, by: Self.blockWidth) {
      let block = start..<min(start + Self.blockWidth, count)
      guard factorDiagonal(block, of: covariance) else { return false }
      invertDiagonal(block, into: &inverse)
      if block.upperBound < count {
        finish(block, inverse: inverse, below: &below)
      }
    }
    return true
  }

  /// Factors a block on the diagonal, of which nothing is left to be taken off.
  /// - Returns: false where a variable has too little variance left for its own rounding errors.
  private mutating func factorDiagonal(_ block: Range<Int>, of covariance: Matrix<Double>) -> Bool {
    let count = factor.columnCount
    let least = jitter / Self.growth
    return factor.withUnsafeMutableElements { factor in
      for column in block {
        let (columnRow, variance) = (column * count, covariance[column, column])
        var pivot = factor[columnRow + column]
        for index in block.lowerBound..<column { pivot -= factor[columnRow + index] * factor[columnRow + index] }
        guard variance == 0 || pivot > least * variance else { return false }
        let root = variance == 0 ? 0 : pivot.squareRoot()
        factor[columnRow + column] = root
        for row in column + 1..<max(column + 1, block.upperBound) {
          var value = factor[row * count + column]
          for index in block.lowerBound..<column { value -= factor[row * count + index] * factor[columnRow + index] }
          factor[row * count + column] = root == 0 ? 0 : value / root
        }
      }
      return true
    }
  }

  /// Writes the inverse of a factored block, in rows as long as the block; a variable without variance has zeros.
  private func invertDiagonal(_ block: Range<Int>, into inverse: inout [Double]) {
    let (count, width) = (factor.columnCount, block.count)
    factor.withUnsafeElements { factor in
      inverse.withUnsafeMutableBufferPointer { inverse in
        for row in 0..<width {
          let factorRow = (block.lowerBound + row) * count + block.lowerBound
          let root = factor[factorRow + row]
          for column in 0..<width {
            var value: Double = row == column ? 1 : 0
            for index in column..<max(column, row) {
              value -= factor[factorRow + index] * inverse[index * width + column]
            }
            inverse[row * width + column] = column > row || root == 0 ? 0 : value / root
          }
        }
      }
    }
  }

  /// Makes the factor's rows below a block, and takes what they explain off everything to the right of it.
  private mutating func finish(_ block: Range<Int>, inverse: [Double], below: inout [Double]) {
    let (count, width) = (factor.columnCount, block.count)
    let rest = block.upperBound..<count
    below.withUnsafeMutableBufferPointer { below in
      let finished = MutableMatrixView(
        UnsafeMutableBufferPointer(rebasing: below[..<(rest.count * width)]), rowCount: rest.count, columnCount: width)
      inverse.withUnsafeBufferPointer { inverse in
        let inverse = MatrixView(
          UnsafeBufferPointer(rebasing: inverse[..<(width * width)]), rowCount: width, columnCount: width)
        factor.withView { finished.setProduct($0.part(rows: rest, columns: block), inverse.transposed) }
      }
      factor.withUnsafeMutableElements { factor in
        for row in rest {
          let (to, from) = (row * count + block.lowerBound, (row - rest.lowerBound) * width)
          for column in 0..<width { factor[to + column] = below[from + column] }
        }
      }
      factor.withMutableView { factor in
        factor.part(rows: rest, columns: rest).setProduct(
          finished.readable, finished.readable.transposed, scale: -1, keeping: 1, onlyLower: true)
      }
    }
  }

  private mutating func clearUpperTriangle() {
    let count = factor.columnCount
    factor.withUnsafeMutableElements { factor in
      for row in 0..<count {
        for column in row + 1..<max(row + 1, count) { factor[row * count + column] = 0 }
      }
    }
  }
}

// Cholesky's factorisation of symmetric positive definite matrices in double precision, and solving with it.
//
// It goes in blocks of 64 columns: the block on the diagonal by the definition, what lies below it by a product with
// that block's inverse, and what lies to the right by a product, which is nearly all of the work. The inverses of the
// diagonal blocks stay, so that solving consists of products too.
//
// Right-hand sides are rows: f' becomes f' L'^-1, which is (L^-1 f)', because products like rows in one piece.

/// L, lower triangular, with L L' = A + `jitter` diag(A).
struct CholeskyFactor: Sendable {
  /// L, n x n; 0 above the diagonal. The column of a variable without variance is 0.
  private(set) var lower: Matrix<Double>
  // The inverses of L's blocks on the diagonal, one after the other, in rows as long as the block.
  private var inverses: [Double]

  private static var blockWidth: Int { 64 }

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - matrix: A, n x n, finite; only the lower triangle is read.
  ///   - jitter: what is added to the diagonal, as a share of it.
  ///   - leastShare: what must be left of each element of A's diagonal after what comes before was taken off, as a
  ///     share of it.
  /// - Returns: nil where less is left, so that A isn't positive definite, or not clearly. A variable whose element of
  ///   the diagonal is 0 is none, and gets zeros.
  /// - Complexity: n^3 / 6 multiply-adds. Memory: 8 n^2 + 1024 n bytes.
  init?(of matrix: Matrix<Double>, jitter: Double = 0, leastShare: Double = 0) {
    precondition(matrix.rowCount == matrix.columnCount, "a matrix that isn't square")
    let count = matrix.rowCount
    lower = matrix
    inverses = Array(repeating: 0, count: count * Self.blockWidth)
    let variances = (0..<count).map { matrix[$0, $0] }
    for index in 0..<count { lower[index, index] *= 1 + jitter }
    var below = [Double](repeating: 0, count: count * Self.blockWidth)
    for block in Self.blocks(count) {
      guard factorDiagonal(block, variances: variances, leastShare: leastShare) else { return nil }
      invertDiagonal(block)
      if block.upperBound < count { finish(block, below: &below) }
    }
    clearUpperTriangle()
  }

  /// Takes a factor that was made before.
  /// - Parameter lower: L, n x n, 0 above the diagonal and positive on it.
  init(lower: Matrix<Double>) {
    precondition(lower.rowCount == lower.columnCount, "a matrix that isn't square")
    self.lower = lower
    inverses = Array(repeating: 0, count: lower.rowCount * Self.blockWidth)
    for block in Self.blocks(lower.rowCount) { invertDiagonal(block) }
  }

  /// Solves A x = b.
  /// - Complexity: n^2 multiply-adds.
  func solve(_ right: [Double]) -> [Double] {
    var solution = right
    solution.withUnsafeMutableBufferPointer { solution in
      let row = MutableMatrixView(solution, rowCount: 1, columnCount: solution.count)
      divideRows(row)
      divideByTranspose(row)
    }
    return solution
  }

  /// Replaces each row f' by (L^-1 f)', whose squared length is f' A^-1 f.
  /// - Parameter rows: m x n.
  /// - Complexity: m n^2 / 2 multiply-adds.
  func divideRows(_ rows: MutableMatrixView<Double>) {
    divide(rows, by: Self.blocks(lower.rowCount)) { lower, block in
      (0..<block.lowerBound, lower.part(rows: block, columns: 0..<block.lowerBound).transposed)
    } inverse: {
      $0.transposed
    }
  }

  /// Replaces each row f' by (L'^-1 f)'.
  private func divideByTranspose(_ rows: MutableMatrixView<Double>) {
    let count = lower.rowCount
    divide(rows, by: Self.blocks(count).reversed()) { lower, block in
      (block.upperBound..<count, lower.part(rows: block.upperBound..<count, columns: block))
    } inverse: {
      $0
    }
  }

  /// Solves block after block: what is known of the solution is taken off, then the block's inverse applied.
  private func divide(
    _ rows: MutableMatrixView<Double>, by blocks: [Range<Int>],
    known: (MatrixView<Double>, Range<Int>) -> (columns: Range<Int>, factors: MatrixView<Double>),
    inverse: (MatrixView<Double>) -> MatrixView<Double>
  ) {
    precondition(rows.columnCount == lower.rowCount, "rows of another length than the matrix")
    let all = 0..<rows.rowCount
    var rest = [Double](repeating: 0, count: rows.rowCount * Self.blockWidth)
    for block in blocks {
      lower.withView { lower in
        let known = known(lower, block)
        rest.withUnsafeMutableBufferPointer { rest in
          let rest = MutableMatrixView(
            UnsafeMutableBufferPointer(rebasing: rest[..<(rows.rowCount * block.count)]),
            rowCount: rows.rowCount, columnCount: block.count)
          rest.copy(rows.part(rows: all, columns: block).readable)
          rest.setProduct(
            rows.part(rows: all, columns: known.columns).readable, known.factors, scale: -1, keeping: 1)
          withInverse(block) { rows.part(rows: all, columns: block).setProduct(rest.readable, inverse($0)) }
        }
      }
    }
  }

  private static func blocks(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: blockWidth).map { $0..<min($0 + blockWidth, count) }
  }

  private func withInverse(_ block: Range<Int>, _ body: (MatrixView<Double>) -> Void) {
    let start = block.lowerBound * Self.blockWidth
    inverses.withUnsafeBufferPointer { inverses in
      body(
        MatrixView(
          UnsafeBufferPointer(rebasing: inverses[start..<start + block.count * block.count]), rowCount: block.count,
          columnCount: block.count))
    }
  }
}

// MARK: Factoring

extension CholeskyFactor {
  /// Factors a block on the diagonal, of which nothing is left to be taken off.
  /// - Returns: false where a variable has too little variance left.
  private mutating func factorDiagonal(_ block: Range<Int>, variances: [Double], leastShare: Double) -> Bool {
    let count = lower.columnCount
    return lower.withUnsafeMutableElements { factor in
      for column in block {
        let (columnRow, variance) = (column * count, variances[column])
        var pivot = factor[columnRow + column]
        for index in block.lowerBound..<column { pivot -= factor[columnRow + index] * factor[columnRow + index] }
        guard variance == 0 || (pivot > leastShare * variance && pivot.isFinite) else { return false }
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

  /// Makes the inverse of a factored block; a variable without variance has zeros.
  private mutating func invertDiagonal(_ block: Range<Int>) {
    let (count, width, start) = (lower.columnCount, block.count, block.lowerBound * Self.blockWidth)
    lower.withUnsafeElements { factor in
      inverses.withUnsafeMutableBufferPointer { inverses in
        let inverse = UnsafeMutableBufferPointer(rebasing: inverses[start..<start + width * width])
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
  private mutating func finish(_ block: Range<Int>, below: inout [Double]) {
    let rest = block.upperBound..<lower.rowCount
    below.withUnsafeMutableBufferPointer { below in
      let finished = MutableMatrixView(
        UnsafeMutableBufferPointer(rebasing: below[..<(rest.count * block.count)]), rowCount: rest.count,
        columnCount: block.count)
      withInverse(block) { inverse in
        lower.withView { finished.setProduct($0.part(rows: rest, columns: block), inverse.transposed) }
      }
      lower.withMutableView { lower in
        lower.part(rows: rest, columns: block).copy(finished.readable)
        lower.part(rows: rest, columns: rest).setProduct(
          finished.readable, finished.readable.transposed, scale: -1, keeping: 1, onlyLower: true)
      }
    }
  }

  private mutating func clearUpperTriangle() {
    let count = lower.columnCount
    lower.withUnsafeMutableElements { factor in
      for row in 0..<count {
        for column in row + 1..<max(row + 1, count) { factor[row * count + column] = 0 }
      }
    }
  }
}

// Products of rows in single precision, computed in double precision: blocks of rows are widened one after the other,
// so that no copy of the whole is made.

extension MatrixView<Float> {
  private static var blockRows: Int { 256 }

  /// Lends the rows in double precision, block after block.
  func forEachWideBlock(_ body: (_ rows: Range<Int>, _ block: MutableMatrixView<Double>) -> Void) {
    var memory = [Double](repeating: 0, count: Swift.min(rowCount, Self.blockRows) * columnCount)
    memory.withUnsafeMutableBufferPointer { memory in
      for start in stride(from: 0, to: rowCount, by: Self.blockRows) {
        let rows = start..<Swift.min(start + Self.blockRows, rowCount)
        let block = MutableMatrixView(
          UnsafeMutableBufferPointer(rebasing: memory[..<(rows.count * columnCount)]), rowCount: rows.count,
          columnCount: columnCount)
        block.copy(part(rows: rows, columns: 0..<columnCount))
        body(rows, block)
      }
    }
  }

  /// Returns Z v.
  /// - Complexity: O(m n).
  func wideTimes(_ vector: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount)
    result.withUnsafeMutableBufferPointer { result in
      vector.withUnsafeBufferPointer { vector in
        let vector = MatrixView<Double>(vector, rowCount: columnCount, columnCount: 1)
        forEachWideBlock { rows, block in
          MutableMatrixView(UnsafeMutableBufferPointer(rebasing: result[rows]), rowCount: rows.count, columnCount: 1)
            .setProduct(block.readable, vector)
        }
      }
    }
    return result
  }

  /// Returns Z'v.
  /// - Complexity: O(m n).
  func wideTransposeTimes(_ vector: [Double]) -> [Double] {
    precondition(vector.count == rowCount, "another number of factors than rows")
    var result = [Double](repeating: 0, count: columnCount)
    result.withUnsafeMutableBufferPointer { result in
      vector.withUnsafeBufferPointer { vector in
        let sum = MutableMatrixView(result, rowCount: 1, columnCount: columnCount)
        forEachWideBlock { rows, block in
          sum.setProduct(
            MatrixView<Double>(UnsafeBufferPointer(rebasing: vector[rows]), rowCount: 1, columnCount: rows.count),
            block.readable, keeping: 1)
        }
      }
    }
    return result
  }

  /// Returns the lower triangle of `diagonal` I + Z' diag(`weights`) Z, n x n; what stands above means nothing.
  ///
  /// - Parameter weights: one a row, none negative.
  /// - Complexity: m n^2 / 2 multiply-adds.
  func wideGram(weights: [Double], diagonal: Double) -> Matrix<Double> {
    precondition(weights.count == rowCount, "another number of weights than rows")
    var gram = Matrix<Double>(rowCount: columnCount, columnCount: columnCount)
    for index in 0..<columnCount { gram[index, index] = diagonal }
    gram.withMutableView { gram in
      forEachWideBlock { rows, block in
        block.scaleRows(by: weights[rows].map { $0.squareRoot() })
        gram.setProduct(block.readable.transposed, block.readable, keeping: 1, onlyLower: true)
      }
    }
    return gram
  }

  /// Returns Z Z', m x m.
  /// - Complexity: m^2 n / 2 multiply-adds, and a copy of Z in double precision.
  func wideRowProducts() -> Matrix<Double> {
    var products = Matrix<Double>(rowCount: rowCount, columnCount: rowCount)
    products.withMutableView { products in
      widened().withView { products.setProduct($0, $0.transposed, onlyLower: true) }
    }
    products.withUnsafeMutableElements { products in
      for row in 0..<rowCount {
        for column in 0..<row { products[column * rowCount + row] = products[row * rowCount + column] }
      }
    }
    return products
  }

  /// Returns a copy in double precision.
  func widened() -> Matrix<Double> {
    var copy = Matrix<Double>(rowCount: rowCount, columnCount: columnCount)
    copy.withMutableView { $0.copy(self) }
    return copy
  }
}

// Products that make a new matrix. Where memory is to be reused or a part taken, see `MutableMatrixView.setProduct`.

extension Matrix {
  /// Returns A B, where A is this matrix.
  /// - Precondition: B has as many rows as A has columns.
  public func times(_ right: Matrix) -> Matrix {
    withView { left in right.withView { Self.product(left, $0) } }
  }

  /// Returns A B', where A is this matrix.
  /// - Precondition: B has as many columns as A.
  public func times(transposeOf right: Matrix) -> Matrix {
    withView { left in right.withView { Self.product(left, $0.transposed) } }
  }

  /// Returns A' B, where A is this matrix.
  /// - Precondition: B has as many rows as A.
  public func transposeTimes(_ right: Matrix) -> Matrix {
    withView { left in right.withView { Self.product(left.transposed, $0) } }
  }

  private static func product(_ left: MatrixView<Element>, _ right: MatrixView<Element>) -> Matrix {
    var result = Matrix(rowCount: left.rowCount, columnCount: right.columnCount)
    result.withMutableView { $0.setProduct(left, right) }
    return result
  }
}

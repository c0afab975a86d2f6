// Looking at rows in borrowed memory, and copying them from one precision to another.

extension MatrixView<Float> {
  /// Checks that all numbers are finite and of moderate size.
  /// - Complexity: O(m n).
  func check() throws(EmbeddingError) {
    guard let start else { return }
    let limit = Group.magnitudeLimit
    // Counted, and not looked for: a loop without a way out is done on vectors. NaN compares false.
    var badCount = 0
    for row in 0..<rowCount {
      let values = start + row * rowStep
      for column in 0..<columnCount { badCount &+= values[column * columnStep].magnitude <= limit ? 0 : 1 }
    }
    guard badCount > 0 else { return }
    for row in 0..<rowCount {
      for column in 0..<columnCount where !(start[row * rowStep + column * columnStep].magnitude <= limit) {
        throw .outOfRange(row: row, column: column, value: "\(start[row * rowStep + column * columnStep])")
      }
    }
  }
}

extension MutableMatrixView {
  /// Copies a matrix of the same shape and any precision.
  func copy<Other: MatrixElement>(_ other: MatrixView<Other>) {
    precondition(rowCount == other.rowCount && columnCount == other.columnCount, "a copy of another shape")
    guard let start, let from = other.start else { return }
    for row in 0..<rowCount {
      let (to, from) = (start + row * rowStep, from + row * other.rowStep)
      if other.columnStep == 1 {
        for column in 0..<columnCount { to[column] = Element(from[column]) }
      } else {
        for column in 0..<columnCount { to[column] = Element(from[column * other.columnStep]) }
      }
    }
  }

  /// Multiplies each row with a number of its own.
  func scaleRows(by scales: [Element]) {
    precondition(scales.count == rowCount, "another number of scales than rows")
    guard let start else { return }
    for row in 0..<rowCount {
      let (values, scale) = (start + row * rowStep, scales[row])
      for column in 0..<columnCount { values[column] *= scale }
    }
  }

  /// Multiplies each column with a number of its own.
  func scaleColumns(by scales: [Element]) {
    precondition(scales.count == columnCount, "another number of scales than columns")
    guard let start else { return }
    for row in 0..<rowCount {
      let values = start + row * rowStep
      for column in 0..<columnCount { values[column] *= scales[column] }
    }
  }
}

extension MutableMatrixView<Double> {
  /// The sum of a row's squares.
  func squaredLength(row: Int) -> Double {
    guard let start else { return 0 }
    var sums = SIMD8<Double>.zero
    var column = 0
    let values = start + row * rowStep
    while column + 8 <= columnCount {
      let part = UnsafeRawPointer(values + column).loadUnaligned(as: SIMD8<Double>.self)
      sums += part * part
      column += 8
    }
    var sum = sums.sum()
    for column in column..<columnCount { sum += values[column] * values[column] }
    return sum
  }
}

// Linear algebra in doubles by the definitions, apart from the code under test.

import AufdbReward

extension Matrix {
  /// The elements, row after row.
  var all: [Element] { withUnsafeElements { Array($0) } }

  /// The same numbers in double precision.
  var doubles: Matrix<Double> {
    Matrix<Double>(rowCount: rowCount, columnCount: columnCount, elements: all.map { Double($0) })
  }

  var transpose: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }

  func row(_ row: Int) -> [Element] { (0..<columnCount).map { self[row, $0] } }
}

extension Matrix<Double> {
  // The loops are plain ones over arrays: these tests run without the optimiser.

  func naiveTimes(_ right: Matrix) -> Matrix {
    let (left, other, width) = (all, right.all, right.columnCount)
    var result = [Double](repeating: 0, count: rowCount * width)
    for row in 0..<rowCount {
      var index = 0
      while index < columnCount {
        let element = left[row * columnCount + index]
        var column = 0
        while column < width {
          result[row * width + column] += element * other[index * width + column]
          column += 1
        }
        index += 1
      }
    }
    return Matrix(rowCount: rowCount, columnCount: width, elements: result)
  }

  /// v'Av.
  func quadraticForm(_ vector: [Double]) -> Double {
    let row = Matrix(rowCount: 1, columnCount: vector.count, elements: vector)
    return zip(row.naiveTimes(self).all, vector).reduce(0) { $0 + $1.0 * $1.1 }
  }

  var largestMagnitude: Double { all.reduce(0) { Swift.max($0, $1.magnitude) } }

  /// The largest difference of two elements in the same place.
  func largestDifference(from other: Matrix) -> Double {
    zip(all, other.all).reduce(0) { Swift.max($0, ($1.0 - $1.1).magnitude) }
  }

  /// The determinant and the inverse, by Gauss and Jordan with row pivoting.
  func determinantAndInverse() -> (determinant: Double, inverse: Matrix) {
    let count = rowCount
    var rows = (0..<count).map { row in self.row(row) + (0..<count).map { $0 == row ? 1 : 0 } }
    var determinant = 1.0
    for column in 0..<count {
      var best = column
      for row in column..<count where rows[row][column].magnitude > rows[best][column].magnitude { best = row }
      if best != column {
        rows.swapAt(best, column)
        determinant = -determinant
      }
      let pivot = rows[column][column]
      determinant *= pivot
      rows[column] = rows[column].map { $0 / pivot }
      for row in 0..<count where row != column {
        let factor = rows[row][column]
        rows[row] = zip(rows[row], rows[column]).map { $0 - factor * $1 }
      }
    }
    let inverse = Matrix(rowCount: count, columnCount: count, elements: rows.flatMap { $0[count...] })
    return (determinant, inverse)
  }
}

/// x_i - x_j in doubles.
func difference(_ group: Matrix<Float>, _ first: Int, _ second: Int) -> [Double] {
  zip(group.row(first), group.row(second)).map { Double($0) - Double($1) }
}

func squaredLength(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 } }

/// Each row less the mean of its group, for the groups of two or more.
func centredRows(_ groups: [Matrix<Float>]) -> [[Double]] {
  groups.filter { $0.rowCount >= 2 }.flatMap { group in
    let means = (0..<group.columnCount).map { column in
      (0..<group.rowCount).reduce(0.0) { $0 + Double(group[$1, column]) } / Double(group.rowCount)
    }
    return (0..<group.rowCount).map { row in zip(group.row(row), means).map { Double($0) - $1 } }
  }
}

/// The mean of z z' by the definition.
func naiveCovariance(_ groups: [Matrix<Float>], dimension: Int) -> Matrix<Double> {
  let rows = centredRows(groups)
  let centred = Matrix(rowCount: rows.count, columnCount: dimension, elements: rows.flatMap { $0 })
  var result = centred.transpose.naiveTimes(centred)
  for row in 0..<dimension {
    for column in 0..<dimension { result[row, column] /= Double(rows.count) }
  }
  return result
}

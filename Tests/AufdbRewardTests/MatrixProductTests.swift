// Products against doubles, at shapes around the kernel's tiles, blocks and runs.

import AufdbReward
import AufdbTestSupport
import Testing

@Suite struct MatrixProductTests {
  /// m x n times n x k, at and beside multiples of 6, 8, 16, 24, 48, 96 and 256, and empty.
  static let shapes: [[Int]] = [
    [0, 3, 4], [3, 0, 4], [3, 4, 0], [0, 0, 0], [1, 1, 1], [1, 300, 1], [1, 5, 33], [6, 16, 16], [5, 7, 15],
    [7, 9, 17], [24, 10, 32], [25, 10, 33], [97, 257, 18], [49, 513, 9], [100, 3, 40], [13, 256, 47], [2, 511, 31],
  ]

  @Test(arguments: shapes, [UInt64(11), 12])
  func singlePrecisionStaysWithinItsErrorBound(shape: [Int], seed: UInt64) {
    expectWithinBound(Float.self, unit: 0x1p-24, shape: shape, seed: seed)
  }

  @Test(arguments: shapes, [UInt64(21)])
  func doublePrecisionStaysWithinItsErrorBound(shape: [Int], seed: UInt64) {
    // Twice the unit: the reference has errors of its own.
    expectWithinBound(Double.self, unit: 0x1p-52, shape: shape, seed: seed)
  }

  private func expectWithinBound<Element: MatrixElement>(
    _ type: Element.Type, unit: Double, shape: [Int], seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let left = generator.matrix(m, n, of: type)
    let right = generator.matrix(n, k, of: type)
    let exact = left.doubles.naiveTimes(right.doubles)
    let magnitudes = Self.magnitudes(left).naiveTimes(Self.magnitudes(right))
    let products = [
      "A B": left.times(right), "A B'": left.times(transposeOf: right.transpose),
      "A' B": left.transpose.transposeTimes(right),
    ]
    for (name, product) in products {
      #expect(product.rowCount == m && product.columnCount == k, "\(name), shape \(shape), seed \(seed)")
      let isClose = zip(zip(product.all, exact.all), magnitudes.all).allSatisfy { pair, magnitude in
        (Double(pair.0) - pair.1).magnitude <= Double(n) * unit * magnitude
      }
      #expect(isClose, "\(name), shape \(shape), seed \(seed)")
      // The layout changes nothing, not even the last bit.
      #expect(product == products["A B"], "\(name), shape \(shape), seed \(seed)")
    }
  }

  private static func magnitudes<Element: MatrixElement>(_ matrix: Matrix<Element>) -> Matrix<Double> {
    Matrix<Double>(
      rowCount: matrix.rowCount, columnCount: matrix.columnCount, elements: matrix.all.map { Double($0).magnitude })
  }

  @Test(arguments: shapes, [UInt64(31)])
  func scaleAndKeepingCombine(shape: [Int], seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let left = generator.wholeMatrix(m, n, of: Float.self)
    let right = generator.wholeMatrix(n, k, of: Float.self)
    let before = generator.wholeMatrix(m, k, of: Float.self)
    let product = left.doubles.naiveTimes(right.doubles)
    for (scale, keeping): (Float, Float) in [(1, 1), (-1, 1), (0.5, 2), (3, -1)] {
      var result = before
      Self.multiply(left, right, scale: scale, keeping: keeping, into: &result)
      let expected = zip(product.all, before.all).map { Float(Double(scale) * $0 + Double(keeping) * Double($1)) }
      #expect(result.all == expected, "scale \(scale), keeping \(keeping), shape \(shape), seed \(seed)")
    }
  }

  @Test(arguments: shapes)
  func withNothingKeptOldElementsAreNotRead(shape: [Int]) {
    var generator = SeededGenerator(seed: 41)
    let left = generator.wholeMatrix(shape[0], shape[1], of: Double.self)
    let right = generator.wholeMatrix(shape[1], shape[2], of: Double.self)
    var result = Matrix<Double>(
      rowCount: shape[0], columnCount: shape[2], elements: Array(repeating: .nan, count: shape[0] * shape[2]))
    Self.multiply(left, right, into: &result)
    #expect(result == left.naiveTimes(right), "shape \(shape)")
  }

  @Test(arguments: [0, 1, 5, 6, 16, 17, 40, 97, 130], [1, 257])
  func onlyTheLowerTriangleIsTouched(count: Int, inner: Int) {
    var generator = SeededGenerator(seed: 51)
    let factor = generator.wholeMatrix(inner, count, of: Float.self)
    let full = factor.doubles.transpose.naiveTimes(factor.doubles)
    let before = generator.wholeMatrix(count, count, of: Float.self)
    var result = before
    result.withMutableView { result in
      factor.withView { result.setProduct($0.transposed, $0, keeping: 1, onlyLower: true) }
    }
    for row in 0..<count {
      for column in 0..<count {
        let added = column <= row ? Float(full[row, column]) : 0
        #expect(result[row, column] == before[row, column] + added, "row \(row), column \(column) of \(count)")
      }
    }
  }

  /// However a product is cut up, its parts have the bits of the whole.
  @Test(arguments: [UInt64(61), 62, 63])
  func partsHaveTheBitsOfTheWhole(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let left = generator.matrix(50, 300, of: Float.self)
    let right = generator.matrix(300, 70, of: Float.self)
    let whole = left.times(right)
    for _ in 0..<10 {
      let rows = Self.range(in: 50, using: &generator)
      let columns = Self.range(in: 70, using: &generator)
      var result = Matrix<Float>(rowCount: rows.count, columnCount: 70)
      left.withView { left in
        right.withView { right in
          result.withMutableView { result in
            result.part(rows: 0..<rows.count, columns: columns).setProduct(
              left.part(rows: rows, columns: 0..<300), right.part(rows: 0..<300, columns: columns))
          }
        }
      }
      for row in 0..<rows.count {
        for column in 0..<70 {
          let expected = columns.contains(column) ? whole[rows.lowerBound + row, column] : 0
          #expect(result[row, column] == expected, "rows \(rows), columns \(columns), seed \(seed)")
        }
      }
    }
  }

  @Test func nonFiniteFactorsShow() {
    let left = Matrix<Float>(rowCount: 1, columnCount: 2, elements: [.infinity, 1])
    let right = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [1, 0, 1, 1])
    let product = left.times(right)
    #expect(product[0, 0] == .infinity)
    #expect(product[0, 1].isNaN)
  }

  private static func range(in count: Int, using generator: inout SeededGenerator) -> Range<Int> {
    let start = Int.random(in: 0...count, using: &generator)
    return start..<Int.random(in: start...count, using: &generator)
  }

  private static func multiply<Element: MatrixElement>(
    _ left: Matrix<Element>, _ right: Matrix<Element>, scale: Element = 1, keeping: Element = 0,
    into result: inout Matrix<Element>
  ) {
    left.withView { left in
      right.withView { right in
        result.withMutableView { $0.setProduct(left, right, scale: scale, keeping: keeping) }
      }
    }
  }
}

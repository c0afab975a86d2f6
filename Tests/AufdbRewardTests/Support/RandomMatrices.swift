// Random matrices and groups that a seed makes again.

import AufdbReward
import AufdbTestSupport

extension SeededGenerator {
  /// A number in [-1, 1).
  mutating func uniform() -> Double { Double.random(in: -1..<1, using: &self) }

  /// About normal, with variance 1: the sum of twelve uniform numbers.
  mutating func normal() -> Double {
    (0..<12).reduce(0) { sum, _ in sum + Double.random(in: -0.5..<0.5, using: &self) }
  }

  /// Elements in [-1, 1).
  mutating func matrix<Element: MatrixElement>(
    _ rowCount: Int, _ columnCount: Int, of type: Element.Type = Element.self
  ) -> Matrix<Element> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: (0..<rowCount * columnCount).map { _ in Element(uniform()) })
  }

  /// Whole numbers from -8 to 8, of which small products are exact.
  mutating func wholeMatrix<Element: MatrixElement>(
    _ rowCount: Int, _ columnCount: Int, of type: Element.Type = Element.self
  ) -> Matrix<Element> {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: (0..<rowCount * columnCount).map { _ in Element(Int.random(in: -8...8, using: &self)) })
  }

  /// A random turn of vectors, made of reflections.
  mutating func turn(_ dimension: Int) -> Turn {
    Turn(mirrors: (0..<3).map { _ in (0..<dimension).map { _ in normal() } })
  }

  /// Groups of embeddings whose j-th principal direction has standard deviation `deviation(j)`, turned at random, each
  /// group around a centre of its own.
  mutating func groups(
    sizes: [Int], dimension: Int, centre: Double = 1, deviation: (Int) -> Double = { _ in 1 }
  ) -> [Matrix<Float>] {
    let turn = turn(dimension)
    return sizes.map { size in
      let mean = (0..<dimension).map { _ in centre * normal() }
      let rows = (0..<size).flatMap { _ in
        zip(turn.turned((0..<dimension).map { normal() * deviation($0) }), mean).map { Float($0 + $1) }
      }
      return Matrix(rowCount: size, columnCount: dimension, elements: rows)
    }
  }
}

/// An orthogonal map.
struct Turn: Sendable {
  let mirrors: [[Double]]

  func turned(_ vector: [Double]) -> [Double] {
    mirrors.reduce(vector) { vector, mirror in
      let share = 2 * zip(vector, mirror).reduce(0) { $0 + $1.0 * $1.1 } / squaredLength(mirror)
      return zip(vector, mirror).map { $0 - share * $1 }
    }
  }

  /// Turns every row of a group.
  func turned(_ group: Matrix<Float>) -> Matrix<Float> {
    let rows = (0..<group.rowCount).flatMap { row in turned(group.row(row).map { Double($0) }).map { Float($0) } }
    return Matrix(rowCount: group.rowCount, columnCount: group.columnCount, elements: rows)
  }
}

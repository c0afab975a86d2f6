// Points that lie as far from each other as is asked for: a few responses in as many dimensions, instead of thousands.

/// Classical scaling: with the first point in the origin, the others' inner products follow from the distances, and a
/// Cholesky factor of these has the points as its rows.
enum PointsFromDistances {
  /// - Parameters:
  ///   - squared: k x k squared Euclidean distances, row after row.
  ///   - count: k.
  /// - Returns: k points of k numbers, row after row.
  /// - Complexity: O(k^3).
  static func points(squared: [Double], count: Int) -> [Float] {
    var factor = [Double](repeating: 0, count: count * count)
    func product(_ i: Int, _ j: Int) -> Double {
      (squared[i * count] + squared[j * count] - squared[i * count + j]) / 2
    }
    let largest = (0..<count).map { product($0, $0) }.max() ?? 0
    for column in 0..<count {
      var pivot = product(column, column)
      for index in 0..<column { pivot -= factor[column * count + index] * factor[column * count + index] }
      // What is left of a point that lies among those before it is rounding.
      guard pivot > largest * 1e-13 else { continue }
      let root = pivot.squareRoot()
      factor[column * count + column] = root
      for row in column + 1..<max(column + 1, count) {
        var sum = product(row, column)
        for index in 0..<column { sum -= factor[row * count + index] * factor[column * count + index] }
        factor[row * count + column] = sum / root
      }
    }
    return factor.map { Float($0) }
  }
}

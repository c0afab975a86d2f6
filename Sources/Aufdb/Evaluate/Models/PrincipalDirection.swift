// The first principal component of how candidates differ within prompts: a baseline that needs a sign and nothing else.

import AufdbReward

enum PrincipalDirection {
  /// The eigenvector of the largest eigenvalue, by power iteration (G. Golub, C. Van Loan, "Matrix Computations", 4th
  /// edition, section 8.2.1), from the column of the largest diagonal element.
  ///
  /// Where two eigenvalues are nearly the same, the result may be any vector of length 1 between their eigenvectors;
  /// both directions then differ as much.
  ///
  /// - Parameter covariance: d x d, symmetric, positive semidefinite.
  /// - Returns: d numbers, a vector of length 1; all 0 for a matrix of zeros.
  /// - Complexity: at most 1000 products with the matrix.
  static func first(of covariance: Matrix<Double>) -> [Double] {
    let count = covariance.rowCount
    let start = (0..<count).max { covariance[$0, $0] < covariance[$1, $1] } ?? 0
    var vector = Matrix(
      rowCount: count, columnCount: 1, elements: (0..<count).map { covariance[$0, start] })
    guard normalise(&vector) else { return Array(repeating: 0, count: count) }
    for _ in 0..<1000 {
      var next = covariance.times(vector)
      guard normalise(&next) else { break }
      let change = (0..<count).reduce(0.0) { max($0, (next[$1, 0] - vector[$1, 0]).magnitude) }
      vector = next
      if change < 1e-12 { break }
    }
    return (0..<count).map { vector[$0, 0] }
  }

  private static func normalise(_ vector: inout Matrix<Double>) -> Bool {
    vector.withUnsafeMutableElements { elements in
      let length = elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return false }
      for index in elements.indices { elements[index] /= length }
      return true
    }
  }
}

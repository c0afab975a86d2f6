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

  /// Finds the root of a covariance.
  ///
  /// - Parameter covariance: n x n, finite, none of its diagonal negative; only the lower triangle is read.
  /// - Complexity: n^3 / 6 multiply-adds an attempt. A matrix of full rank takes one, others two or three.
  init(of covariance: Matrix<Double>) {
    precondition(covariance.rowCount == covariance.columnCount, "a matrix that isn't square")
    while true {
      if let found = CholeskyFactor(of: covariance, jitter: jitter, leastShare: jitter / Self.growth) {
        factor = found.lower
        return
      }
      jitter *= Self.growth
      // At a jitter of n the diagonal outweighs everything else that a covariance can have.
      precondition(jitter <= 8 * Double(covariance.rowCount), "a matrix that is far from being a covariance")
    }
  }
}

// A linear Bradley-Terry model: the weights w that minimise
//
//     f(w) = sum over pairs of weight softplus(-w'z) + (ridge / 2) |w|^2,   z = x_chosen - x_rejected
//
// by Newton's method. f is strictly convex, so that there is one optimum and the method finds it from w = 0; a line
// search keeps it from overshooting. Two forms have the same answer:
//
//   primal   solves with the Hessian H = ridge I + Z'SZ, d x d, S = diag(weight sigma (1 - sigma))
//   dual     w = Z'alpha, because the gradient ridge w - Z'g is 0 at the optimum, g = weight sigma(-w'z); solves with
//            ridge I + S^1/2 Z Z' S^1/2, n x n (C. Rasmussen, C. Williams, "Gaussian Processes for Machine Learning",
//            2006, algorithm 3.1)
//
// Laplace's approximation of the posterior is the Gaussian with the precision H at the optimum.

/// Weights of a linear reward, fitted to pairs.
public struct BradleyTerryFit: Sendable {
  /// How Newton's steps are computed.
  public enum Form: Sendable, Hashable, CaseIterable {
    case primal
    case dual
  }

  /// w, one an input.
  public let weights: [Double]
  /// How many of Newton's steps it took.
  public let stepCount: Int

  let ridge: Double
  // S at the optimum.
  let curvatures: [Double]

  // Far above the rounding errors of a gradient; near the optimum a step doubles the right digits.
  private static var tolerance: Double { 1e-11 }
  private static var stepLimit: Int { 200 }

  /// Fits weights.
  ///
  /// - Parameters:
  ///   - differences: z, one row a pair, n x d; n may be 0, and then w = 0.
  ///   - pairWeights: what each pair counts, none negative; 1 each if nil.
  ///   - ridge: > 0 and finite.
  ///   - form: if nil, the dual one where n < d.
  /// - Throws: `LinearFitError.input` for a number that isn't finite or too large, `.illConditioned`, and
  ///   `.notConverging`: the gradient at the result is at most 1e-11 times the sum of weight |z|.
  /// - Complexity: three to ten steps of n d^2 / 2 + d^3 / 6 multiply-adds, or, after n^2 d / 2, of n^3 / 6. Memory:
  ///   8 d^2 bytes, or 16 n^2 + 8 n d.
  public init(
    differences: MatrixView<Float>, pairWeights: [Double]? = nil, ridge: Double, form: Form? = nil
  ) throws(LinearFitError) {
    let weights = pairWeights ?? Array(repeating: 1, count: differences.rowCount)
    precondition(weights.count == differences.rowCount, "another number of weights than pairs")
    precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "a weight that isn't a number from 0 on")
    precondition(ridge > 0 && ridge.isFinite && (1 / ridge).isFinite, "a ridge that isn't positive and finite")
    do { try differences.check() } catch { throw .input(error) }
    self.ridge = ridge
    let form = form ?? (differences.rowCount < differences.columnCount ? .dual : .primal)
    var descent = NewtonDescent(differences: differences, pairWeights: weights, ridge: ridge, form: form)
    let scale = zip(weights, differences.lengths()).reduce(0) { $0 + $1.0 * $1.1 }
    var stepCount = 0
    while descent.gradientLength > Self.tolerance * scale {
      guard stepCount < Self.stepLimit else { throw .notConverging(stepCount: stepCount) }
      // From anywhere but the optimum a step goes down, if only its direction is right.
      guard try descent.step() else { throw .illConditioned }
      stepCount += 1
    }
    self.stepCount = stepCount
    self.weights = descent.weights
    curvatures = descent.curvatures
  }

  /// Laplace's approximation of the posterior.
  ///
  /// - Parameter differences: those that were fitted to.
  /// - Complexity: n d^2 / 2 + d^3 / 6 multiply-adds, or n^2 d + n^3 / 6 where n < d.
  func posterior(differences: MatrixView<Float>) throws(LinearFitError) -> GaussianPosterior {
    try GaussianPosterior(rows: differences, weights: curvatures, ridge: ridge)
  }
}

extension MatrixView<Float> {
  fileprivate func lengths() -> [Double] {
    var result: [Double] = []
    forEachWideBlock { rows, block in
      for row in 0..<rows.count { result.append(block.squaredLength(row: row).squareRoot()) }
    }
    return result
  }
}

// Newton's method for `BradleyTerryFit`, step by step.
//
// What a step needs is the same in both forms: the margins m = Zw, the slopes g = weight sigma(-m), which are what the
// loss falls by as a margin grows, and the curvatures S. The gradient is Z'r in the dual form with r = g - ridge alpha,
// up to its sign, and r itself goes to 0, so that steps near the optimum are as exact as numbers are.

struct NewtonDescent {
  private(set) var curvatures: [Double] = []
  /// The length of f's gradient by w.
  private(set) var gradientLength = 0.0

  private let differences: MatrixView<Float>
  private let pairWeights: [Double]
  private let ridge: Double
  // Z Z' in the dual form.
  private let products: Matrix<Double>?
  // w, or alpha in the dual form.
  private var parameters: [Double]
  private var margins: [Double]
  // What f's gradient by w is the negative of: Z'g - ridge w, or, in the dual form, Z' times this, g - ridge alpha.
  private var residuals: [Double] = []

  // What a step must bring of what its slope promises (L. Armijo, 1966).
  private static var leastShare: Double { 1e-4 }
  private static var halvingLimit: Int { 60 }

  init(differences: MatrixView<Float>, pairWeights: [Double], ridge: Double, form: BradleyTerryFit.Form) {
    self.differences = differences
    self.pairWeights = pairWeights
    self.ridge = ridge
    products = form == .dual ? differences.wideRowProducts() : nil
    parameters = Array(repeating: 0, count: form == .dual ? differences.rowCount : differences.columnCount)
    margins = Array(repeating: 0, count: differences.rowCount)
    lookAround()
  }

  /// w, where the descent is.
  var weights: [Double] { products == nil ? parameters : differences.wideTransposeTimes(parameters) }

  /// Goes one step down.
  /// - Returns: false where no step goes down.
  mutating func step() throws(LinearFitError) -> Bool {
    let direction = try direction()
    let changes = products.map { $0.times(direction) } ?? differences.wideTimes(direction)
    // |w + t p|^2 = |w|^2 + 2 t w'p + t^2 |p|^2
    let norms =
      products == nil
      ? (dot(parameters, parameters), dot(parameters, direction), dot(direction, direction))
      : (dot(parameters, margins), dot(direction, margins), dot(direction, changes))
    func loss(_ length: Double) -> Double {
      var sum = ridge / 2 * (norms.0 + length * (2 * norms.1 + length * norms.2))
      for index in margins.indices {
        sum += pairWeights[index] * softplus(-(margins[index] + length * changes[index]))
      }
      return sum
    }
    let slope = products == nil ? -dot(residuals, direction) : -dot(residuals, changes)
    let now = loss(0)
    var length = 1.0
    for _ in 0..<Self.halvingLimit {
      // Near the optimum the loss changes by less than its rounding errors.
      if loss(length) <= now + Self.leastShare * length * slope + 1e-14 * now {
        for index in parameters.indices { parameters[index] += length * direction[index] }
        for index in margins.indices { margins[index] += length * changes[index] }
        lookAround()
        return true
      }
      length /= 2
    }
    return false
  }

  /// Takes slopes, curvatures and the gradient where the descent is.
  private mutating func lookAround() {
    var slopes: [Double] = []
    slopes.reserveCapacity(margins.count)
    curvatures.removeAll(keepingCapacity: true)
    for (margin, weight) in zip(margins, pairWeights) {
      // Of exp(m) and exp(-m), the one that can't overflow.
      let odds = PortableMath.exp(-margin.magnitude)
      slopes.append(weight * (margin < 0 ? 1 : odds) / (1 + odds))
      curvatures.append(weight * odds / ((1 + odds) * (1 + odds)))
    }
    if let products {
      residuals = zip(slopes, parameters).map { $0 - ridge * $1 }
      gradientLength = max(0, dot(residuals, products.times(residuals))).squareRoot()
    } else {
      residuals = zip(differences.wideTransposeTimes(slopes), parameters).map { $0 - ridge * $1 }
      gradientLength = dot(residuals, residuals).squareRoot()
    }
  }

  /// Newton's step.
  private func direction() throws(LinearFitError) -> [Double] {
    guard let products else {
      guard let factor = CholeskyFactor(of: differences.wideGram(weights: curvatures, diagonal: ridge)) else {
        throw .illConditioned
      }
      return factor.solve(residuals)
    }
    // (ridge I + S K)^-1 r = (r - S^1/2 (ridge I + S^1/2 K S^1/2)^-1 S^1/2 K r) / ridge
    let roots = curvatures.map { $0.squareRoot() }
    guard let factor = CholeskyFactor(of: products.scaled(by: roots, diagonal: ridge)) else { throw .illConditioned }
    let inner = factor.solve(zip(roots, products.times(residuals)).map { $0 * $1 })
    return residuals.indices.map { (residuals[$0] - roots[$0] * inner[$0]) / ridge }
  }
}

/// log(1 + exp(x)), where exp(x) may overflow.
func softplus(_ value: Double) -> Double { max(value, 0) + PortableMath.log1p(PortableMath.exp(-value.magnitude)) }

/// The inner product of two vectors of one length.
func dot(_ left: [Double], _ right: [Double]) -> Double {
  precondition(left.count == right.count, "vectors of two lengths")
  return left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      var sums = (0.0, 0.0, 0.0, 0.0)
      var index = 0
      while index + 4 <= left.count {
        sums.0 += left[index] * right[index]
        sums.1 += left[index + 1] * right[index + 1]
        sums.2 += left[index + 2] * right[index + 2]
        sums.3 += left[index + 3] * right[index + 3]
        index += 4
      }
      for index in index..<left.count { sums.0 += left[index] * right[index] }
      return (sums.0 + sums.1) + (sums.2 + sums.3)
    }
  }
}

extension Matrix<Double> {
  /// Returns K v, where K is this matrix, which is symmetric.
  fileprivate func times(_ vector: [Double]) -> [Double] {
    var result = vector
    result.withUnsafeMutableBufferPointer { result in
      vector.withUnsafeBufferPointer { vector in
        withView {
          MutableMatrixView(result, rowCount: 1, columnCount: columnCount)
            .setProduct(MatrixView<Double>(vector, rowCount: 1, columnCount: rowCount), $0)
        }
      }
    }
    return result
  }

  /// Returns the lower triangle of `diagonal` I + D K D, where K is this matrix and D has `scales` on its diagonal.
  func scaled(by scales: [Double], diagonal: Double) -> Matrix {
    var result = self
    result.withUnsafeMutableElements { elements in
      for row in 0..<rowCount {
        for column in 0...row { elements[row * columnCount + column] *= scales[row] * scales[column] }
        elements[row * columnCount + row] += diagonal
      }
    }
    return result
  }
}

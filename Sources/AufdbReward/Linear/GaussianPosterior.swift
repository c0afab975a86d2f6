// How uncertain a linear reward's weights are: a Gaussian whose precision is H = ridge I + R'R, where R has a row for
// each label. The variance of the reward of features f is f'H^-1 f.
//
//   factor      with fewer features than labels: H = L L', the variance is |L^-1 f|^2
//   reduction   with fewer labels: Y, d x r, such that the variance is |f|^2 / ridge - |Y'f|^2: what is known without
//               labels, less what r labels tell. With ridge I + R R' = B B', Y' = B^-1 R / sqrt(ridge) (the
//               Sherman-Morrison-Woodbury identity). Differences of nearly equal numbers lose some 1e-16 |f|^2 / ridge.

/// The covariance of a linear reward's weights, as it is after labels.
struct GaussianPosterior: Sendable {
  private enum Form: Sendable {
    case factor(CholeskyFactor)
    case reduction(ridge: Double, Matrix<Double>)
  }

  /// d, how many features there are.
  let featureCount: Int
  private let form: Form

  /// What is known from labels.
  ///
  /// - Parameters:
  ///   - rows: Z, r x d; R is diag(sqrt(`weights`)) Z. None, and the posterior is the prior.
  ///   - weights: one a row, none negative.
  /// - Throws: `LinearFitError.illConditioned`.
  /// - Complexity: r d^2 / 2 + d^3 / 6 multiply-adds, or r^2 d + r^3 / 6 where r < d.
  init(rows: MatrixView<Float>, weights: [Double], ridge: Double) throws(LinearFitError) {
    featureCount = rows.columnCount
    guard rows.rowCount < rows.columnCount else {
      guard let factor = CholeskyFactor(of: rows.wideGram(weights: weights, diagonal: ridge)) else {
        throw .illConditioned
      }
      form = .factor(factor)
      return
    }
    let products = rows.wideRowProducts().scaled(by: weights.map { $0.squareRoot() }, diagonal: ridge)
    guard let factor = CholeskyFactor(of: products) else { throw .illConditioned }
    var reduction = rows.transposed.widened()
    let scales = weights.map { ($0 / ridge).squareRoot() }
    reduction.withMutableView {
      $0.scaleColumns(by: scales)
      factor.divideRows($0)
    }
    form = .reduction(ridge: ridge, reduction)
  }

  /// Writes the variance of each row's reward.
  ///
  /// - Parameters:
  ///   - features: m x d; what it holds afterwards means nothing.
  ///   - variances: m numbers, none negative.
  /// - Complexity: m d min(d / 2, r) multiply-adds.
  func writeVariances(of features: MutableMatrixView<Double>, into variances: UnsafeMutableBufferPointer<Double>) {
    precondition(variances.count == features.rowCount, "another number of variances than rows")
    switch form {
    case .factor(let factor):
      factor.divideRows(features)
      for row in variances.indices { variances[row] = features.squaredLength(row: row) }
    case .reduction(let ridge, let reduction):
      var known = Matrix<Double>(rowCount: features.rowCount, columnCount: reduction.columnCount)
      known.withMutableView { known in
        reduction.withView { known.setProduct(features.readable, $0) }
        for row in variances.indices {
          variances[row] = max(0, features.squaredLength(row: row) / ridge - known.squaredLength(row: row))
        }
      }
    }
  }
}

// MARK: Tensors

extension GaussianPosterior {
  /// The head tensors that record it.
  var tensors: [HeadTensor] {
    switch form {
    case .factor(let factor):
      [
        HeadTensor(
          "posterior_factor", shape: [featureCount, featureCount],
          .float64(factor.lower.withUnsafeElements { Array($0) }))
      ]
    case .reduction(let ridge, let reduction):
      [
        HeadTensor("posterior_ridge", shape: [], .float64([ridge])),
        HeadTensor(
          "posterior_reduction", shape: [featureCount, reduction.columnCount],
          .float64(reduction.withUnsafeElements { Array($0) })),
      ]
    }
  }

  /// Reads what `tensors` recorded.
  init(tensors: [HeadTensor], featureCount: Int) throws(HeadError) {
    self.featureCount = featureCount
    if tensors.contains(where: { $0.name == "posterior_factor" }) {
      let elements = try tensors.doubles("posterior_factor", shape: [featureCount, featureCount]).elements
      let lower = Matrix(rowCount: featureCount, columnCount: featureCount, elements: elements)
      for index in 0..<featureCount where lower[index, index] <= 0 {
        throw .unexpectedValue(
          tensor: "posterior_factor", value: "\(lower[index, index])", expected: "positive numbers on the diagonal")
      }
      form = .factor(CholeskyFactor(lower: lower))
    } else {
      let ridge = try tensors.doubles("posterior_ridge", shape: []).elements[0]
      guard ridge > 0 else {
        throw .unexpectedValue(tensor: "posterior_ridge", value: "\(ridge)", expected: "a positive number")
      }
      let reduction = try tensors.doubles("posterior_reduction")
      guard reduction.shape.count == 2, reduction.shape[0] == featureCount else {
        throw .unexpectedShape(
          tensor: "posterior_reduction", shape: reduction.shape, expected: "float64 [\(featureCount), labels]")
      }
      form = .reduction(
        ridge: ridge,
        Matrix(rowCount: featureCount, columnCount: reduction.shape[1], elements: reduction.elements))
    }
  }
}

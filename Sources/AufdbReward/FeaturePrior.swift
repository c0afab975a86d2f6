// What a reward model can know before any label: that rewards differ along the directions in which candidates differ.
//
// C is the covariance of candidates within prompts (`CandidateCovariance`). Features are phi(x) = kappa F' z, where
// F F' = C, z is x less the mean over its prompt, and kappa makes the mean of |phi|^2 equal to the mean of |z|^2. A
// linear reward with an isotropic prior on phi has the prior covariance kappa^2 C on embeddings: a direction in which
// candidates vary much may matter much. Since C is squared in the end (distances are z'Cz), features of real
// embeddings have far fewer effective dimensions than the embeddings, and few labels go a long way.
//
// Any F will do: with F = U diag(sqrt(e)) from C = U diag(e) U' these would be scaled principal components, and every
// other square root gives the same features but for a rotation. Inner products, distances, isotropic priors, and so
// whatever linear or kernel model stands on them, don't depend on it. Here F is Cholesky's factor, which costs a
// small part of the eigenvectors, and being triangular is half zeros, which products leave out.
//
// kappa: the mean of z'Cz is tr(C C) = |C|^2 (the sum of the squared elements), and the mean of |z|^2 is tr(C), so
// that kappa^2 = tr(C) / |C|^2.

/// Features of embeddings from the covariance of unlabelled candidates.
public struct FeaturePrior: Sendable {
  /// d, the length of an embedding.
  public let dimension: Int
  /// kappa: features are F'z times this; 0 if all candidates of each prompt are equal, and so all features 0.
  public let scale: Double

  // kappa F, d x d: element (i, j) is 0 where j > i.
  let factor: Matrix<Float>

  // So many features are made at once: below the first of them, the factor has no zeros worth leaving out.
  private static var stripWidth: Int { 128 }

  /// Derives the features from candidates.
  ///
  /// - Throws: `EmbeddingError` from `CandidateCovariance.covariance`.
  /// - Complexity: d^3 / 6 multiply-adds an attempt of `CovarianceRoot`. Memory: 20 d^2 bytes, of which 4 d^2 stay.
  public init(of candidates: CandidateCovariance) throws(EmbeddingError) {
    let covariance = try candidates.covariance()
    let root = CovarianceRoot(of: covariance)
    let (trace, square) = Self.traceAndSquare(covariance)
    let scale = square > 0 ? (trace / square).squareRoot() : 0
    dimension = candidates.dimension
    self.scale = scale
    factor = root.factor.withUnsafeElements { elements in
      Matrix(
        rowCount: root.factor.rowCount, columnCount: root.factor.columnCount,
        elements: elements.map { Float(scale * $0) })
    }
  }

  init(scale: Double, factor: Matrix<Float>) {
    dimension = factor.rowCount
    self.scale = scale
    self.factor = factor
  }

  /// Writes the features of one prompt's responses.
  ///
  /// - Parameters:
  ///   - group: the embeddings of the prompt's responses, k x d, row after row; any k >= 0.
  ///   - rowCount: k.
  ///   - isCentred: whether the mean over the group is taken away first, as the definition says; a lone response then
  ///     has features 0. Otherwise embeddings count as they are, which shifts all features of a group alike.
  ///   - features: k x d, row after row.
  ///   - workspace: memory to be reused.
  /// - Throws: `EmbeddingError.outOfRange`, and then nothing has been written.
  /// - Complexity: k d^2 / 2 multiply-adds on one thread. Nothing is allocated once the workspace has grown.
  public func writeFeatures(
    of group: UnsafeBufferPointer<Float>, rowCount: Int, isCentred: Bool = true,
    into features: UnsafeMutableBufferPointer<Float>, workspace: inout GroupWorkspace
  ) throws(EmbeddingError) {
    precondition(rowCount >= 0 && group.count == rowCount * dimension, "a group of another shape than k x d")
    precondition(features.count == group.count, "room for another number of features")
    guard rowCount > 0 else { return }
    try Group.check(group, columnCount: dimension)
    if isCentred {
      Group.takeMeans(of: group, columnCount: dimension, into: &workspace.means)
    } else {
      workspace.means.removeAll(keepingCapacity: true)
      workspace.means.append(contentsOf: repeatElement(0, count: dimension))
    }
    workspace.floats.grow(to: group.count, filler: 0)
    workspace.floats.withUnsafeMutableBufferPointer { floats in
      let centred = UnsafeMutableBufferPointer(rebasing: floats[..<group.count])
      Group.subtract(workspace.means, from: group, into: centred)
      multiply(
        MatrixView(UnsafeBufferPointer(centred), rowCount: rowCount, columnCount: dimension),
        into: MutableMatrixView(features, rowCount: rowCount, columnCount: dimension))
    }
  }

  /// Returns v with v'x = w'phi(x) for all embeddings x, up to what the prompt's mean adds to all of its responses:
  /// v = kappa F w. So a linear reward on features costs no more than one on embeddings.
  ///
  /// - Parameter weights: w, one a feature.
  /// - Returns: v, one a number of an embedding.
  public func embeddingWeights(_ weights: [Double]) -> [Double] {
    precondition(weights.count == dimension, "another number of weights than features")
    return factor.withUnsafeElements { factor in
      (0..<dimension).map { row in
        var sum = 0.0
        for column in 0...row { sum += Double(factor[row * dimension + column]) * weights[column] }
        return sum
      }
    }
  }

  /// Returns the features of differences between responses of one prompt, n x d.
  func features(ofDifferences differences: Matrix<Float>) -> Matrix<Float> {
    precondition(differences.columnCount == dimension, "inputs of another length than the prior's")
    var features = Matrix<Float>(rowCount: differences.rowCount, columnCount: dimension)
    features.withMutableView { features in differences.withView { multiply($0, into: features) } }
    return features
  }

  /// Writes the features of rows that are differences already, such as from their prompt's mean.
  func multiply(_ centred: MatrixView<Float>, into features: MutableMatrixView<Float>) {
    let allRows = 0..<centred.rowCount
    factor.withView { factor in
      for first in stride(from: 0, to: dimension, by: Self.stripWidth) {
        let strip = first..<min(first + Self.stripWidth, dimension)
        features.part(rows: allRows, columns: strip).setProduct(
          centred.part(rows: allRows, columns: first..<dimension),
          factor.part(rows: first..<dimension, columns: strip))
      }
    }
  }

  private static func traceAndSquare(_ covariance: Matrix<Double>) -> (trace: Double, square: Double) {
    let count = covariance.rowCount
    return covariance.withUnsafeElements { elements in
      var (trace, square) = (0.0, 0.0)
      for index in 0..<count { trace += elements[index * count + index] }
      for element in elements { square += element * element }
      return (trace, square)
    }
  }
}

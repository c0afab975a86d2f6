// How much a label of a pair would tell about a linear reward, given the pairs that are labelled already.
//
// With rewards linear in embeddings and Bradley-Terry labels, the Fisher information of a set of labelled pairs is
//
//     M = ridge * I + sum over pairs of w delta delta',   delta = x_first - x_second,   w = p (1 - p),
//     p = sigma(r_first - r_second); where no rewards are known p = 1/2, so that w = 1/4
//
// One more pair raises log det M by log(1 + w delta' V delta), V = M^-1 (the matrix determinant lemma). Picking the
// pair of the largest gain, again and again, is the greedy D-optimal design; that M holds the pairs of the past is
// what its authors call past-aware. Source: Y. Shen, H. Sun, J.-F. Ton, "Active Reward Modeling: Adaptive Preference
// Labeling for Large Language Model Alignment", ICML 2025, arXiv 2502.04354, on embeddings instead of a last layer.
//
// V itself is kept, and each pair updates it: V <- V - u u' w / (1 + w delta'u), u = V delta (Sherman and Morrison,
// 1950). All of it in double precision, because the first pair may shrink a direction of V by many orders of
// magnitude, which single precision would turn into noise. The ridge bounds the loss: after n pairs, V is off by a
// few n * 1e-16 / ridge.

import Glibc

/// The Fisher information of labelled pairs, kept as its inverse, ready to rate further pairs.
public struct PairInformation: Sendable {
  /// d, the length of an embedding.
  public let dimension: Int
  /// What the information is before any pair, in every direction.
  public let ridge: Double
  /// How many pairs were added.
  public private(set) var pairCount = 0
  /// V, the inverse of the information: d x d, symmetric to the last bit.
  public private(set) var inverse: Matrix<Double>

  private var difference: [Double]
  private var product: [Double]

  /// The weight of a pair of which no rewards are known: p (1 - p) at p = 1/2.
  public static var unknownWeight: Double { 0.25 }

  /// The weight p (1 - p) of a pair, with p = sigma(d) for the difference d of its rewards.
  ///
  /// - Parameter rewardDifference: either sign; not NaN.
  /// - Returns: 1/4 at 0, falling to 0 on both sides.
  public static func weight(rewardDifference: Double) -> Double {
    precondition(!rewardDifference.isNaN, "a reward that isn't a number")
    // Of exp(d) and exp(-d), the one that can't overflow.
    let odds = exp(-rewardDifference.magnitude)
    return odds / ((1 + odds) * (1 + odds))
  }

  /// Makes the information of no pairs yet.
  ///
  /// - Parameters:
  ///   - dimension: d >= 1. Memory: 8 d^2 bytes.
  ///   - ridge: > 0 and finite.
  public init(dimension: Int, ridge: Double) {
    precondition(dimension >= 1, "embeddings without numbers")
    precondition(ridge > 0 && (1 / ridge).isFinite && ridge.isFinite, "a ridge that isn't positive and finite")
    self.dimension = dimension
    self.ridge = ridge
    inverse = Matrix(rowCount: dimension, columnCount: dimension)
    for index in 0..<dimension { inverse[index, index] = 1 / ridge }
    difference = Array(repeating: 0, count: dimension)
    product = Array(repeating: 0, count: dimension)
  }

  /// The gain of a pair in log det M: log(1 + `weight` * `squaredDistance`).
  ///
  /// - Parameters:
  ///   - squaredDistance: delta' V delta, as `writeSquaredDistances` gives it.
  ///   - weight: p (1 - p), or `unknownWeight`.
  /// - Returns: at least 0; monotone in both.
  public static func gain(squaredDistance: Double, weight: Double) -> Double {
    log1p(weight * squaredDistance)
  }

  /// Writes delta' V delta for every pair of one prompt's responses.
  ///
  /// - Parameters:
  ///   - group: the embeddings of the prompt's responses, k x d, row after row; any k >= 0.
  ///   - rowCount: k.
  ///   - distances: k x k, row after row: symmetric, no element negative, 0 on the diagonal.
  ///   - workspace: memory to be reused.
  /// - Throws: `EmbeddingError.outOfRange`, and then nothing has been written.
  /// - Complexity: k d^2 multiply-adds on one thread. Nothing is allocated once the workspace has grown.
  public func writeSquaredDistances(
    of group: UnsafeBufferPointer<Float>, rowCount: Int, into distances: UnsafeMutableBufferPointer<Double>,
    workspace: inout GroupWorkspace
  ) throws(EmbeddingError) {
    precondition(rowCount >= 0 && group.count == rowCount * dimension, "a group of another shape than k x d")
    precondition(distances.count == rowCount * rowCount, "room for another number of distances")
    guard rowCount > 0 else { return }
    try Group.check(group, columnCount: dimension)
    Group.takeMeans(of: group, columnCount: dimension, into: &workspace.means)
    workspace.doubles.grow(to: 2 * group.count, filler: 0)
    workspace.doubles.withUnsafeMutableBufferPointer { doubles in
      let centred = UnsafeMutableBufferPointer(rebasing: doubles[..<group.count])
      let shrunk = UnsafeMutableBufferPointer(rebasing: doubles[group.count..<2 * group.count])
      Group.subtract(workspace.means, from: group, into: centred)
      let rows = MatrixView(UnsafeBufferPointer(centred), rowCount: rowCount, columnCount: dimension)
      let shrunkRows = MutableMatrixView(shrunk, rowCount: rowCount, columnCount: dimension)
      inverse.withView { shrunkRows.setProduct(rows, $0) }
      MutableMatrixView(distances, rowCount: rowCount, columnCount: rowCount)
        .setProduct(shrunkRows.readable, rows.transposed, onlyLower: true)
    }
    Self.makeDistances(outOf: distances, count: rowCount)
  }

  /// Counts a labelled pair in.
  ///
  /// - Parameters:
  ///   - first: an embedding, d numbers.
  ///   - second: the other one.
  ///   - weight: p (1 - p), or `unknownWeight`; finite and at least 0. A weight of 0 adds nothing.
  /// - Returns: the pair's gain in log det M.
  /// - Throws: `EmbeddingError.outOfRange` (row 0 is the first embedding), and then nothing has changed.
  /// - Complexity: 2 d^2 multiply-adds.
  @discardableResult
  public mutating func add(
    first: UnsafeBufferPointer<Float>, second: UnsafeBufferPointer<Float>, weight: Double
  ) throws(EmbeddingError) -> Double {
    precondition(first.count == dimension && second.count == dimension, "an embedding of another length")
    precondition(weight >= 0 && weight.isFinite, "a weight that isn't finite and at least 0")
    try Group.check(first, columnCount: dimension)
    do { try Group.check(second, columnCount: dimension) } catch { throw error.inRow(1) }
    for index in 0..<dimension { difference[index] = Double(first[index]) - Double(second[index]) }
    let squaredDistance = shrinkDifference()
    // u becomes u sqrt(w / (1 + w delta'u)), so that its outer product is what V loses.
    let factor = (weight / (1 + weight * squaredDistance)).squareRoot()
    for index in 0..<dimension { product[index] *= factor }
    product.withUnsafeBufferPointer { product in
      let row = MatrixView(product, rowCount: 1, columnCount: dimension)
      inverse.withMutableView { $0.setProduct(row.transposed, row, scale: -1, keeping: 1) }
    }
    pairCount += 1
    return Self.gain(squaredDistance: squaredDistance, weight: weight)
  }

  /// Makes `product` u = V delta, and returns delta'u.
  private mutating func shrinkDifference() -> Double {
    let dimension = dimension
    difference.withUnsafeBufferPointer { difference in
      product.withUnsafeMutableBufferPointer { product in
        let row = MatrixView(difference, rowCount: 1, columnCount: dimension)
        inverse.withView { inverse in
          MutableMatrixView(product, rowCount: 1, columnCount: dimension).setProduct(row, inverse)
        }
      }
    }
    var squaredDistance = 0.0
    for index in 0..<dimension { squaredDistance += difference[index] * product[index] }
    return max(0, squaredDistance)
  }

  /// Turns inner products, of which the lower triangle is there, into squared distances.
  private static func makeDistances(outOf distances: UnsafeMutableBufferPointer<Double>, count: Int) {
    for row in 0..<count {
      for column in 0..<row {
        let distance =
          distances[row * count + row] + distances[column * count + column] - 2 * distances[row * count + column]
        // Rounding may take the distance of two equal responses under 0.
        distances[column * count + row] = max(0, distance)
      }
    }
    for row in 0..<count {
      for column in 0..<row { distances[row * count + column] = distances[column * count + row] }
      distances[row * count + row] = 0
    }
  }
}

extension EmbeddingError {
  fileprivate func inRow(_ row: Int) -> EmbeddingError {
    guard case .outOfRange(_, let column, let value) = self else { return self }
    return .outOfRange(row: row, column: column, value: value)
  }
}

// How a response's embedding and its other features become an input of a reward head.
//
// An input is x'_j = (x_j - mean_j) factor_j over the row x = (embedding, other features). Embeddings share one factor,
// because their directions are compared with one another; every other feature has its own, which gives it the variance
// 1. Means and factors are learned once, before any label, and belong to the head from then on.
//
//   meanSquare(v)   the mean of x'_j^2 over the embedding's elements is v. ActiveUltraFeedback's ensemble sees v = 0.09.
//   unit            the embedding's mean |x|^2 before centring becomes 1: encoders that normalise are left as they are.

/// Means and factors of input columns.
public struct InputScaling: Sendable, Equatable {
  /// What the embedding's common factor is chosen by.
  public enum Size: Sendable, Hashable {
    case meanSquare(Double)
    case unit
  }

  public let means: [Float]
  public let factors: [Float]

  public var inputCount: Int { means.count }

  /// - Precondition: as many means as factors.
  public init(means: [Float], factors: [Float]) {
    precondition(means.count == factors.count, "means and factors of different columns")
    self.means = means
    self.factors = factors
  }

  /// Writes scaled rows; `rows` and `inputs` may be the same memory.
  ///
  /// - Parameters:
  ///   - rows: n x `inputCount`, row after row.
  ///   - inputs: as long as `rows`.
  /// - Complexity: O(n `inputCount`).
  public func apply(to rows: UnsafeBufferPointer<Float>, into inputs: UnsafeMutableBufferPointer<Float>) {
    precondition(rows.count == inputs.count && rows.count % max(1, inputCount) == 0, "rows of another length")
    means.withUnsafeBufferPointer { means in
      factors.withUnsafeBufferPointer { factors in
        for start in stride(from: 0, to: rows.count, by: max(1, means.count)) {
          for column in means.indices {
            inputs[start + column] = (rows[start + column] - means[column]) * factors[column]
          }
        }
      }
    }
  }

  /// The head tensors that record it.
  public var tensors: [HeadTensor] {
    [
      HeadTensor("input_means", shape: [means.count], .float32(means)),
      HeadTensor("input_factors", shape: [factors.count], .float32(factors)),
    ]
  }

  /// Reads what `tensors` recorded.
  public init(tensors: [HeadTensor]) throws(HeadError) {
    let means = try tensors.singles("input_means")
    let factors = try tensors.singles("input_factors", shape: means.shape)
    self.init(means: means.elements, factors: factors.elements)
  }
}

/// Learns an `InputScaling` from rows, in double precision.
public struct InputScalingSums: Sendable {
  private let embeddingCount: Int
  private var sums: [Double]
  private var squares: [Double]
  public private(set) var rowCount = 0

  /// - Parameters:
  ///   - embeddingCount: how many of the first columns are the embedding; may be 0.
  ///   - inputCount: all columns.
  public init(embeddingCount: Int, inputCount: Int) {
    precondition(embeddingCount >= 0 && inputCount >= embeddingCount && inputCount > 0, "columns that aren't there")
    self.embeddingCount = embeddingCount
    sums = Array(repeating: 0, count: inputCount)
    squares = Array(repeating: 0, count: inputCount)
  }

  /// Counts rows in: n x inputCount, row after row.
  ///
  /// - Throws: `EmbeddingError.outOfRange`, and then nothing has changed.
  public mutating func add(_ rows: UnsafeBufferPointer<Float>) throws(EmbeddingError) {
    let width = sums.count
    precondition(rows.count % width == 0, "rows of another length")
    try Group.check(rows, columnCount: width)
    sums.withUnsafeMutableBufferPointer { sums in
      squares.withUnsafeMutableBufferPointer { squares in
        for start in stride(from: 0, to: rows.count, by: width) {
          for column in 0..<width {
            let value = Double(rows[start + column])
            sums[column] += value
            squares[column] += value * value
          }
        }
      }
    }
    rowCount += rows.count / width
  }

  /// The scaling of the rows that were counted in. A column that doesn't vary gets the factor 1, and so gives 0.
  ///
  /// - Precondition: there were rows.
  public func scaling(_ size: InputScaling.Size) -> InputScaling {
    precondition(rowCount > 0, "no rows")
    let count = Double(rowCount)
    let means = sums.map { $0 / count }
    let variances = squares.indices.map { max(0, squares[$0] / count - means[$0] * means[$0]) }
    func factor(_ target: Double, _ value: Double) -> Double { value > 0x1p-100 ? (target / value).squareRoot() : 1 }
    let embedding = 0..<embeddingCount
    let embeddingFactor =
      switch size {
      case .meanSquare(let target):
        factor(target * Double(embeddingCount), embedding.reduce(0) { $0 + variances[$1] })
      case .unit: factor(1, embedding.reduce(0) { $0 + squares[$1] / count })
      }
    return InputScaling(
      means: means.map { Float($0) },
      factors: variances.indices.map { Float($0 < embeddingCount ? embeddingFactor : factor(1, variances[$0])) })
  }
}

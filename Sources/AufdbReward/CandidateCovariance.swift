// How candidates differ within a prompt, learned from embeddings alone: no label is needed.
//
// With z = x - (the mean over the candidates of x's prompt), C is the mean of z z' over all candidates of all prompts
// that have two or more. 100 prompts suffice to estimate it; many more are welcome.
//
// Numbers: z is rounded to Float once; products z_i z_j are summed over 256 rows in Float (fused), and those sums in
// Double, however many rows there are. So an element C_ij is off by a few 1e-7 times sqrt(C_ii C_jj), and by less the
// more rows there are, because the errors of the runs are independent. Rows are collected into blocks of 512 whatever
// the groups' sizes, so that the bits depend on nothing but the rows and their order; another order of the prompts
// changes the last bits. Callers who want the same bits again feed in a fixed order, and split work among threads in
// fixed shares, merged in a fixed order.

import CMatrix

/// The running covariance of candidates' embeddings within their prompts.
public struct CandidateCovariance: Sendable {
  /// d, the length of an embedding.
  public let dimension: Int
  /// How many responses were counted: those of groups of two or more.
  public private(set) var rowCount = 0
  /// How many prompts were counted.
  public private(set) var groupCount = 0
  /// How many prompts had fewer than two responses, and so were passed over.
  public private(set) var ignoredGroupCount = 0

  // The sum of z z' over the rows that left the block; only the lower triangle is kept up.
  private var sums: Matrix<Double>
  private var block: [Float]
  private var blockRowCount = 0
  private var means: [Double] = []
  // The bits of all differences together: shows whether any wasn't zero.
  private var differenceBits: UInt32 = 0

  private static var blockCapacity: Int { 512 }

  /// Makes the covariance of no candidates yet.
  /// - Parameter dimension: d >= 1. Memory: 8 d^2 + 2048 d bytes.
  public init(dimension: Int) {
    precondition(dimension >= 1, "embeddings without numbers")
    self.dimension = dimension
    sums = Matrix(rowCount: dimension, columnCount: dimension)
    block = Array(repeating: 0, count: Self.blockCapacity * dimension)
  }

  /// Counts one prompt's candidates in.
  ///
  /// - Parameters:
  ///   - group: the embeddings of the prompt's responses, k x d, row after row.
  ///   - rowCount: k; under 2 the group is only counted as passed over.
  /// - Throws: `EmbeddingError.outOfRange`, and then nothing has changed.
  /// - Complexity: O(k d^2 / 2) multiply-adds, done in blocks of rows.
  public mutating func add(_ group: UnsafeBufferPointer<Float>, rowCount: Int) throws(EmbeddingError) {
    precondition(rowCount >= 0 && group.count == rowCount * dimension, "a group of another shape than k x d")
    try Group.check(group, columnCount: dimension)
    guard rowCount >= 2 else {
      ignoredGroupCount += 1
      return
    }
    Group.takeMeans(of: group, columnCount: dimension, into: &means)
    for row in 0..<rowCount {
      append(UnsafeBufferPointer(rebasing: group[row * dimension..<(row + 1) * dimension]))
      if blockRowCount == Self.blockCapacity { sumUpBlock() }
    }
    self.rowCount += rowCount
    groupCount += 1
  }

  /// Counts in what another one has counted, such as another thread's share of the prompts.
  /// - Precondition: both have the same dimension.
  public mutating func merge(_ other: CandidateCovariance) {
    precondition(other.dimension == dimension, "embeddings of two lengths")
    var other = other
    other.sumUpBlock()
    sumUpBlock()
    sums.withUnsafeMutableElements { sums in
      other.sums.withUnsafeElements { otherSums in
        for index in sums.indices { sums[index] += otherSums[index] }
      }
    }
    rowCount += other.rowCount
    groupCount += other.groupCount
    ignoredGroupCount += other.ignoredGroupCount
    differenceBits |= other.differenceBits
  }

  /// Returns C, d x d, symmetric; all zeros where all candidates of each prompt are equal.
  ///
  /// Its trace is the mean of |z|^2.
  ///
  /// - Throws: `EmbeddingError.noCandidates` before the first group of two, `EmbeddingError.tooSmall` where
  ///   differences are so small that their squares vanish.
  public func covariance() throws(EmbeddingError) -> Matrix<Double> {
    guard rowCount > 0 else { throw .noCandidates }
    var copy = self
    copy.sumUpBlock()
    let (count, dimension) = (Double(rowCount), dimension)
    let trace = copy.sums.withUnsafeMutableElements { sums in
      var trace = 0.0
      for row in 0..<dimension {
        for column in 0...row {
          let mean = sums[row * dimension + column] / count
          sums[row * dimension + column] = mean
          sums[column * dimension + row] = mean
        }
        trace += sums[row * dimension + row]
      }
      return trace
    }
    // Below this, squares come near the smallest Float. The sign bit says nothing.
    guard differenceBits &<< 1 == 0 || trace >= 0x1p-90 else { throw .tooSmall }
    return copy.sums
  }

  private mutating func append(_ embedding: UnsafeBufferPointer<Float>) {
    let start = blockRowCount * dimension
    var bits = differenceBits
    block.withUnsafeMutableBufferPointer { block in
      means.withUnsafeBufferPointer { means in
        let row = UnsafeMutableBufferPointer(rebasing: block[start..<start + means.count])
        for column in row.indices {
          let difference = Float(Double(embedding[column]) - means[column])
          row[column] = difference
          bits |= difference.bitPattern
        }
      }
    }
    differenceBits = bits
    blockRowCount += 1
  }

  private mutating func sumUpBlock() {
    let (dimension, count) = (dimension, blockRowCount)
    sums.withUnsafeMutableElements { sums in
      block.withUnsafeBufferPointer { aufdb_add_gram(dimension, count, $0.baseAddress, sums.baseAddress) }
    }
    blockRowCount = 0
  }
}

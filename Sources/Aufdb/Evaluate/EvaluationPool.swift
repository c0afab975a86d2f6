// The responses that methods are compared on: all of a prompt's have a score and an embedding.

import AufdbReward
import Glibc

/// Responses with everything that a replay needs, prompt after prompt; a plain value that many threads read.
///
/// Rows stand in the order of (prompt_id, model, sample) by bytes, whatever the order in the store.
struct EvaluationPool: Sendable {
  struct Prompt: Sendable {
    let id: [UInt8]
    /// Its responses, as rows of the pool.
    let rows: Range<Int>
  }

  private(set) var prompts: [Prompt] = []
  /// One judge's scores, one a row; finite.
  private(set) var scores: [Double] = []
  /// Code points of the responses' texts; at least 1.
  private(set) var textLengths: [Int] = []
  private(set) var models: [String] = []
  /// One encoder's vectors, n x d.
  let embeddings: Matrix<Float>

  var rowCount: Int { scores.count }
  var dimension: Int { embeddings.columnCount }

  /// One prompt on its way into a pool.
  struct Group {
    var id: [UInt8] = []
    var scores: [Double] = []
    var textLengths: [Int] = []
    var models: [String] = []
    /// k x d, row after row.
    var embeddings: [Float] = []
  }

  /// - Parameters:
  ///   - groups: the prompts in the order of their ids, each with one response or more.
  ///   - dimension: d.
  init(_ groups: [Group], dimension: Int) {
    var elements: [Float] = []
    elements.reserveCapacity(groups.reduce(0) { $0 + $1.embeddings.count })
    for group in groups {
      precondition(group.embeddings.count == group.scores.count * dimension, "embeddings of another length")
      prompts.append(Prompt(id: group.id, rows: scores.count..<scores.count + group.scores.count))
      scores += group.scores
      textLengths += group.textLengths
      models += group.models
      elements += group.embeddings
    }
    embeddings = Matrix(rowCount: scores.count, columnCount: dimension, elements: elements)
  }

  /// What the length of a text counts as: by ratios, because the judge's taste is for twice as long and not for ten
  /// letters more.
  func logLength(_ row: Int) -> Double { log1p(Double(textLengths[row])) }

  /// Lends the rows of one prompt of a matrix that has a row for each of the pool's.
  func withRows<Result>(
    of prompt: Int, in matrix: Matrix<Float>, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    let (rows, width) = (prompts[prompt].rows, matrix.columnCount)
    return try matrix.withUnsafeElements {
      try body(UnsafeBufferPointer(rebasing: $0[rows.lowerBound * width..<rows.upperBound * width]))
    }
  }
}

/// What was left out of a pool, and why.
public struct PoolOmissions: Sendable, Equatable {
  /// Prompts of which some response has no score of the judge, or none at all.
  public var unscoredPromptCount = 0
  /// Prompts of which some response has no embedding of the encoder (those unscored apart).
  public var unembeddedPromptCount = 0
  /// Prompts with fewer than two responses.
  public var tooFewPromptCount = 0
  /// Empty responses, which nobody would train on; their prompts' others are kept.
  public var emptyResponseCount = 0
  /// The first few prompts that were left out.
  public var examples: [String] = []

  public init() {}

  public var promptCount: Int { unscoredPromptCount + unembeddedPromptCount + tooFewPromptCount }
}

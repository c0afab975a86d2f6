// What is learned of inputs before any label, from a sample of prompts.

import AufdbReward

extension InputReader {
  /// The scaling of inputs.
  ///
  /// - Parameter promptIDs: the prompts that may be looked at, in any order.
  /// - Throws: `.badData` for embeddings that nothing can be made of.
  func scaling(of promptIDs: [[UInt8]], _ size: InputScaling.Size) throws -> InputScaling {
    var sums = InputScalingSums(embeddingCount: dimension, inputCount: inputCount)
    try forEachSampled(promptIDs) { group throws(EmbeddingError) in
      try group.rows.withUnsafeBufferPointer { (rows) throws(EmbeddingError) in try sums.add(rows) }
    }
    return sums.scaling(size)
  }

  /// The prior from unlabelled candidates, on scaled inputs.
  func prior(of promptIDs: [[UInt8]], _ scaling: InputScaling) throws -> FeaturePrior {
    var covariance = CandidateCovariance(dimension: inputCount)
    var inputs: [Float] = []
    try forEachSampled(promptIDs) { group throws(EmbeddingError) in
      inputs = group.rows
      inputs.withUnsafeMutableBufferPointer { scaling.apply(to: UnsafeBufferPointer($0), into: $0) }
      try inputs.withUnsafeBufferPointer { (inputs) throws(EmbeddingError) in
        try covariance.add(inputs, rowCount: group.responses.count)
      }
    }
    do throws(EmbeddingError) {
      return try FeaturePrior(of: covariance)
    } catch {
      throw AufdbError(.refused, "the embeddings of '\(encoder)': \(error)", hint: error.hint)
    }
  }

  /// Lends the groups of a sample, by id, because the order in which numbers are added up shows in the last bits.
  private func forEachSampled(
    _ promptIDs: [[UInt8]], _ body: (InputGroup) throws(EmbeddingError) -> Void
  ) throws {
    var group = InputGroup()
    var vector = EmbeddingVector()
    for id in PromptSample.of(promptIDs).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      try read(id, into: &group, &vector)
      do throws(EmbeddingError) { try body(group) } catch { throw group.naming(error) }
    }
  }
}

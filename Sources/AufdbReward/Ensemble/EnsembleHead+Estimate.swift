// Estimating: rows through all networks, and what their rewards say together.
//
// The rows are cut into blocks, which threads take one after the other; where there are few, the heads are cut as well.
// A reward is computed in the same way whatever else is in its block, so that its bits don't depend on the cuts.

import CMatrix

extension EnsembleHead {
  // A block's inputs of 2,560 numbers take 1.3 MB; a head's weights, which are read again for each block, as much.
  private static var blockRowCount: Int { 128 }

  public func estimate(
    _ inputs: MatrixView<Float>, groupSizes: [Int], threadCount: Int, into estimates: inout RewardEstimates
  ) throws(EmbeddingError) {
    precondition(groupSizes.reduce(0, +) == inputs.rowCount, "groups of another number of rows")
    try estimate(inputs, threadCount: threadCount, into: &estimates)
  }

  /// Estimates responses, which the ensemble does one by one, whatever their prompts are.
  ///
  /// - Parameters: as of `RewardHead.estimate`.
  /// - Complexity: n `headCount` `parameterCount` multiply-adds, on all threads together.
  public func estimate(
    _ inputs: MatrixView<Float>, threadCount: Int, into estimates: inout RewardEstimates
  ) throws(EmbeddingError) {
    precondition(inputs.columnCount == inputCount, "inputs of another length than the ensemble's")
    let rowCount = inputs.rowCount
    estimates.heads.resize(to: rowCount * headCount)
    estimates.rewards.resize(to: rowCount)
    estimates.lower.resize(to: rowCount)
    estimates.upper.resize(to: rowCount)
    let bad = estimates.heads.withUnsafeMutableBufferPointer { heads in
      setHeads(heads, from: inputs, threadCount: threadCount)
    }
    if let bad { throw bad }
    summarise(&estimates, threadCount: threadCount)
  }

  /// Sets the rewards of single heads.
  /// - Returns: what is wrong with the inputs, if anything.
  private func setHeads(
    _ heads: UnsafeMutableBufferPointer<Float>, from inputs: MatrixView<Float>, threadCount: Int
  ) -> EmbeddingError? {
    let (shape, rowCount) = (shape, inputs.rowCount)
    let (rowStep, columnStep) = (inputs.rowStep, inputs.columnStep)
    guard rowCount > 0, let start = inputs.start, let heads = heads.baseAddress else { return nil }
    let blockRowCount = min(Self.blockRowCount, rowCount)
    let blockCount = (rowCount + blockRowCount - 1) / blockRowCount
    // Some items a thread, so that they end at about the same time.
    let wantedCount = threadCount == 1 ? 1 : 4 * threadCount
    let shareCount = min(shape.headCount, (wantedCount + blockCount - 1) / blockCount)
    let largest = NetworkPass(shape, rowCount: blockRowCount)
    let inputFloatCount = largest.responseCount * shape.inputCount
    let floatCount = inputFloatCount + largest.outputFloatCount
    let memory = AlignedFloats(count: min(threadCount, blockCount * shareCount) * floatCount)
    var badIndices = [Int?](repeating: nil, count: blockCount)
    weights.withUnsafeElements { weights in
      badIndices.withUnsafeMutableBufferPointer { badIndices in
        // Every item writes rewards, or an index, of its own; every thread has memory of its own.
        nonisolated(unsafe) let (heads, start, memory) = (heads, start, memory.start)
        nonisolated(unsafe) let (weights, badIndices) = (weights.baseAddress!, badIndices)
        SharedWork.forEach(blockCount * shareCount, threadCount: threadCount) { item, thread in
          let (block, share) = (item / shareCount, item % shareCount)
          let rows = block * blockRowCount..<min((block + 1) * blockRowCount, rowCount)
          let pass = NetworkPass(shape, rowCount: rows.count)
          let panels = memory + thread * floatCount
          aufdb_pack_lanes(
            rows.count, shape.inputCount, start + rows.lowerBound * rowStep, rowStep, columnStep, panels)
          if share == 0 { badIndices[block] = Self.firstBad(panels, pass.responseCount * shape.inputCount) }
          let first = share * shape.headCount / shareCount
          for head in first..<(share + 1) * shape.headCount / shareCount {
            let rewards = pass.forwards(
              UnsafePointer(panels), weights: weights + head * shape.parameterCount, into: panels + inputFloatCount)
            for row in rows { heads[row * shape.headCount + head] = rewards[row - rows.lowerBound] }
          }
        }
      }
    }
    guard let block = badIndices.firstIndex(where: { $0 != nil }), let index = badIndices[block] else { return nil }
    let (panel, place) = index.quotientAndRemainder(dividingBy: NetworkPass.laneCount * shape.inputCount)
    let (column, lane) = place.quotientAndRemainder(dividingBy: NetworkPass.laneCount)
    let row = block * blockRowCount + panel * NetworkPass.laneCount + lane
    return .outOfRange(
      row: row, column: column, value: "\(start[row * rowStep + column * columnStep])")
  }

  private static func firstBad(_ elements: UnsafePointer<Float>, _ count: Int) -> Int? {
    let index = aufdb_first_beyond(count, elements, Group.magnitudeLimit)
    return index < count ? index : nil
  }
}

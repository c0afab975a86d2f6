// Stores what a head says of responses.

import AufdbReward

/// Writes the estimates of one snapshot.
final class EstimateWriter {
  private let snapshot: String
  private let keepsHeads: Bool
  private let writer: RowWriter

  /// - Parameter keepsHeads: whether the rewards of single heads are stored with each estimate.
  init(snapshot: String, keepsHeads: Bool, in change: Change) throws {
    self.snapshot = snapshot
    self.keepsHeads = keepsHeads
    writer = try change.writer(.estimates)
  }

  /// Stores a prompt's estimates.
  ///
  /// - Parameters:
  ///   - firstRow: the estimate of the prompt's first response.
  ///   - isMeant: which of its responses are meant.
  func insert(
    _ group: InputGroup, _ estimates: RewardEstimates, firstRow: Int,
    where isMeant: (Int) throws -> Bool = { _ in true }
  ) throws {
    let headCount = estimates.rewards.isEmpty ? 0 : estimates.heads.count / estimates.rewards.count
    try group.promptID.withUnsafeBytes { promptID in
      for (index, response) in group.responses.enumerated() where try isMeant(index) {
        let row = firstRow + index
        writer.text(snapshot)
        writer.text(promptID)
        writer.text(response.model)
        writer.integer(response.sample)
        writer.real(Double(estimates.rewards[row]))
        writer.real(Double(estimates.lower[row]))
        writer.real(Double(estimates.upper[row]))
        // Bound without a copy, so they must stay in place until the row is stored.
        try estimates.heads.withUnsafeBytes { heads in
          if keepsHeads, headCount > 0 {
            let size = headCount * MemoryLayout<Float>.size
            writer.blob(Bytes(rebasing: heads[row * size..<(row + 1) * size]))
          }
          try writer.insert()
        }
      }
    }
  }
}

// Stores selections: what was picked, and all that is needed to pick it again.

import AufdbAcquisition

/// Writes the rows of one batch.
final class SelectionWriter {
  private let writer: RowWriter
  private let method: String
  private let batch: Int
  private let snapshot: String?
  private let seed: UInt64
  private let parameters: String

  /// - Parameter parameters: JSON.
  init(
    method: String, batch: Int, snapshot: String?, seed: UInt64, parameters: String, in change: Change
  ) throws {
    writer = try change.writer(.selections)
    self.method = method
    self.batch = batch
    self.snapshot = snapshot
    self.seed = seed
    self.parameters = parameters
  }

  var count: Int { writer.count }

  /// Stores a pick.
  func insert(_ pick: Pick) throws {
    // Bound without a copy, so it must stay in place until the row is stored.
    try pick.promptID.withUnsafeBytes {
      writer.text($0)
      writer.text(pick.first.model)
      writer.integer(pick.first.sample)
      writer.text(pick.second.model)
      writer.integer(pick.second.sample)
      writer.text(method)
      writer.integer(batch)
      writer.optionalText(snapshot)
      writer.integer(Int64(seed))
      writer.text(parameters)
      if let explanation = pick.explanation { writer.text(explanation) }
      try writer.insert()
    }
  }
}

extension Connection {
  /// The number that the next batch of selections takes, on the branch that is shown.
  func nextSelectionBatch() throws -> Int { Int(try integer("SELECT ifnull(max(batch), 0) + 1 FROM selections")) }
}

// The rows that an iteration leaves, apart from labels and progress.

import AufdbAcquisition
import AufdbReward

extension LoopRun {
  /// The name of an iteration's snapshot.
  static func snapshotName(of run: String, _ iteration: Int) -> String { "\(run)-\(NumberedFile.padded(iteration))" }

  /// Stores the estimates of a batch as a snapshot.
  func insert(
    _ snapshot: String, _ number: Int, _ batch: InputBatch, _ estimates: RewardEstimates, in change: Change
  ) throws {
    let isTaken = try change.connection.first(
      "SELECT 1 FROM snapshots WHERE snapshot = ?1", .text(snapshot), read: { _ in true })
    guard isTaken == nil else { throw Self.taken("snapshot '\(snapshot)'", from: name) }
    let snapshots = try change.writer(.snapshots)
    snapshots.text(snapshot)
    snapshots.text("run")
    // With these, and the labels that there were by then, the estimates can be made again.
    snapshots.text(
      Operation.object([
        "run": .text(name), "iteration": .integer(Int64(number)), "labels": .integer(Int64(learner.labelCount)),
        "prompts": .integer(Int64(pool.totalCount)), "configuration": .json(configuration.decisive(by: judge)),
      ]))
    try snapshots.insert()
    let writer = try EstimateWriter(snapshot: snapshot, keepsHeads: method.needs.contains(.heads), in: change)
    for (index, group) in batch.groups.enumerated() {
      try writer.insert(group, estimates, firstRow: batch.starts[index])
    }
  }

  /// Stores picks as selections.
  func insert(
    _ picks: [RunPick], method: String, batch: Int, snapshot: String?, parameters: String, in change: Change
  ) throws {
    let selections = try SelectionWriter(
      method: method, batch: batch, snapshot: snapshot, seed: UInt64(configuration.seed), parameters: parameters,
      in: change)
    for pick in picks {
      try selections.insert(
        Pick(
          promptID: Array(pick.pair.promptID.utf8), pair: Pair(first: pick.first, second: pick.second),
          first: pick.pair.first, second: pick.pair.second))
    }
  }

  /// Stores the reward head as it is, in place of the one before.
  func storeHead(in change: Change) throws {
    let head = StoredHead(
      name: name, kind: .ensemble, encoder: encoder, features: configuration.features,
      details: [
        "run": .text(name), "iteration": .integer(Int64(iteration ?? 0)),
        "labels": .integer(Int64(learner.labelCount)), "configuration": .json(configuration.decisive(by: judge)),
      ], scaling: scaling, tensors: learner.training.tensors)
    try head.store(in: change)
    storedIteration = iteration
  }
}

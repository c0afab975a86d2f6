// Labels that are set aside before a run begins: iteration 0.

import AufdbAcquisition

extension LoopRun {
  /// The name of the method that held-out pairs are picked by.
  static let heldoutMethod = "random"

  /// Labels a random pair of each prompt that is set aside.
  func holdOut(_ change: Change) throws -> (CommitNote, RunOutcome) {
    let reader = try InputReader(encoder: encoder, features: configuration.features, in: change.connection)
    let key = RandomKey(seed: UInt64(configuration.seed), purpose: "held-out pairs")
    var picks: [RunPick] = []
    for id in pool.heldoutIDs {
      let group = try reader.group(id)
      var draws = id.withUnsafeBytes { key.prompt($0) }.draws(round: 0)
      let first = draws.below(group.responses.count)
      let other = draws.below(group.responses.count - 1)
      let second = other < first ? other : other + 1
      picks.append(
        RunPick(
          pair: PendingPair(
            promptID: group.promptText, first: group.responses[first], second: group.responses[second]),
          first: first, second: second))
    }
    let batch = try change.connection.nextSelectionBatch()
    let answer = try ask(picks.map(\.pair), method: Self.heldoutMethod, batch: batch, 0, in: change)
    guard case .made = answer.outcome else { return answer }
    try insert(
      picks, method: Self.heldoutMethod, batch: batch, snapshot: nil,
      parameters: Operation.object(["heldout": .text(name)]), in: change)
    let lookup = try RunLabels(by: judge.name, method: Self.heldoutMethod, in: change.connection)
    let labels = try picks.compactMap {
      try lookup.label($0.pair.promptID, $0.pair.first, $0.pair.second, batch: batch)
    }
    try take(heldout: labels, reader)
    guard let heldout, heldout.count > 0 else {
      throw AufdbError(
        .refused, "\(judge.name) prefers neither response of any of the \(picks.count) held-out pairs",
        hint: "hold more prompts out")
    }
    iteration = 0
    var row = RunProgressRow()
    (row.run, row.method, row.batch) = (name, Self.heldoutMethod, batch)
    (row.labelCount, row.tieCount) = (report.labelCount, report.tieCount)
    try measure(&row)
    try row.insert(into: change.writer(.progress))
    let message = "Hold out \(Relation.labels.phrase(labels.count)) by \(judge.name) for \(name)"
    return (note(message, 0), .made)
  }

  /// Takes held-out labels in, made now or found.
  func take(heldout labels: [RunLabel], _ reader: InputReader) throws {
    report.labelCount = labels.count
    report.tieCount = labels.count { $0.firstIsChosen == nil }
    heldout = try HeldoutLabels(labels, reader, scaling)
  }
}

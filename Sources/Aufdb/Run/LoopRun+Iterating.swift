// One iteration of a run: estimates, picks, labels, training, and the rows that keep all of it.

import AufdbAcquisition
import AufdbReward

/// A pair that was picked in an iteration.
struct RunPick {
  var pair: PendingPair
  /// The rows of the batch that its responses are.
  var first: Int
  var second: Int
}

/// What a step of a run came to.
enum RunOutcome {
  case made
  /// The judge failed; what it had said by then was kept.
  case failed(AufdbError)
  /// A model is to be asked about these pairs, and then the step to be made again; nothing was kept.
  case asking(JudgeDefinition, [PendingPair])
  /// People haven't answered yet; nothing was kept.
  case waiting(file: String, pairCount: Int)
}

extension LoopRun {
  /// Makes the next iteration.
  ///
  /// - Precondition: `end` is nil.
  /// - Throws: `.refused` where training diverges; `.badData` for embeddings that nothing can be made of, or an answer of
  ///   the judge that makes no sense. The store is unchanged then.
  func advance(_ change: Change) throws -> (CommitNote, RunOutcome) {
    if iteration == nil, configuration.heldoutCount > 0 { return try holdOut(change) }
    let number = (iteration ?? 0) + 1
    let reader = try InputReader(encoder: encoder, features: configuration.features, in: change.connection)
    let batch = try InputBatch(pending.prefix(nextCount), reader, scaling)
    var estimates = RewardEstimates()
    do throws(EmbeddingError) {
      try batch.withInputs { (inputs) throws(EmbeddingError) in
        try learner.estimate(inputs, groupSizes: batch.groupSizes, threadCount: threadCount, into: &estimates)
      }
    } catch {
      throw batch.naming(error)
    }
    let picks = try pick(from: batch, estimates, in: change.connection)
    let selectionBatch = try change.connection.nextSelectionBatch()
    let answer = try ask(picks.map(\.pair), method: method.name, batch: selectionBatch, number, in: change)
    guard case .made = answer.outcome else { return answer }

    let snapshot = Self.snapshotName(of: name, number)
    try insert(snapshot, number, batch, estimates, in: change)
    try insert(
      picks, method: method.name, batch: selectionBatch, snapshot: snapshot,
      parameters: Operation.object(method.recordedParameters), in: change)
    var row = RunProgressRow()
    row.indicators.add(estimates)
    try learn(from: picks, batch, estimates, selectionBatch, &row, in: change.connection)
    report.promptCount += batch.groups.count
    pending = pending.dropFirst(batch.groups.count)
    iteration = number
    row.learning = try learner.learn(
      iteration: number, doneCount: report.promptCount, promptCount: pool.totalCount, threadCount: threadCount)
    try measure(&row)
    (row.run, row.iteration, row.method, row.batch) = (name, number, method.name, selectionBatch)
    (row.snapshot, row.head) = (snapshot, name)
    (row.promptCount, row.labelCount, row.tieCount) = (report.promptCount, report.labelCount, report.tieCount)
    try row.insert(into: change.writer(.progress))
    if end != nil || number % configuration.checkpointInterval == 0 { try storeHead(in: change) }
    report.newIterationCount += 1
    report.iterationCount = number
    let pairs = "\(picks.count) \(picks.count == 1 ? "pair" : "pairs") for \(judge.name)"
    return (note("Iteration \(number) of \(name): \(pairs), \(report.labelCount) labels so far", number), .made)
  }

  /// The method's pair of each prompt that it can pick one from.
  private func pick(
    from batch: InputBatch, _ estimates: RewardEstimates, in connection: Connection
  ) throws -> [RunPick] {
    let candidates = try RunCandidates(for: method, judge: judge, encoder: encoder, space: space, in: connection)
    let key = method.randomKey(seed: UInt64(configuration.seed))
    var picks: [RunPick] = []
    for (index, group) in batch.groups.enumerated() {
      try candidates.take(group, firstRow: batch.starts[index], estimates)
      let random = group.promptID.withUnsafeBytes { key.prompt($0) }
      let outcome = try candidates.withCandidates(of: group) { (columns) throws(CandidatesError) in
        try method.select(columns, random: random)
      }
      guard case .pair(let pair) = outcome else {
        report.skippedCount += 1
        continue
      }
      let (first, second) = (candidates.rows[pair.first], candidates.rows[pair.second])
      picks.append(
        RunPick(
          pair: PendingPair(
            promptID: group.promptText, first: group.responses[first - batch.starts[index]],
            second: group.responses[second - batch.starts[index]]), first: first, second: second))
    }
    return picks
  }

  /// Shows the learner what was said of the picks, and counts it.
  private func learn(
    from picks: [RunPick], _ batch: InputBatch, _ estimates: RewardEstimates, _ selectionBatch: Int,
    _ row: inout RunProgressRow, in connection: Connection
  ) throws {
    let labels = try RunLabels(by: judge.name, method: method.name, in: connection)
    for pick in picks {
      guard
        let label = try labels.label(pick.pair.promptID, pick.pair.first, pick.pair.second, batch: selectionBatch)
      else {
        report.withoutVerdictCount += 1
        continue
      }
      report.labelCount += 1
      if let chosen = label.chosenScore, let rejected = label.rejectedScore {
        row.indicators.add(chosenScore: chosen, rejectedScore: rejected)
      }
      guard let firstIsChosen = label.firstIsChosen else {
        report.tieCount += 1
        continue
      }
      let (chosen, rejected) = firstIsChosen ? (pick.first, pick.second) : (pick.second, pick.first)
      row.indicators.add(estimates, chosen: chosen, rejected: rejected)
      batch.withInput(chosen) { chosen in
        batch.withInput(rejected) { learner.remember(chosen: chosen, rejected: $0) }
      }
    }
  }

  /// Measures the head on the held-out labels, if there are any.
  func measure(_ row: inout RunProgressRow) throws {
    guard let heldout else { return }
    row.heldoutCount = heldout.count
    row.heldoutAccuracy = try heldout.accuracy(of: learner.head, threadCount: threadCount)
    note(row.heldoutAccuracy, of: iteration ?? 0)
  }

  /// Takes note of an accuracy on held-out labels.
  func note(_ accuracy: Double?, of iteration: Int) {
    report.heldoutAccuracy = accuracy
    if let accuracy, best.map({ accuracy > $0.accuracy }) ?? true { best = (accuracy, iteration) }
  }

  /// What a commit of an iteration says.
  func note(_ message: String, _ number: Int) -> CommitNote {
    CommitNote(
      message: message,
      operation: Operation(
        "run",
        [
          "run": .text(name), "iteration": .integer(Int64(number)), "configuration": .json(configuration.recorded),
        ]))
  }
}

extension SelectionMethod {
  /// The method's parameters as selections record them.
  var recordedParameters: [String: Operation.Value] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value.recorded) })
  }
}

// Going on with a run that was begun before.

import AufdbReward

extension LoopRun {
  /// Takes up a run of this name where the branch's tip left it; does nothing where there is none.
  ///
  /// - Parameters:
  ///   - rows: its progress.
  ///   - checkpoint: the iteration after which the learner was stored that training goes on from; 0 for a new one.
  /// - Throws: `.refused` where it was begun with other settings, or where its labels aren't what they were.
  func resume(
    _ rows: [RunProgressRow], checkpoint: Int, _ reader: InputReader, in connection: Connection
  ) throws {
    guard let last = rows.last else { return }
    try Self.requireSameSettings(configuration, judge, rows, in: connection)
    try requireSamePool(rows, in: connection)
    if let row = rows.first, row.iteration == 0 {
      let lookup = try RunLabels(by: judge.name, method: row.method, in: connection)
      try take(heldout: lookup.labels(ofBatches: [row.batch])[row.batch] ?? [], reader)
      note(row.heldoutAccuracy, of: 0)
    }
    let iterations = rows.filter { $0.iteration > 0 }
    storedIteration = checkpoint
    let lookup = try RunLabels(by: judge.name, method: method.name, in: connection)
    let labels = try lookup.labels(ofBatches: Set(iterations.map(\.batch)))
    for row in iterations {
      try remember(labels[row.batch] ?? [], reader)
      if row.iteration > checkpoint { try learnAgain(row) }
      note(row.heldoutAccuracy, of: row.iteration)
    }
    (report.promptCount, report.labelCount, report.tieCount) = (last.promptCount, last.labelCount, last.tieCount)
    (iteration, report.iterationCount) = (last.iteration, last.iteration)
    report.resumedAt = last.iteration + 1
    let done = try donePrompts(in: connection)
    pending = pool.promptIDs.filter { !done.contains($0) }[...]
  }

  /// Shows the learner an iteration's labels again.
  private func remember(_ labels: [RunLabel], _ reader: InputReader) throws {
    for label in labels {
      guard let firstIsChosen = label.firstIsChosen else { continue }
      let batch = try InputBatch([Array(label.promptID.utf8)], reader, scaling)
      guard let first = batch.row(0, label.first), let second = batch.row(0, label.second) else {
        throw changed("the embeddings of '\(label.promptID)' aren't all there any more")
      }
      let (chosen, rejected) = firstIsChosen ? (first, second) : (second, first)
      batch.withInput(chosen) { chosen in
        batch.withInput(rejected) { learner.remember(chosen: chosen, rejected: $0) }
      }
    }
  }

  /// Trains as an iteration trained, and holds it to what that one noted.
  private func learnAgain(_ row: RunProgressRow) throws {
    let learned = try learner.learn(
      iteration: row.iteration, doneCount: row.promptCount, promptCount: pool.totalCount,
      threadCount: threadCount)
    guard learned?.loss == row.learning?.loss else {
      func text(_ report: LearningReport?) -> String { report.map { "\($0.loss)" } ?? "none" }
      throw changed("iteration \(row.iteration) had a loss of \(text(row.learning)), and now has \(text(learned))")
    }
  }

  /// The reward head that a run has stored; nil where there is none.
  ///
  /// - Throws: `.refused` where the head of its name is somebody else's.
  static func ownHead(of run: String, in connection: Connection) throws -> StoredHead? {
    guard let head = try StoredHead.load(run, in: connection) else { return nil }
    let maker = try connection.first("SELECT json_extract(?1, '$.run')", .text(head.configuration)) {
      $0.optionalString(0)
    }
    guard maker == run else { throw taken("reward head '\(run)'", from: run) }
    return head
  }

  /// Something that isn't the run's stands where its own is to stand.
  static func taken(_ what: String, from run: String) -> AufdbError {
    AufdbError(
      .refused, "there is a \(what) already, which isn't of the run '\(run)'", hint: "name the run with --name")
  }

  private func changed(_ what: String) -> AufdbError {
    AufdbError(
      .refused, "the run '\(name)' can't be gone on with, because its labels or prompts have changed: \(what)",
      hint: "begin another run with --name")
  }

  /// - Throws: `.refused` where a run of that name was begun otherwise, with the settings that it had.
  static func requireSameSettings(
    _ configuration: RunConfiguration, _ judge: Judge, _ rows: [RunProgressRow], in connection: Connection
  ) throws {
    guard !rows.isEmpty else { return }
    let other = AufdbError(
      .refused, "a run '\(configuration.runName)' was begun with other settings",
      hint: "begin another one with --name, or go back to those: ")
    let heldoutCount = try rows.first.flatMap { $0.iteration == 0 ? $0.batch : nil }.map {
      Int(
        try connection.integer(
          "SELECT count(*) FROM selections WHERE method = ?1 AND batch = ?2", .text(heldoutMethod),
          .integer(Int64($0))))
    }
    if (heldoutCount ?? 0) != configuration.heldoutCount {
      throw other.hinting("heldout was \(heldoutCount ?? 0)")
    }
    guard let snapshot = rows.first(where: { $0.iteration > 0 })?.snapshot else { return }
    let differing = try connection.all(
      """
      SELECT a.key || ' was ' || ifnull(a.value, 'null')
      FROM snapshots AS s, json_each(s.details, '$.configuration') AS a
      LEFT JOIN json_each(?2) AS b ON b.key = a.key
      WHERE s.snapshot = ?1 AND a.value IS NOT b.value
      """, .text(snapshot), .text(configuration.decisive(by: judge))
    ) { $0.string(0) }
    guard differing.isEmpty else { throw other.hinting(differing.joined(separator: ", ")) }
  }

  /// The order of prompts, and how the regularisation fades, follow from all of them.
  private func requireSamePool(_ rows: [RunProgressRow], in connection: Connection) throws {
    guard let snapshot = rows.first(where: { $0.iteration > 0 })?.snapshot else { return }
    let promptCount = try connection.first(
      "SELECT details ->> '$.prompts' FROM snapshots WHERE snapshot = ?1", .text(snapshot)
    ) { Int($0.integer(0)) }
    guard promptCount == pool.totalCount else {
      throw changed("it began with \(promptCount ?? 0) prompts, and there are \(pool.totalCount) now")
    }
  }

  /// The prompts of the run's iterations.
  private func donePrompts(in connection: Connection) throws -> Set<[UInt8]> {
    let ids = try connection.statement(
      """
      SELECT DISTINCT prompt_id FROM estimates
      WHERE snapshot IN (SELECT snapshot FROM progress WHERE run = ?1)
      """)
    ids.bind(1, .text(name))
    var done: Set<[UInt8]> = []
    while try ids.step() { done.insert(Array(ids.text(0))) }
    return done
  }
}

extension AufdbError {
  fileprivate func hinting(_ more: String) -> AufdbError {
    AufdbError(kind, message, hint: (hint ?? "") + more, at: place)
  }
}

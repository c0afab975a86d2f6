// One `score` at work: embeddings in, estimates out, some thousand responses at a time.

import AufdbReward

/// One `score` at work.
final class ScoringRun {
  private let options: ScoreOptions
  private let threadCount: Int
  private let stored: StoredHead
  private let head: any RewardHead
  private let reader: InputReader
  private let promptIDs: [[UInt8]]
  private let writer: EstimateWriter
  private let presence: SQLStatement?
  private(set) var report = ScoreReport()

  private static let batchRows = 1024

  init(_ options: ScoreOptions, threadCount: Int, in change: Change) throws {
    self.options = options
    self.threadCount = threadCount
    let connection = change.connection
    let prefix = options.revision == nil ? "" : "source_"
    if let revision = options.revision {
      try connection.visibility(of: connection.resolve(revision)).install(
        in: connection, showsIDs: true, prefix: prefix)
    }
    stored = try StoredHead.named(options.head, prefix: prefix, in: connection)
    head = try stored.head()
    reader = try InputReader(encoder: stored.encoder, features: stored.features, prefix: prefix, in: connection)
    guard reader.inputCount == head.inputCount else {
      throw AufdbError(
        .refused,
        "the reward head '\(stored.name)' takes \(head.inputCount) numbers, and '\(stored.encoder)' now gives "
          + "\(reader.inputCount)", hint: "train another head on these embeddings")
    }
    let coverage = try EmbeddingCoverage(encoder: stored.encoder, prefix: prefix, in: connection)
    if !options.allowsPartial { try coverage.requireAll(hint: "--allow-partial estimates the others") }
    promptIDs = try reader.promptIDs()
    report.snapshot = options.snapshot ?? stored.name
    report.kind = stored.kind
    report.missingCount = coverage.missingCount
    report.labelCount = try stored.detail("labels", in: connection) ?? 0
    try Store.checkName(report.snapshot, "snapshot")
    try Self.prepare(report.snapshot, options, stored, in: change)
    presence =
      options.onlyMissing
      ? try connection.statement(
        "SELECT 1 FROM estimates WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND snapshot = ?4") : nil
    presence?.bind(4, .text(report.snapshot))
    writer = try EstimateWriter(snapshot: report.snapshot, keepsHeads: options.keepsHeads, in: change)
  }

  /// Adds the snapshot's own row, or makes sure that it was made by this very head.
  private static func prepare(
    _ snapshot: String, _ options: ScoreOptions, _ stored: StoredHead, in change: Change
  ) throws {
    let state = StoredHead.digest(stored.state)
    let found = try change.connection.first(
      "SELECT origin, details ->> '$.state' FROM snapshots WHERE snapshot = ?1", .text(snapshot)
    ) { ($0.string(0), $0.optionalString(1)) }
    if options.onlyMissing {
      guard let (origin, made) = found else {
        throw AufdbError(.refused, "there is no snapshot '\(snapshot)'", hint: "leave --missing out to make it")
      }
      guard origin == "score", made == state else {
        throw AufdbError(
          .refused, "the snapshot '\(snapshot)' wasn't made by the reward head '\(stored.name)' as it is now",
          hint: "make another one with --snapshot NAME")
      }
      return
    }
    guard found == nil else {
      throw AufdbError(
        .refused, "there is a snapshot '\(snapshot)' already",
        hint: "name another one with --snapshot, or add --missing to estimate what it lacks")
    }
    let row = try change.writer(.snapshots)
    row.text(snapshot)
    row.text("score")
    row.text(
      Operation.object([
        "head": .text(stored.name), "kind": .text(stored.kind.rawValue), "encoder": .text(stored.encoder),
        "state": .text(state),
      ]))
    try row.insert()
  }

  func score(_ progress: ((Int, Int) -> Void)?) throws {
    var estimates = RewardEstimates()
    var batch = InputBatch(width: reader.inputCount)
    var vector = EmbeddingVector()
    var rest = promptIDs[...]
    while !rest.isEmpty {
      try batch.refill(from: &rest, atLeast: Self.batchRows, reader, stored.scaling, &vector)
      do throws(EmbeddingError) {
        try batch.withInputs { (inputs) throws(EmbeddingError) in
          try head.estimate(inputs, groupSizes: batch.groupSizes, threadCount: threadCount, into: &estimates)
        }
      } catch {
        throw batch.naming(error)
      }
      guard estimates.lower.allSatisfy(\.isFinite), estimates.upper.allSatisfy(\.isFinite) else {
        throw AufdbError(
          .refused, "the reward head '\(stored.name)' has no bounds, which estimates need",
          hint: "an ensemble needs two heads or more")
      }
      for (index, group) in batch.groups.enumerated() {
        var count = 0
        try writer.insert(group, estimates, firstRow: batch.starts[index]) { response in
          let isMeant = try !isPresent(group, response)
          count += isMeant ? 1 : 0
          return isMeant
        }
        report.estimateCount += count
        report.presentCount += group.responses.count - count
        if count > 0 { report.promptCount += 1 }
      }
      progress?(promptIDs.count - rest.count, promptIDs.count)
    }
  }

  private func isPresent(_ group: InputGroup, _ response: Int) throws -> Bool {
    guard let presence else { return false }
    presence.bind(1, .text(group.promptText))
    presence.bind(2, .text(group.responses[response].model))
    presence.bind(3, group.responses[response].sample)
    defer { presence.reset() }
    return try presence.step()
  }

  var note: CommitNote {
    CommitNote(
      message:
        "Score \(Relation.responses.phrase(report.estimateCount)) by \(stored.name) (snapshot \(report.snapshot))",
      operation: Operation(
        "score",
        [
          "head": .text(stored.name), "snapshot": .text(report.snapshot), "missing": .flag(options.onlyMissing),
          "at": options.revision.map { .text($0.description) } ?? .null, "heads": .flag(options.keepsHeads),
          "allow-partial": .flag(options.allowsPartial),
        ]))
  }
}

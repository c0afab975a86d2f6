// One `select` at work: candidates in, pairs out, rows into the change.

import AufdbAcquisition

/// One `select` on one change.
final class SelectionRun {
  private let options: SelectOptions
  private let change: Change
  private let method: any SelectionMethod
  private let source: CandidateSource
  private let prefix: String
  private let parameters: String
  private let writer: RowWriter
  private let isSelected: SQLStatement?
  private var report = SelectReport()

  /// A pair that waits for the end of the scan, because only some are kept.
  private struct Pick {
    var order: UInt64
    var promptID: [UInt8]
    var first: (model: String, sample: Int64)
    var second: (model: String, sample: Int64)
  }

  init(_ options: SelectOptions, in change: Change) throws {
    self.options = options
    self.change = change
    if let revision = options.revision {
      prefix = "source_"
      let connection = change.connection
      try connection.visibility(of: connection.resolve(revision)).install(
        in: connection, showsIDs: true, prefix: prefix)
    } else {
      prefix = ""
    }
    let data = SelectionData(connection: change.connection, prefix: prefix)
    let available: CandidateColumns = try data.hasEstimates ? .estimates : .scores
    do throws(MethodError) {
      method = try SelectionMethods.make(options.method, parameters: options.parameters, available: available)
    } catch {
      throw AufdbError(.usage, "\(error)", hint: error.hint)
    }
    source = try data.source(for: method, options)
    var recorded: [String: Operation.Value] = [:]
    for parameter in method.parameters { recorded[parameter.name] = parameter.value.recorded }
    switch source {
    case .estimates(let snapshot): report.snapshot = snapshot
    case .scores(let judge):
      report.judge = judge
      recorded["judge"] = .text(judge)
    case .responses: break
    }
    parameters = Operation.object(recorded)
    report.batch = Int(try change.connection.integer("SELECT ifnull(max(batch), 0) + 1 FROM selections"))
    writer = try change.writer(.selections)
    let isAsked = report.batch > 1 && !options.again
    isSelected =
      isAsked
      ? try change.statement("SELECT 1 FROM selections WHERE prompt_id = ?1 AND method = ?2 LIMIT 1") : nil
    isSelected?.bind(2, .text(method.name))
  }

  func run(isSorted: Bool) throws -> (CommitNote, SelectReport) {
    let key = method.randomKey(seed: options.seed)
    let orderKey = RandomKey(seed: options.seed, purpose: "order of prompts")
    var picks: [Pick] = []
    var groupCount = 0
    try change.connection.forEachCandidateGroup(of: source, prefix: prefix, isSorted: isSorted) { group in
      groupCount += 1
      guard try !wasSelected(group) else {
        report.alreadySelectedCount += 1
        return
      }
      let random = group.promptID.withUnsafeBytes { key.prompt($0) }
      guard case .pair(let pair) = try pick(group, random) else {
        report.tooFewCount += 1
        return
      }
      guard options.limit != nil else {
        try insert(group, pair)
        return
      }
      var order = group.promptID.withUnsafeBytes { orderKey.prompt($0) }.draws(round: 0)
      picks.append(
        Pick(
          order: UInt64(order.next()) << 32 | UInt64(order.next()), promptID: group.promptID,
          first: (group.model(pair.first), group.candidates[pair.first].sample),
          second: (group.model(pair.second), group.candidates[pair.second].sample)))
    }
    if let limit = options.limit {
      // Prompts of one hash are told apart by their ids, so that the choice is the same everywhere.
      picks.sort {
        $0.order == $1.order ? $0.promptID.lexicographicallyPrecedes($1.promptID) : $0.order < $1.order
      }
      for pick in picks.prefix(limit) { try insert(pick) }
    }
    report.selectedCount = writer.count
    let promptCount = Int(try change.connection.integer("SELECT count(*) FROM \(prefix)prompts"))
    report.withoutCandidatesCount = max(0, promptCount - groupCount)
    return (note, report)
  }

  private func wasSelected(_ group: CandidateGroup) throws -> Bool {
    guard let isSelected else { return false }
    return try group.promptID.withUnsafeBytes {
      isSelected.bind(1, unownedText: $0)
      defer { isSelected.reset() }
      return try isSelected.step()
    }
  }

  private func pick(_ group: CandidateGroup, _ random: KeyedRandom) throws -> SelectionOutcome {
    do throws(CandidatesError) {
      return try group.storage.withCandidates { (candidates) throws(CandidatesError) in
        report.rewardsOutsideBoundsCount += candidates.rewardsOutsideBoundsCount
        return try method.select(candidates, random: random)
      }
    } catch {
      let models = group.candidates.indices.map { group.model($0) }.joined(separator: ", ")
      throw AufdbError(
        .badData, "the prompt '\(String(decoding: group.promptID, as: UTF8.self))': \(error)",
        hint: "its candidates, from 0: \(models)")
    }
  }

  private func insert(_ group: CandidateGroup, _ pair: Pair) throws {
    // Bound without copies, so all of it must stay in place until the row is stored.
    try group.promptID.withUnsafeBytes { promptID in
      try group.withModel(pair.first) { first in
        try group.withModel(pair.second) { second in
          writer.text(promptID)
          writer.text(first)
          writer.integer(group.candidates[pair.first].sample)
          writer.text(second)
          writer.integer(group.candidates[pair.second].sample)
          try finishRow()
        }
      }
    }
  }

  private func insert(_ pick: Pick) throws {
    try pick.promptID.withUnsafeBytes {
      writer.text($0)
      writer.text(pick.first.model)
      writer.integer(pick.first.sample)
      writer.text(pick.second.model)
      writer.integer(pick.second.sample)
      try finishRow()
    }
  }

  private func finishRow() throws {
    writer.text(method.name)
    writer.integer(report.batch)
    writer.optionalText(report.snapshot)
    writer.integer(Int64(options.seed))
    writer.text(parameters)
    try writer.insert()
  }

  private var note: CommitNote {
    var saw: [String] = []
    if let snapshot = report.snapshot { saw.append("snapshot \(snapshot)") }
    if let judge = report.judge { saw.append("scores of \(judge)") }
    saw.append("seed \(options.seed)")
    return CommitNote(
      message: "Select \(report.selectedCount) pairs by \(method.name) (\(saw.joined(separator: ", ")))",
      operation: Operation(
        "select",
        [
          "method": .text(method.name), "parameters": .json(parameters), "seed": .integer(Int64(options.seed)),
          "snapshot": report.snapshot.map { .text($0) } ?? .null, "batch": .integer(Int64(report.batch)),
          "limit": options.limit.map { .integer(Int64($0)) } ?? .null, "again": .flag(options.again),
          "at": options.revision.map { .text($0.description) } ?? .null,
        ]))
  }
}

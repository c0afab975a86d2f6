// Puts estimates into the store; EstimateRecord.swift tells what their lines look like.

final class EstimatesImporter: RecordImporter {
  /// That of lines that name none; nil: such lines are refused.
  private let fallback: ImportedSnapshot?
  /// Those that lines name.
  private var named: [[UInt8]: ImportedSnapshot] = [:]
  private var latest: ImportedSnapshot?
  private let settlement: Settlement
  private let estimates: RowWriter
  private let responses: ResponseLookup
  private let lookup: SQLStatement
  private var record = EstimateRecord()

  /// - Parameter snapshot: whose estimates those are whose lines name no snapshot.
  init(snapshot: String?, _ state: ImportState) throws {
    if let snapshot { try Store.checkName(snapshot, "snapshot") }
    fallback = try snapshot.map { try ImportedSnapshot($0, in: state.change.connection) }
    settlement = state.settlement(alternative: "name another snapshot with --snapshot")
    estimates = try state.change.writer(.estimates)
    responses = try ResponseLookup(state)
    lookup = try state.change.connection.statement(
      """
      SELECT id, reward, lower, upper, heads FROM estimates
      WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND snapshot = ?4
      """)
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    try record.parse(line)
    let snapshot = try snapshot()
    if record.hasHeads { try snapshot.checkHeadCount(record.heads.count) }
    let prompt = try responses.prompt(record.promptID)
    let sample = try responses.require(record.promptID, record.model, record.sample, in: prompt)
    let found = try find(prompt.id, sample, snapshot)
    let outcome = try settlement.decide(.estimates, found, isFolded: prompt.isFolded) {
      "the estimate of \(Field.excerpt(record.model)) for '\(Field.excerpt(record.promptID))' in the snapshot "
        + "'\(snapshot.name)' is there already and differs"
    }
    if record.reward < record.lower || record.reward > record.upper { report.rewardsOutsideBoundsCount += 1 }
    guard try settlement.begin(.estimates, outcome, &report) else { return }
    try snapshot.insert(into: settlement.change)
    try insert(prompt.id, sample, snapshot)
  }

  private func snapshot() throws -> ImportedSnapshot {
    guard let name = record.snapshot else {
      guard let fallback else {
        throw AufdbError(.usage, "estimates from standard input need a snapshot's name", hint: "add --snapshot NAME")
      }
      return fallback
    }
    if let latest, latest.nameBytes.bytes.isEqual(to: name) { return latest }
    if let fallback, fallback.nameBytes.bytes.isEqual(to: name) { return fallback }
    // By its bytes: names may differ that are canonically equal as Strings.
    let key = Array(name)
    let snapshot =
      try named[key] ?? ImportedSnapshot(String(decoding: name, as: UTF8.self), in: settlement.change.connection)
    named[key] = snapshot
    latest = snapshot
    return snapshot
  }

  private func find(_ promptID: Bytes, _ sample: Int64, _ snapshot: ImportedSnapshot) throws -> Found {
    lookup.bind(1, unownedText: promptID)
    lookup.bind(2, unownedText: record.model)
    lookup.bind(3, sample)
    lookup.bind(4, unownedText: snapshot.nameBytes.bytes)
    defer { lookup.reset() }
    guard try lookup.step() else { return .nothing }
    let isSame =
      lookup.real(1) == record.reward && lookup.real(2) == record.lower && lookup.real(3) == record.upper
      && hasSameHeads()
    return isSame ? .same : .other(id: lookup.integer(0))
  }

  private func hasSameHeads() -> Bool {
    guard record.hasHeads else { return lookup.isNull(4) }
    return lookup.type(4) == SQLiteType.blob && record.heads.withUnsafeBytes { lookup.bytes(4).isEqual(to: $0) }
  }

  private func insert(_ promptID: Bytes, _ sample: Int64, _ snapshot: ImportedSnapshot) throws {
    estimates.text(snapshot.nameBytes.bytes)
    estimates.text(promptID)
    estimates.text(record.model)
    estimates.integer(sample)
    estimates.real(record.reward)
    estimates.real(record.lower)
    estimates.real(record.upper)
    // Bound without a copy, so they must stay in place until the row is stored.
    try record.heads.withUnsafeBytes {
      estimates.optionalBlob(record.hasHeads ? $0 : nil)
      try estimates.insert()
    }
    if record.hasHeads { snapshot.noteHeadCount(record.heads.count) }
  }
}

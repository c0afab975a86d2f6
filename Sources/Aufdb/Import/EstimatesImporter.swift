// Puts estimates into the store: {"prompt_id", "model", "sample"?, "reward", "lower", "upper"}, all of one snapshot.

final class EstimatesImporter: RecordImporter {
  private let snapshot: String
  private let settlement: Settlement
  private let estimates: RowWriter
  private let responses: ResponseLookup
  private let estimateLookup: SQLStatement
  private var reader = JSONReader()

  init(snapshot: String, replaces: Bool, into change: Change) throws {
    try Store.checkName(snapshot, "snapshot")
    self.snapshot = snapshot
    settlement = Settlement(
      change: change, replaces: replaces, alternative: "name another snapshot with --snapshot")
    estimates = try change.writer(.estimates)
    responses = try ResponseLookup(in: change.connection)
    estimateLookup = try change.connection.statement(
      """
      SELECT id, reward, lower, upper FROM estimates
      WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND snapshot = ?4
      """)
    estimateLookup.bind(4, .text(snapshot))
    let isKnown = try change.connection.first("SELECT 1 FROM snapshots WHERE snapshot = ?1", .text(snapshot)) { _ in
      true
    }
    if isKnown == nil {
      let snapshots = try change.writer(.snapshots)
      snapshots.text(snapshot)
      snapshots.text("import")
      snapshots.null()
      try snapshots.insert()
    }
  }

  private struct Record {
    var promptID: Bytes
    var model: Bytes
    var sample: Int64
    var reward: Double
    var lower: Double
    var upper: Double
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    let record = try parse(line)
    guard record.lower <= record.upper else {
      throw AufdbError(.badData, "lower (\(record.lower)) is above upper (\(record.upper))")
    }
    if record.reward < record.lower || record.reward > record.upper { report.rewardsOutsideBoundsCount += 1 }
    try responses.require(record.promptID, record.model, record.sample)
    let isToBeInserted = try settlement.isToBeInserted(.estimates, find(record), &report) {
      "the estimate of \(Field.excerpt(record.model)) for '\(Field.excerpt(record.promptID))' in the snapshot "
        + "'\(snapshot)' is there already and differs"
    }
    guard isToBeInserted else { return }
    estimates.text(snapshot)
    estimates.text(record.promptID)
    estimates.text(record.model)
    estimates.integer(record.sample)
    estimates.real(record.reward)
    estimates.real(record.lower)
    estimates.real(record.upper)
    try estimates.insert()
  }

  private func find(_ record: Record) throws -> Found {
    estimateLookup.bind(1, unownedText: record.promptID)
    estimateLookup.bind(2, unownedText: record.model)
    estimateLookup.bind(3, record.sample)
    defer { estimateLookup.reset() }
    guard try estimateLookup.step() else { return .nothing }
    let isSame =
      estimateLookup.real(1) == record.reward && estimateLookup.real(2) == record.lower
      && estimateLookup.real(3) == record.upper
    return isSame ? .same : .other(id: estimateLookup.integer(0))
  }

  /// A number that is still finite in single precision, in which methods compute.
  private func number(_ name: String) throws -> Double {
    let value = try Field.number(&reader, name)
    guard Float(value).isFinite else {
      throw AufdbError(.badData, "\(name) is too large: estimates are in single precision")
    }
    return value
  }

  private func parse(_ line: Bytes) throws -> Record {
    var (promptID, model): (Bytes?, Bytes?)
    var (reward, lower, upper): (Double?, Double?, Double?)
    var sample: Int64 = 0
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "model": model = try Field.name(&reader, "model")
      case "sample": sample = try Field.wholeNumber(&reader, "sample")
      case "reward": reward = try number("reward")
      case "lower": lower = try number("lower")
      case "upper": upper = try number("upper")
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let promptID else { throw Field.missing("prompt_id") }
    guard let model else { throw Field.missing("model") }
    guard let reward else { throw Field.missing("reward") }
    guard let lower else { throw Field.missing("lower") }
    guard let upper else { throw Field.missing("upper") }
    return Record(promptID: promptID, model: model, sample: sample, reward: reward, lower: lower, upper: upper)
  }
}

// Puts estimates into the store: {"prompt_id", "model", "sample"?, "reward", "lower", "upper", "heads"?}, all of one
// snapshot. heads are the rewards of an ensemble's single heads: a list of numbers, of which each response of the
// snapshot has as many, or no list at all.

final class EstimatesImporter: RecordImporter {
  private let snapshot: String
  private let settlement: Settlement
  private let estimates: RowWriter
  private let responses: ResponseLookup
  private let estimateLookup: SQLStatement
  private var reader = JSONReader()
  /// Those of the last line that had any, as the store keeps them: the bits of float32s, little-endian.
  private var heads: [UInt32] = []
  /// How many the snapshot's responses have; nil as long as nothing is known of any.
  private var headCount: Int?
  /// Counts the heads that the snapshot has in the store already; nil for a new one, and once that is done.
  private var headCounter: SQLStatement?

  private static let headLimit = 4096

  init(snapshot: String, replaces: Bool, into change: Change) throws {
    try Store.checkName(snapshot, "snapshot")
    self.snapshot = snapshot
    settlement = Settlement(
      change: change, replaces: replaces, alternative: "name another snapshot with --snapshot")
    estimates = try change.writer(.estimates)
    responses = try ResponseLookup(in: change.connection)
    estimateLookup = try change.connection.statement(
      """
      SELECT id, reward, lower, upper, heads FROM estimates
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
    } else {
      headCounter = try change.connection.statement(
        "SELECT length(heads) / 4 FROM estimates WHERE snapshot = ?1 AND heads IS NOT NULL LIMIT 1")
      headCounter?.bind(1, .text(snapshot))
    }
  }

  private struct Record {
    var promptID: Bytes
    var model: Bytes
    var sample: Int64
    var reward: Double
    var lower: Double
    var upper: Double
    /// Whether it has `heads`.
    var hasHeads: Bool
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    let record = try parse(line)
    guard record.lower <= record.upper else {
      throw AufdbError(.badData, "lower (\(record.lower)) is above upper (\(record.upper))")
    }
    if record.reward < record.lower || record.reward > record.upper { report.rewardsOutsideBoundsCount += 1 }
    if record.hasHeads { try checkHeadCount() }
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
    // Bound without a copy, so they must stay in place until the row is stored.
    try heads.withUnsafeBytes {
      estimates.optionalBlob(record.hasHeads ? $0 : nil)
      try estimates.insert()
    }
  }

  /// Holds a line's heads to those of the snapshot's other responses.
  private func checkHeadCount() throws {
    if headCount == nil, let counter = headCounter {
      // Once for an import, and only where it matters: it may read all estimates.
      headCount = try counter.step() ? Int(counter.integer(0)) : nil
      counter.reset()
      headCounter = nil
    }
    guard let headCount, headCount != heads.count else {
      headCount = heads.count
      return
    }
    throw AufdbError(
      .badData, "heads has \(heads.count) numbers, and those before it in the snapshot '\(snapshot)' have \(headCount)",
      hint: "all responses of a snapshot have the same heads; name another one with --snapshot")
  }

  private func find(_ record: Record) throws -> Found {
    estimateLookup.bind(1, unownedText: record.promptID)
    estimateLookup.bind(2, unownedText: record.model)
    estimateLookup.bind(3, record.sample)
    defer { estimateLookup.reset() }
    guard try estimateLookup.step() else { return .nothing }
    let isSame =
      estimateLookup.real(1) == record.reward && estimateLookup.real(2) == record.lower
      && estimateLookup.real(3) == record.upper && hasSameHeads(record)
    return isSame ? .same : .other(id: estimateLookup.integer(0))
  }

  private func hasSameHeads(_ record: Record) -> Bool {
    guard record.hasHeads else { return estimateLookup.isNull(4) }
    return estimateLookup.type(4) == SQLiteType.blob
      && heads.withUnsafeBytes { estimateLookup.bytes(4).isEqual(to: $0) }
  }

  /// A number that is still finite in single precision, in which methods compute.
  private func number(_ name: String) throws -> Double {
    let value = try Field.number(&reader, name)
    guard Float(value).isFinite else {
      throw AufdbError(.badData, "\(name) is too large: estimates are in single precision")
    }
    return value
  }

  /// Reads `heads`; false for null.
  private func readHeads() throws -> Bool {
    if try reader.nullIfPresent() { return false }
    guard try reader.peekKind() == .array else { throw Field.mistyped(&reader, "heads", "a list of numbers") }
    heads.removeAll(keepingCapacity: true)
    try reader.beginArray()
    while try reader.nextElement() {
      guard heads.count < Self.headLimit else {
        throw AufdbError(.badData, "heads has more than \(Self.headLimit) numbers")
      }
      guard try reader.peekKind() == .number else {
        throw Field.mistyped(&reader, "heads[\(heads.count)]", "a number")
      }
      // The sum makes 0.0 of -0.0, so that equal numbers have equal bytes.
      let head = Float(try reader.double()) + 0
      guard head.isFinite else {
        throw AufdbError(.badData, "heads[\(heads.count)] is too large: estimates are in single precision")
      }
      heads.append(head.bitPattern.littleEndian)
    }
    guard !heads.isEmpty else { throw AufdbError(.badData, "heads is empty") }
    return true
  }

  private func parse(_ line: Bytes) throws -> Record {
    var (promptID, model): (Bytes?, Bytes?)
    var (reward, lower, upper): (Double?, Double?, Double?)
    var sample: Int64 = 0
    var hasHeads = false
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
      case "heads": hasHeads = try readHeads()
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let promptID else { throw Field.missing("prompt_id") }
    guard let model else { throw Field.missing("model") }
    guard let reward else { throw Field.missing("reward") }
    guard let lower else { throw Field.missing("lower") }
    guard let upper else { throw Field.missing("upper") }
    return Record(
      promptID: promptID, model: model, sample: sample, reward: reward, lower: lower, upper: upper, hasHeads: hasHeads)
  }
}

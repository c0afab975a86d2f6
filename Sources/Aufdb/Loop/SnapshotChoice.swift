// Which snapshot a selection sees where none is named: the newest whose estimates cover the prompts that are asked.
//
// A run leaves a snapshot an iteration, each of some prompts only, so there may be hundreds that don't. They are
// dismissed by one look-up each, as a rule: of a response that an earlier one lacked.

/// The choice among the snapshots of one revision, the newest first.
struct SnapshotChoice {
  private let connection: Connection
  private let prefix: String
  private let scope: PromptScope
  private let lookup: SQLStatement
  private let responses: SQLStatement
  private let ofPrompt: SQLStatement

  /// A response by its key.
  private struct Name {
    var promptID: String
    var model: String
    var sample: Int64
  }

  /// After so many look-ups without a gap it is worth the while to count.
  private static let countingThreshold = 1_000

  init(_ scope: PromptScope, prefix: String, in connection: Connection) throws {
    self.connection = connection
    self.prefix = prefix
    self.scope = scope
    lookup = try connection.statement(
      """
      SELECT 1 FROM \(prefix)estimates WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND snapshot = ?4 LIMIT 1
      """)
    responses = try connection.statement(
      "SELECT prompt_id, model, sample FROM \(prefix)responses ORDER BY prompt_id, model, sample")
    ofPrompt = try connection.statement("SELECT snapshot FROM \(prefix)estimates WHERE prompt_id = ?1")
  }

  /// The newest snapshot that has an estimate of every response of the prompts that are asked; nil where none has.
  ///
  /// - Parameter snapshots: in the order of their birth.
  /// - Complexity: a look-up for most snapshots that lack something; up to one a response, or a scan of an index, for
  ///   the one that is found.
  func newestCovering(_ snapshots: [String]) throws -> String? {
    var missing: Name?
    for snapshot in snapshots.reversed() {
      if let missing, try !has(missing, snapshot) { continue }
      missing = try firstMissing(snapshot)
      if missing == nil { return snapshot }
    }
    return nil
  }

  /// The newest snapshot with an estimate of any prompt that is asked; nil where none has.
  ///
  /// - Parameter snapshots: in the order of their birth.
  /// - Complexity: up to a look-up a prompt, and a step for each of its estimates in any snapshot.
  func newestTouching(_ snapshots: [String]) throws -> String? {
    let places = Dictionary(uniqueKeysWithValues: zip(snapshots, snapshots.indices))
    var newest: Int?
    try forEachAskedPrompt { promptID in
      for snapshot in try counts(of: promptID).keys {
        if let place = places[snapshot], place > newest ?? -1 { newest = place }
      }
      return newest != snapshots.count - 1
    }
    return newest.map { snapshots[$0] }
  }

  /// The snapshot with estimates of the most responses of the prompts that are asked, if it has more than `other`.
  ///
  /// - Complexity: a look-up a prompt, and a step for each of its estimates in any snapshot.
  func widest(than other: String) throws -> String? {
    var total: [String: Int] = [:]
    try forEachAskedPrompt { promptID in
      for (snapshot, count) in try counts(of: promptID) { total[snapshot, default: 0] += count }
      return true
    }
    let most = total.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }
    return most.flatMap { $0.value > total[other] ?? 0 ? $0.key : nil }
  }

  /// Lends the prompts that are asked in order of their ids, until `body` says false.
  private func forEachAskedPrompt(_ body: (Bytes) throws -> Bool) throws {
    let prompts = try connection.statement("SELECT prompt_id FROM \(prefix)prompts ORDER BY prompt_id")
    while try prompts.step() {
      guard try scope.exclusion(of: prompts.text(0)) == nil else { continue }
      guard try body(prompts.text(0)) else { return }
    }
  }

  /// Snapshot -> how many responses of the prompt it has estimates of.
  private func counts(of promptID: Bytes) throws -> [String: Int] {
    ofPrompt.bind(1, unownedText: promptID)
    defer { ofPrompt.reset() }
    var counts: [String: Int] = [:]
    while try ofPrompt.step() { counts[ofPrompt.string(0), default: 0] += 1 }
    return counts
  }

  private func has(_ name: Name, _ snapshot: String) throws -> Bool {
    lookup.bind(1, .text(name.promptID))
    lookup.bind(2, .text(name.model))
    lookup.bind(3, name.sample)
    lookup.bind(4, .text(snapshot))
    defer { lookup.reset() }
    return try lookup.step()
  }

  /// The first response of an asked prompt that the snapshot lacks.
  private func firstMissing(_ snapshot: String) throws -> Name? {
    let rows = responses
    lookup.bind(4, .text(snapshot))
    defer { rows.reset() }
    var promptID: [UInt8] = []
    var (isAsked, isFirst, lookupCount) = (false, true, 0)
    while try rows.step() {
      if isFirst || !promptID.withUnsafeBytes({ $0.isEqual(to: rows.text(0)) }) {
        isFirst = false
        promptID = Array(rows.text(0))
        isAsked = try scope.exclusion(of: rows.text(0)) == nil
      }
      guard isAsked else { continue }
      lookup.bind(1, unownedText: rows.text(0))
      lookup.bind(2, unownedText: rows.text(1))
      lookup.bind(3, rows.integer(2))
      let isThere = try lookup.step()
      lookup.reset()
      guard isThere else { return Name(promptID: rows.string(0), model: rows.string(1), sample: rows.integer(2)) }
      lookupCount += 1
      if lookupCount == Self.countingThreshold, try coversAll(snapshot) { return nil }
    }
    return nil
  }

  /// Whether the snapshot has as many estimates as there are responses at all: no estimate is without a response.
  private func coversAll(_ snapshot: String) throws -> Bool {
    let count = try connection.integer(
      "SELECT count(*) FROM \(prefix)estimates WHERE snapshot = ?1", .text(snapshot))
    return try count == connection.integer("SELECT count(*) FROM \(prefix)responses")
  }
}

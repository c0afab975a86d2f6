// Reads a prompt's candidates after the other out of the store, as the selection methods want them.
//
// Within a prompt the candidates stand in the order of (model, sample), by bytes: an index, and with it every tie and
// every random draw, then depends on the prompt's own responses and not on the order in which they were stored.
//
// Rows are read as they lie in the file, which is one scan. Usually all rows of a prompt lie together; where they
// don't, the scan finds out (a prompt comes back) and the caller starts again with the rows sorted by SQLite.

import AufdbAcquisition

/// The rows of one prompt don't lie together.
struct ScatteredRows: Error {}

/// What the candidates' numbers are read from.
enum CandidateSource {
  /// A snapshot's estimates.
  case estimates(snapshot: String)
  /// A judge's scores; responses without one are no candidates.
  case scores(judge: String)
  /// The responses alone.
  case responses
}

/// One prompt's candidates; reused from prompt to prompt.
struct CandidateGroup {
  fileprivate(set) var promptID: [UInt8] = []
  /// Their numbers, in the order of (model, sample).
  fileprivate(set) var storage = CandidateStorage()
  fileprivate(set) var candidates: [Candidate] = []
  // The models' names, one after the other.
  fileprivate var names: [UInt8] = []
  private var isSorted = true

  struct Candidate {
    fileprivate var name: Range<Int>
    var sample: Int64
    // Reward, lower, upper; or a score in the first.
    fileprivate var numbers: (Double, Double, Double)
  }

  /// Lends the model's name of a candidate.
  func withModel<T>(_ index: Int, _ body: (Bytes) throws -> T) rethrows -> T {
    try names.withUnsafeBytes { try body(Bytes(rebasing: $0[candidates[index].name])) }
  }

  func model(_ index: Int) -> String { String(decoding: names[candidates[index].name], as: UTF8.self) }

  fileprivate func isOf(_ promptID: Bytes) -> Bool {
    !candidates.isEmpty && self.promptID.withUnsafeBytes { $0.isEqual(to: promptID) }
  }

  fileprivate mutating func begin(_ promptID: Bytes) {
    self.promptID.removeAll(keepingCapacity: true)
    self.promptID.append(contentsOf: promptID)
    candidates.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    isSorted = true
  }

  fileprivate mutating func append(_ model: Bytes, _ sample: Int64, _ numbers: (Double, Double, Double)) {
    let start = names.count
    names.append(contentsOf: model)
    candidates.append(Candidate(name: start..<names.count, sample: sample, numbers: numbers))
    let last = candidates.count - 1
    guard isSorted, last > 0 else { return }
    isSorted = names.withUnsafeBytes { Self.isBefore(candidates[last - 1], candidates[last], $0) }
  }

  /// Sorts the candidates and fills the columns that methods see.
  fileprivate mutating func finish(_ source: CandidateSource) {
    if !isSorted {
      names.withUnsafeBytes { names in candidates.sort { Self.isBefore($0, $1, names) } }
    }
    storage.removeAll()
    switch source {
    case .estimates:
      for candidate in candidates {
        let (reward, lower, upper) = candidate.numbers
        storage.append(reward: Float(reward), lower: Float(lower), upper: Float(upper))
      }
    case .scores: for candidate in candidates { storage.append(score: candidate.numbers.0) }
    case .responses: storage.count = candidates.count
    }
  }

  private static func isBefore(_ one: Candidate, _ other: Candidate, _ names: Bytes) -> Bool {
    let (a, b) = (Bytes(rebasing: names[one.name]), Bytes(rebasing: names[other.name]))
    return a.isEqual(to: b) ? one.sample < other.sample : a.isBefore(b)
  }
}

extension Connection {
  /// Lends the candidates of each prompt that has any.
  ///
  /// - Parameters:
  ///   - prefix: of the views to read, which show ids.
  ///   - isSorted: whether SQLite sorts the rows by prompt first.
  /// - Throws: `ScatteredRows` where `isSorted` is needed; what `body` throws.
  /// - Complexity: one scan of the rows; memory: 8 bytes a prompt.
  func forEachCandidateGroup(
    of source: CandidateSource, prefix: String, isSorted: Bool, body: (CandidateGroup) throws -> Void
  ) throws {
    let rows: SQLStatement
    let order = " ORDER BY " + (isSorted ? "prompt_id" : "id")
    switch source {
    case .estimates(let snapshot):
      rows = try statement(
        "SELECT prompt_id, model, sample, reward, lower, upper FROM \(prefix)estimates WHERE snapshot = ?1"
          + order)
      rows.bind(1, .text(snapshot))
    case .scores(let judge):
      rows = try statement(
        "SELECT prompt_id, model, sample, score, NULL, NULL FROM \(prefix)scores "
          + "WHERE judge = ?1 AND score IS NOT NULL" + order)
      rows.bind(1, .text(judge))
    case .responses:
      // The index on the natural key has it all, in order.
      rows = try statement(
        "SELECT prompt_id, model, sample, NULL, NULL, NULL FROM \(prefix)responses ORDER BY prompt_id, model, sample")
    }
    var group = CandidateGroup()
    var seen: Set<Int> = []
    while try rows.step() {
      let promptID = rows.text(0)
      if !group.isOf(promptID) {
        if !group.candidates.isEmpty {
          group.finish(source)
          try body(group)
        }
        // Two prompts of one hash only cost a sort that wasn't needed.
        var hasher = Hasher()
        hasher.combine(bytes: promptID)
        guard seen.insert(hasher.finalize()).inserted || isSorted else { throw ScatteredRows() }
        group.begin(promptID)
      }
      group.append(rows.text(1), rows.integer(2), (rows.real(3), rows.real(4), rows.real(5)))
    }
    guard !group.candidates.isEmpty else { return }
    group.finish(source)
    try body(group)
  }
}

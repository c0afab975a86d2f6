// One prompt's candidates, gathered row by row and then put in order for a method to see.
//
// The candidates stand in the order of (model, sample), by bytes: an index, and with it every tie and every random draw,
// then depends on the prompt's own responses and not on the order in which they were stored.

import AufdbAcquisition

/// One prompt's candidates; its memory is used again from prompt to prompt.
final class CandidateGroup {
  private(set) var promptID: [UInt8] = []
  /// Their numbers, in order.
  private(set) var storage = CandidateStorage()
  private(set) var candidates: [Candidate] = []
  /// Responses of the prompt that lack something and are no candidates.
  var lackingCount = 0
  // The models' names, one after the other, and matrices, in the order of arrival.
  private var names: [UInt8] = []
  private var heads: [Float] = []
  private var features: [Float] = []
  private var isSorted = true

  /// One candidate. What isn't a column of the group is 0.
  struct Candidate {
    fileprivate var name: Range<Int>
    var sample: Int64
    fileprivate var arrival = 0
    var reward = 0.0
    var lower = 0.0
    var upper = 0.0
    var score = 0.0
    var length = 0
  }

  /// A candidate's natural key within the prompt.
  func response(_ index: Int) -> ResponseKey {
    ResponseKey(
      model: String(decoding: names[candidates[index].name], as: UTF8.self), sample: candidates[index].sample)
  }

  /// The index of a response, or nil where it is no candidate.
  func index(of response: ResponseKey) -> Int? {
    candidates.indices.first { self.response($0) == response }
  }

  func isOf(_ promptID: Bytes) -> Bool {
    self.promptID.withUnsafeBytes { $0.isEqual(to: promptID) }
  }

  func begin(_ promptID: Bytes) {
    self.promptID.removeAll(keepingCapacity: true)
    self.promptID.append(contentsOf: promptID)
    candidates.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    features.removeAll(keepingCapacity: true)
    lackingCount = 0
    isSorted = true
  }

  /// Adds a candidate; `fill` sets its numbers.
  func append(_ model: Bytes, _ sample: Int64, fill: (inout Candidate) -> Void) {
    let start = names.count
    names.append(contentsOf: model)
    var candidate = Candidate(name: start..<names.count, sample: sample, arrival: candidates.count)
    fill(&candidate)
    candidates.append(candidate)
    let last = candidates.count - 1
    guard isSorted, last > 0 else { return }
    isSorted = names.withUnsafeBytes { Self.isBefore(candidates[last - 1], candidates[last], $0) }
  }

  /// Adds a row of the heads' rewards, of the candidate that comes next.
  func append(heads row: Bytes) {
    for offset in stride(from: 0, to: row.count - 3, by: 4) {
      heads.append(
        Float(bitPattern: UInt32(littleEndian: row.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
    }
  }

  /// Adds a row of features, of the candidate that comes next.
  func append(features row: UnsafeBufferPointer<Float>) { features.append(contentsOf: row) }

  /// Sorts the candidates and fills the columns that methods see.
  func finish(_ columns: CandidateColumns) {
    if !isSorted {
      names.withUnsafeBytes { names in candidates.sort { Self.isBefore($0, $1, names) } }
    }
    storage.removeAll()
    storage.count = candidates.count
    if columns.contains(.rewards) {
      for candidate in candidates {
        storage.rewards.append(Float(candidate.reward))
        storage.lower.append(Float(candidate.lower))
        storage.upper.append(Float(candidate.upper))
      }
    }
    if columns.contains(.scores) { for candidate in candidates { storage.scores.append(candidate.score) } }
    if columns.contains(.textLengths) { for candidate in candidates { storage.textLengths.append(candidate.length) } }
    if columns.contains(.models) { for candidate in candidates { storage.append(model: names[candidate.name]) } }
    if columns.contains(.heads) { Self.put(heads, in: candidates, into: &storage.heads) }
    if columns.contains(.features) { Self.put(features, in: candidates, into: &storage.features) }
  }

  /// Replaces the features, row by row in the candidates' order, by what `body` makes of them.
  func replaceFeatures(_ body: (inout [Float]) throws -> Void) rethrows { try body(&storage.features) }

  /// Lends the candidates to `body`; an error of theirs names the prompt and its responses.
  func withCandidates<Result>(_ body: (Candidates) throws(CandidatesError) -> Result) throws(AufdbError) -> Result {
    do throws(CandidatesError) {
      return try storage.withCandidates(body)
    } catch {
      let names = candidates.indices.map { response($0).model }.joined(separator: ", ")
      throw AufdbError(
        .badData, "the prompt '\(String(decoding: promptID, as: UTF8.self))': \(error)",
        hint: "its candidates, from 0: \(names)")
    }
  }

  /// Rows of a matrix, in the candidates' order.
  private static func put(_ matrix: [Float], in candidates: [Candidate], into rows: inout [Float]) {
    guard !candidates.isEmpty else { return }
    let width = matrix.count / candidates.count
    for candidate in candidates {
      rows.append(contentsOf: matrix[candidate.arrival * width..<(candidate.arrival + 1) * width])
    }
  }

  private static func isBefore(_ one: Candidate, _ other: Candidate, _ names: Bytes) -> Bool {
    let (a, b) = (Bytes(rebasing: names[one.name]), Bytes(rebasing: names[other.name]))
    return a.isEqual(to: b) ? one.sample < other.sample : a.isBefore(b)
  }
}

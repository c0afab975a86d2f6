// The candidates of one prompt as they were read, and how they become columns.

import AufdbAcquisition

/// One candidate. What isn't a column of the group is 0.
struct Candidate {
  // Where the model's name stands. A row is copied a few times, so it is kept small.
  fileprivate var nameStart: Int32 = 0
  fileprivate var nameEnd: Int32 = 0
  fileprivate var arrival: Int32 = 0
  var reward: Float = 0
  var lower: Float = 0
  var upper: Float = 0
  var sample: Int64
  var score = 0.0
  var length = 0

  init(sample: Int64) { self.sample = sample }

  fileprivate var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
}

/// One prompt's candidates and their models' names; a plain value, so that a row costs no check of exclusive access.
struct CandidateList {
  private(set) var promptID: [UInt8] = []
  private(set) var candidates: [Candidate] = []
  // One after the other.
  fileprivate var names: [UInt8] = []
  // Matrices, in the order of arrival.
  fileprivate var heads: [Float] = []
  fileprivate var features: [Float] = []
  private var isSorted = true

  func isOf(_ promptID: Bytes) -> Bool {
    self.promptID.withUnsafeBytes { $0.isEqual(to: promptID) }
  }

  /// The name of a candidate's model.
  func model(_ index: Int) -> String { String(decoding: names[candidates[index].name], as: UTF8.self) }

  /// Forgets the candidates, for those of another prompt.
  mutating func begin(_ promptID: Bytes) {
    self.promptID.removeAll(keepingCapacity: true)
    self.promptID.append(contentsOf: promptID)
    candidates.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
    features.removeAll(keepingCapacity: true)
    isSorted = true
  }

  /// Adds a row of the heads' rewards, of the candidate that comes next: float32, little-endian.
  ///
  /// - Throws: `.badData` for a row of another length than those before it.
  mutating func append(heads row: Bytes) throws(AufdbError) {
    try checkWidth(row.count / 4, of: heads, "heads")
    for offset in stride(from: 0, to: row.count - 3, by: 4) {
      heads.append(
        Float(bitPattern: UInt32(littleEndian: row.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
    }
  }

  /// Adds a row of features, of the candidate that comes next.
  ///
  /// - Throws: `.badData` for a row of another length than those before it.
  mutating func append(features row: UnsafeBufferPointer<Float>) throws(AufdbError) {
    try checkWidth(row.count, of: features, "embeddings")
    features.append(contentsOf: row)
  }

  /// Imports see to it, but a merge may bring rows of two shapes together.
  private func checkWidth(_ width: Int, of matrix: [Float], _ what: String) throws(AufdbError) {
    guard width > 0, matrix.count == candidates.count * width else {
      throw AufdbError(
        .badData, "the prompt '\(String(decoding: promptID, as: UTF8.self))' has \(what) of different lengths",
        hint: "two branches may have brought them together: import those of one of them again, under another name")
    }
  }

  mutating func append(_ candidate: Candidate, of model: Bytes) {
    let start = names.count
    names.append(contentsOf: model)
    var candidate = candidate
    // A prompt's names together are far below 2^31 bytes: SQLite holds no longer text, nor a store so many responses.
    candidate.nameStart = Int32(truncatingIfNeeded: start)
    candidate.nameEnd = Int32(truncatingIfNeeded: names.count)
    candidate.arrival = Int32(truncatingIfNeeded: candidates.count)
    if isSorted, let last = candidates.last {
      isSorted = names.withUnsafeBytes { Self.isBefore(last, candidate, $0) }
    }
    candidates.append(candidate)
  }

  /// Puts them into the order of (model, sample).
  mutating func sort() {
    guard !isSorted else { return }
    names.withUnsafeBytes { names in candidates.sort { Self.isBefore($0, $1, names) } }
    isSorted = true
  }

  /// Appends the rows of a matrix, which stand in the order of arrival, in the candidates' order.
  fileprivate func put(_ matrix: [Float], into rows: inout [Float]) {
    guard !candidates.isEmpty else { return }
    let width = matrix.count / candidates.count
    for candidate in candidates {
      let start = Int(candidate.arrival) * width
      rows.append(contentsOf: matrix[start..<start + width])
    }
  }

  private static func isBefore(_ one: Candidate, _ other: Candidate, _ names: Bytes) -> Bool {
    let (a, b) = (Bytes(rebasing: names[one.name]), Bytes(rebasing: names[other.name]))
    return a.isEqual(to: b) ? one.sample < other.sample : a.isBefore(b)
  }
}

extension CandidateStorage {
  /// Fills the columns.
  mutating func fill(from list: CandidateList, _ columns: CandidateColumns) {
    removeAll()
    count = list.candidates.count
    if columns.contains(.rewards) {
      for candidate in list.candidates {
        rewards.append(candidate.reward)
        lower.append(candidate.lower)
        upper.append(candidate.upper)
      }
    }
    if columns.contains(.scores) { for candidate in list.candidates { scores.append(candidate.score) } }
    if columns.contains(.textLengths) { for candidate in list.candidates { textLengths.append(candidate.length) } }
    if columns.contains(.models) { for candidate in list.candidates { append(model: list.names[candidate.name]) } }
    if columns.contains(.heads) { list.put(list.heads, into: &heads) }
    if columns.contains(.features) { list.put(list.features, into: &features) }
  }
}

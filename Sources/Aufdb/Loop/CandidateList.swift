// The candidates of one prompt as they were read, and how they become columns.

import AufdbAcquisition

/// One candidate. What isn't a column of the group is 0.
struct Candidate {
  fileprivate(set) var name = 0..<0
  fileprivate var arrival = 0
  var sample: Int64
  var reward = 0.0
  var lower = 0.0
  var upper = 0.0
  var score = 0.0
  var length = 0

  init(sample: Int64) { self.sample = sample }
}

/// Candidates and their models' names.
struct CandidateList {
  private(set) var candidates: [Candidate] = []
  /// One after the other.
  private(set) var names: [UInt8] = []
  private var isSorted = true

  mutating func removeAll() {
    candidates.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    isSorted = true
  }

  mutating func append(_ candidate: Candidate, of model: Bytes) {
    let start = names.count
    names.append(contentsOf: model)
    var candidate = candidate
    candidate.name = start..<names.count
    candidate.arrival = candidates.count
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
  func put(_ matrix: [Float], into rows: inout [Float]) {
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

extension CandidateStorage {
  /// Fills the columns that have one number, or a name, of each candidate.
  mutating func fill(from list: CandidateList, _ columns: CandidateColumns) {
    removeAll()
    count = list.candidates.count
    if columns.contains(.rewards) {
      for candidate in list.candidates {
        rewards.append(Float(candidate.reward))
        lower.append(Float(candidate.lower))
        upper.append(Float(candidate.upper))
      }
    }
    if columns.contains(.scores) { for candidate in list.candidates { scores.append(candidate.score) } }
    if columns.contains(.textLengths) { for candidate in list.candidates { textLengths.append(candidate.length) } }
    if columns.contains(.models) { for candidate in list.candidates { append(model: list.names[candidate.name]) } }
  }
}

// One prompt's candidates, gathered row by row and then put in order for a method to see.
//
// The candidates stand in the order of (model, sample), by bytes: an index, and with it every tie and every random
// draw, then depends on the prompt's own responses and not on the order in which they were stored.

import AufdbAcquisition

/// One prompt's candidates; its memory is used again from prompt to prompt.
final class CandidateGroup {
  private(set) var promptID: [UInt8] = []
  /// Their numbers, in order.
  private(set) var storage = CandidateStorage()
  // One value, so that a row costs one check of exclusive access and not one for each array.
  private var list = CandidateList()
  // Matrices, in the order of arrival.
  private var heads: [Float] = []
  private var features: [Float] = []

  var candidates: [Candidate] { list.candidates }

  /// A candidate's natural key within the prompt.
  func response(_ index: Int) -> ResponseKey {
    ResponseKey(
      model: String(decoding: list.names[list.candidates[index].name], as: UTF8.self),
      sample: list.candidates[index].sample)
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
    list.removeAll()
    heads.removeAll(keepingCapacity: true)
    features.removeAll(keepingCapacity: true)
  }

  /// Adds a candidate of the model `model`.
  func append(_ candidate: Candidate, of model: Bytes) { list.append(candidate, of: model) }

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
    list.sort()
    storage.fill(from: list, columns)
    if columns.contains(.heads) { list.put(heads, into: &storage.heads) }
    if columns.contains(.features) { list.put(features, into: &storage.features) }
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
}

// One prompt's candidates, gathered row by row and then put in order for a method to see.
//
// The candidates stand in the order of (model, sample), by bytes: an index, and with it every tie and every random
// draw, then depends on the prompt's own responses and not on the order in which they were stored.

import AufdbAcquisition

/// One prompt's candidates; its memory is used again from prompt to prompt.
final class CandidateGroup {
  /// Their numbers, in order.
  private(set) var storage = CandidateStorage()
  private var list = CandidateList()

  var promptID: [UInt8] { list.promptID }
  var candidates: [Candidate] { list.candidates }

  /// A candidate's natural key within the prompt.
  func response(_ index: Int) -> ResponseKey {
    ResponseKey(model: list.model(index), sample: list.candidates[index].sample)
  }

  /// The index of a response, or nil where it is no candidate.
  func index(of response: ResponseKey) -> Int? {
    candidates.indices.first { self.response($0) == response }
  }

  /// Takes the candidates of a prompt that were read, in exchange for those of the prompt before, whose memory is free.
  func take(_ read: inout CandidateList, _ columns: CandidateColumns) {
    swap(&list, &read)
    list.sort()
    storage.fill(from: list, columns)
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

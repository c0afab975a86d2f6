// What a run's method sees of a prompt: the run's own estimates, and what else the method needs from the store.

import AufdbAcquisition
import AufdbReward

/// Fills one prompt's columns after the other.
final class RunCandidates {
  private let needs: CandidateColumns
  private let scores: SQLStatement?
  private let lengths: SQLStatement?
  private let embeddings: CandidateLookup?
  private let space: FeatureSpace?
  private var storage = CandidateStorage()
  /// The rows of the batch that the candidates stand for, in the candidates' order.
  private(set) var rows: [Int] = []

  /// - Parameter space: turns embeddings into the features that the method compares; nil where it compares none.
  /// - Throws: `.usage` where the method needs scores and the judge has none.
  init(
    for method: any SelectionMethod, judge: Judge, encoder: String, space: FeatureSpace?, in connection: Connection
  ) throws {
    needs = method.needs
    self.space = space
    if needs.contains(.scores) {
      guard case .scores(let name) = judge else {
        throw AufdbError(
          .usage, "the method \(method.name) needs scores, and the judge \(judge.name) gives none beforehand",
          hint: "choose another method, or judge: scores:NAME")
      }
      let statement = try connection.statement(
        "SELECT model, sample, score FROM scores WHERE prompt_id = ?1 AND judge = ?2 AND score IS NOT NULL")
      statement.bind(2, .text(name))
      scores = statement
    } else {
      scores = nil
    }
    // An empty response would always be the shortest, and none is ever exported.
    lengths =
      needs.contains(.textLengths)
      ? try connection.statement(
        "SELECT model, sample, length(response) FROM responses WHERE prompt_id = ?1 AND response <> ''") : nil
    var sources = CandidateSources(columns: .features)
    sources.encoder = encoder
    embeddings = space == nil ? nil : try CandidateLookup(sources, prefix: "", in: connection)
  }

  /// Takes a prompt's candidates: its responses that have all that the method needs.
  ///
  /// - Parameters:
  ///   - firstRow: where the prompt's responses begin in the estimates.
  func take(_ group: InputGroup, firstRow: Int, _ estimates: RewardEstimates) throws {
    let scores = try values(scores, of: group) { $0.real(2) }
    let lengths = try values(lengths, of: group) { Int($0.integer(2)) }
    let headCount = estimates.rewards.isEmpty ? 0 : estimates.heads.count / estimates.rewards.count
    storage.removeAll()
    rows.removeAll(keepingCapacity: true)
    for (index, response) in group.responses.enumerated() {
      let row = firstRow + index
      if let scores {
        guard let score = scores[response] else { continue }
        storage.scores.append(score)
      }
      if let lengths {
        guard let length = lengths[response] else {
          if scores != nil { storage.scores.removeLast() }
          continue
        }
        storage.textLengths.append(length)
      }
      storage.append(reward: estimates.rewards[row], lower: estimates.lower[row], upper: estimates.upper[row])
      storage.append(model: response.model.utf8)
      if needs.contains(.heads) {
        storage.heads.append(contentsOf: estimates.heads[row * headCount..<(row + 1) * headCount])
      }
      rows.append(row)
    }
    if let space, let embeddings {
      let candidates = try embeddings.group(group.promptID)
      try space.place(candidates)
      storage.features = candidates.storage.features
    }
  }

  /// Lends the candidates that were taken last.
  func withCandidates<Result>(
    of group: InputGroup, _ body: (Candidates) throws(CandidatesError) -> Result
  ) throws(AufdbError) -> Result {
    do throws(CandidatesError) {
      return try storage.withCandidates(body)
    } catch {
      throw AufdbError(.badData, "the prompt '\(group.promptText)': \(error)")
    }
  }

  /// A value for each of a prompt's responses that has one; nil where nobody needs them.
  private func values<Value>(
    _ statement: SQLStatement?, of group: InputGroup, read: (SQLStatement) -> Value
  ) throws -> [ResponseKey: Value]? {
    guard let statement else { return nil }
    var values: [ResponseKey: Value] = [:]
    try group.promptID.withUnsafeBytes { id in
      statement.bind(1, unownedText: id)
      defer { statement.reset() }
      while try statement.step() {
        values[ResponseKey(model: statement.string(0), sample: statement.integer(1))] = read(statement)
      }
    }
    return values
  }
}

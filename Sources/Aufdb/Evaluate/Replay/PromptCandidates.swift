// What a method sees of a prompt in a replay: columns of the pool, and the active learner's estimates.

import AufdbAcquisition
import AufdbReward

/// Fills candidates from a pool; its memory is used again from prompt to prompt.
struct PromptCandidates {
  private(set) var storage = CandidateStorage()
  private let needs: CandidateColumns

  init(for method: any SelectionMethod) { needs = method.needs }

  /// Takes a prompt's responses.
  ///
  /// - Parameters:
  ///   - estimates: of a batch of prompts, or nil where the method needs none.
  ///   - firstEstimate: where the prompt's estimates begin in them.
  mutating func fill(_ prompt: Int, of pool: EvaluationPool, _ estimates: RewardEstimates?, firstEstimate: Int) {
    let rows = pool.prompts[prompt].rows
    storage.removeAll()
    storage.count = rows.count
    if needs.contains(.scores) { storage.scores += pool.scores[rows] }
    if needs.contains(.textLengths) { storage.textLengths += pool.textLengths[rows] }
    if needs.contains(.models) { for row in rows { storage.append(model: pool.models[row].utf8) } }
    guard let estimates else { return }
    let places = firstEstimate..<firstEstimate + rows.count
    if !needs.isDisjoint(with: .estimates) {
      storage.rewards += estimates.rewards[places]
      storage.lower += estimates.lower[places]
      storage.upper += estimates.upper[places]
    }
    if needs.contains(.heads), !estimates.rewards.isEmpty {
      let width = estimates.heads.count / estimates.rewards.count
      storage.heads += estimates.heads[places.lowerBound * width..<places.upperBound * width]
    }
  }

  /// Lets `body` write the features: response after response.
  mutating func replaceFeatures(_ body: (inout [Float]) throws -> Void) rethrows { try body(&storage.features) }

  /// The rewards of the candidates; empty where the method needs none.
  var rewards: [Float] { storage.rewards }
}

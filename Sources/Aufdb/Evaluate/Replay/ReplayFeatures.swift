// The features that `far` and `dopt` compare, as FeatureSpace makes them from a store: here from the pool, and with no
// label but those of the replay.

import AufdbAcquisition
import AufdbReward

/// Turns a prompt's embeddings into what a method compares.
struct ReplayFeatures {
  private enum Kind {
    case prior
    case information(PairInformation)
    case none
  }

  private var kind: Kind
  private var workspace = GroupWorkspace()

  init(for method: any SelectionMethod, _ data: EvaluationData) {
    if !method.needs.contains(.features) {
      kind = .none
    } else if method is DOptMethod {
      kind = .information(PairInformation(dimension: data.pool.dimension, ridge: data.informationRidge))
    } else {
      kind = .prior
    }
  }

  /// Writes the features of a prompt's responses into `candidates`.
  mutating func place(_ prompt: Int, _ data: EvaluationData, into candidates: inout PromptCandidates) throws {
    switch kind {
    case .none: break
    case .prior:
      data.pool.withRows(of: prompt, in: data.features) { rows in candidates.replaceFeatures { $0 += rows } }
    case .information(let information):
      let count = data.pool.prompts[prompt].rows.count
      var distances = [Double](repeating: 0, count: count * count)
      try data.pool.withRows(of: prompt, in: data.pool.embeddings) { rows in
        try distances.withUnsafeMutableBufferPointer {
          try information.writeSquaredDistances(of: rows, rowCount: count, into: $0, workspace: &workspace)
        }
      }
      candidates.replaceFeatures { $0 = PointsFromDistances.points(squared: distances, count: count) }
    }
  }

  /// Counts a pick in before the next prompt is asked: two indices of the prompt's responses.
  mutating func learn(_ pair: Pair, of prompt: Int, rewards: [Float], _ data: EvaluationData) throws {
    guard case .information(var information) = kind else { return }
    // Not held twice while it is changed, or all of its matrix would be copied.
    kind = .none
    defer { kind = .information(information) }
    let dimension = data.pool.dimension
    let weight =
      rewards.isEmpty
      ? PairInformation.unknownWeight
      : PairInformation.weight(rewardDifference: Double(rewards[pair.first]) - Double(rewards[pair.second]))
    try data.pool.withRows(of: prompt, in: data.pool.embeddings) { rows in
      func row(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: rows[index * dimension..<(index + 1) * dimension])
      }
      _ = try information.add(first: row(pair.first), second: row(pair.second), weight: weight)
    }
  }
}

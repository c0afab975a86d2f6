// Labels that a run never trains on: of a random pair of each prompt that was set aside.

import AufdbReward

/// Held-out pairs as inputs, ready to see how many of them a head gets right.
struct HeldoutLabels {
  private var inputs: [Float] = []
  private let width: Int
  /// Pairs, ties left out.
  private(set) var count = 0

  init(width: Int) { self.width = width }

  /// Takes the labels in that aren't ties.
  init(_ labels: [RunLabel], _ reader: InputReader, _ scaling: InputScaling) throws {
    self.init(width: reader.inputCount)
    for label in labels {
      guard let firstIsChosen = label.firstIsChosen else { continue }
      let batch = try InputBatch([Array(label.promptID.utf8)], reader, scaling)
      guard let first = batch.row(0, label.first), let second = batch.row(0, label.second) else { continue }
      for row in firstIsChosen ? [first, second] : [second, first] {
        batch.withInput(row) { inputs.append(contentsOf: $0) }
      }
      count += 1
    }
  }

  /// The share of pairs whose chosen response has the higher reward, equal rewards counting one half; nil without pairs.
  func accuracy(of head: some RewardHead, threadCount: Int) throws(EmbeddingError) -> Double? {
    guard count > 0 else { return nil }
    var estimates = RewardEstimates()
    try inputs.withUnsafeBufferPointer { (inputs) throws(EmbeddingError) in
      try head.estimate(
        MatrixView(inputs, rowCount: 2 * count, columnCount: width), groupSizes: Array(repeating: 2, count: count),
        threadCount: threadCount, into: &estimates)
    }
    var right = 0.0
    for pair in 0..<count {
      let (chosen, rejected) = (estimates.rewards[2 * pair], estimates.rewards[2 * pair + 1])
      right += chosen > rejected ? 1 : chosen == rejected ? 0.5 : 0
    }
    return right / Double(count)
  }
}

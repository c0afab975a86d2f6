// The labelled pairs that a learner trains on, and in which order it goes over them.
//
// Pairs are numbered from 0 as they come. The newest `capacity` of them are kept. The pairs of an iteration's steps are
// read off a sequence: the kept pairs in a random order, then in another one, and so on; each order is drawn by Fisher
// and Yates' method from draws keyed by seed and iteration. So the sequence depends on nothing but how many pairs there
// are, and a run that goes on from a stored state trains as it would have.

import AufdbReward

/// Labelled pairs as rows of inputs.
struct ReplayBuffer: Sendable {
  /// The length of a row.
  let width: Int
  /// How many pairs are kept; nil: all.
  let capacity: Int?
  /// How many pairs have come in, those included that aren't kept any more.
  private(set) var totalCount = 0
  /// The kept pair of number n has the rows 2 (n mod capacity), its chosen response, and the one after it.
  private var rows: [Float] = []

  init(width: Int, capacity: Int?) {
    self.width = width
    self.capacity = capacity
  }

  /// How many pairs are kept.
  var count: Int { min(totalCount, capacity ?? totalCount) }

  /// Takes a pair in.
  mutating func append(chosen: UnsafeBufferPointer<Float>, rejected: UnsafeBufferPointer<Float>) {
    precondition(chosen.count == width && rejected.count == width, "rows of another length")
    let start = 2 * slot(totalCount) * width
    if start == rows.count {
      rows.append(contentsOf: chosen)
      rows.append(contentsOf: rejected)
    } else {
      rows.replaceSubrange(start..<start + width, with: chosen)
      rows.replaceSubrange(start + width..<start + 2 * width, with: rejected)
    }
    totalCount += 1
  }

  /// Lends the kept pairs' rows.
  func withInputs<Result, Failure: Error>(
    _ body: (MatrixView<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try rows.withUnsafeBufferPointer { (rows) throws(Failure) in
      try body(MatrixView(rows, rowCount: rows.count / width, columnCount: width))
    }
  }

  /// The pairs of one iteration's steps, as rows of the inputs that `withInputs` lends.
  ///
  /// - Returns: at most `stepCount` steps of at most `batchSize` pairs; none where there are no pairs. With `repeats`
  ///   all of them, otherwise as many as one pass over the kept pairs gives.
  /// - Complexity: O(pairs in all steps + a pass).
  func steps(_ settings: LearnerSettings, seed: UInt64, iteration: Int) -> [[PairIndex]] {
    guard count > 0 else { return [] }
    let wanted = settings.batchSize * settings.stepCount
    var left = settings.repeats ? wanted : min(wanted, count)
    var draws = KeyedGenerator(seed: seed, purpose: "replay", "\(iteration)")
    var numbers = Array(totalCount - count..<totalCount)
    var steps: [[PairIndex]] = []
    var step: [PairIndex] = []
    while left > 0 {
      for place in 0..<min(left, count) {
        numbers.swapAt(place, place + draws.below(count - place))
        let row = 2 * slot(numbers[place])
        step.append(PairIndex(chosen: row, rejected: row + 1))
        if step.count == settings.batchSize {
          steps.append(step)
          step.removeAll(keepingCapacity: true)
        }
      }
      left -= min(left, count)
    }
    if !step.isEmpty { steps.append(step) }
    return steps
  }

  private func slot(_ number: Int) -> Int { capacity.map { number % $0 } ?? number }
}

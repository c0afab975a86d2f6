// What the rewards of single heads say together: a reward, and its bounds.

extension EnsembleHead {
  private static var blockRowCount: Int { 1024 }

  /// Sets rewards and bounds from the rewards of single heads.
  func summarise(_ estimates: inout RewardEstimates, threadCount: Int) {
    let rowCount = estimates.rewards.count
    let (headCount, isMedian) = (headCount, centre == .median)
    let distance = bounds == .deviation ? beta : nil
    estimates.heads.withUnsafeBufferPointer { heads in
      estimates.rewards.withUnsafeMutableBufferPointer { rewards in
        estimates.lower.withUnsafeMutableBufferPointer { lower in
          estimates.upper.withUnsafeMutableBufferPointer { upper in
            // Every item writes rows of its own.
            nonisolated(unsafe) let (heads, rewards, lower, upper) = (heads, rewards, lower, upper)
            let blockCount = (rowCount + Self.blockRowCount - 1) / Self.blockRowCount
            SharedWork.forEach(blockCount, threadCount: threadCount) { block, _ in
              var sorted: [Float] = []
              for row in block * Self.blockRowCount..<min((block + 1) * Self.blockRowCount, rowCount) {
                let single = UnsafeBufferPointer(rebasing: heads[row * headCount..<(row + 1) * headCount])
                let summary = Summary(single, beta: distance, isMedian: isMedian, sorted: &sorted)
                (rewards[row], lower[row], upper[row]) = (summary.reward, summary.lower, summary.upper)
              }
            }
          }
        }
      }
    }
  }
}

/// What single rewards of one response say together.
private struct Summary {
  let reward: Float
  let lower: Float
  let upper: Float

  /// - Parameters:
  ///   - single: the rewards, at least one.
  ///   - beta: how many standard deviations away the bounds are; nil if they are the extremes.
  ///   - isMedian: whether the reward is the lower median, and not the mean.
  ///   - sorted: memory to be reused.
  init(_ single: UnsafeBufferPointer<Float>, beta: Float?, isMedian: Bool, sorted: inout [Float]) {
    var sum = 0.0
    for reward in single { sum += Double(reward) }
    let mean = sum / Double(single.count)
    if isMedian {
      sorted.removeAll(keepingCapacity: true)
      sorted.append(contentsOf: single)
      sorted.sort()
      reward = sorted[(sorted.count - 1) / 2]
    } else {
      reward = Float(mean)
    }
    guard let beta else {
      var (least, greatest) = (single[0], single[0])
      for reward in single { (least, greatest) = (min(least, reward), max(greatest, reward)) }
      (lower, upper) = (least, greatest)
      return
    }
    guard single.count > 1 else {
      (lower, upper) = (.nan, .nan)
      return
    }
    var squares = 0.0
    for reward in single { squares += (Double(reward) - mean) * (Double(reward) - mean) }
    let distance = Double(beta) * (squares / Double(single.count - 1)).squareRoot()
    lower = Float(Double(reward) - distance)
    upper = Float(Double(reward) + distance)
  }
}

extension [Float] {
  /// Makes the array `count` long, in the memory it has if that is enough; what it holds then means nothing.
  mutating func resize(to count: Int) {
    if self.count > count { removeLast(self.count - count) }
    append(contentsOf: repeatElement(0, count: count - self.count))
  }
}

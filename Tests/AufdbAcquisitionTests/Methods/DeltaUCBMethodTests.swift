// `deltaucb` in O(k) against all pairs looked at one by one, in float32.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct DeltaUCBMethodTests {
  /// The definition, word for word: all ordered pairs in order, a later one only if its gap is larger.
  static func bruteForce(lower: [Float], upper: [Float]) -> Pair {
    var best: (pair: Pair, gap: Float)?
    for first in lower.indices {
      for second in lower.indices where second != first {
        let gap = upper[first] - lower[second]
        if best.map({ gap > $0.gap }) ?? true {
          best = (Pair(first: first, second: second), gap)
        }
      }
    }
    return best?.pair ?? Pair(first: 0, second: 1)
  }

  /// Small numbers; numbers so far apart that gaps tie by rounding; numbers whose gaps overflow.
  @Test(arguments: [
    [Float(-1), 0, 0.5, 1], [-3e7, 0, 1, 2, 3e7], [-Float.greatestFiniteMagnitude, -0.0, 1, .greatestFiniteMagnitude],
    [Float.leastNonzeroMagnitude, 0, 1e-38, -1e-38],
  ])
  func smallSpacesAgreeWithBruteForce(grid: [Float]) throws {
    let bounds = grid.flatMap { low in grid.filter { $0 >= low }.map { (low, $0) } }
    for count in 2...3 {
      var digits = [Int](repeating: 0, count: count)
      var isDone = false
      while !isDone {
        let lower = digits.map { bounds[$0].0 }
        let upper = digits.map { bounds[$0].1 }
        let pair = try CandidateStorage(rewards: [], lower: lower, upper: upper).pairOfBounds()
        #expect(pair == Self.bruteForce(lower: lower, upper: upper), "\(lower) \(upper)")
        isDone = !digits.countUp(base: bounds.count)
      }
    }
  }

  /// Large k, few distinct values: many ties, at a magnitude where differences are rounded.
  @Test(arguments: [UInt64(1), 2, 3])
  func randomSpacesAgreeWithBruteForce(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let count = Int.random(in: 2...30, using: &generator)
      let offset = Float([0, 1e6, 3e6, -1e5].randomElement(using: &generator) ?? 0)
      var (lower, upper): ([Float], [Float]) = ([], [])
      for _ in 0..<count {
        let low = offset + Float(Int.random(in: -8...8, using: &generator)) / 4
        lower.append(Bool.random(using: &generator) ? low : low / 3)
        upper.append(max(lower[lower.count - 1], offset + Float(Int.random(in: -8...8, using: &generator)) / 4))
      }
      let pair = try CandidateStorage(rewards: [], lower: lower, upper: upper).pairOfBounds()
      #expect(pair == Self.bruteForce(lower: lower, upper: upper), "seed \(seed): \(lower) \(upper)")
    }
  }
}

extension CandidateStorage {
  /// The pair by `deltaucb` from bounds alone: rewards are none of its business.
  fileprivate func pairOfBounds() throws -> Pair? {
    var bounds = self
    bounds.count = lower.count
    return try bounds.pair(by: DeltaUCBMethod())
  }
}

extension [Int] {
  /// Adds one to a number written in digits of `base`; false when it has wrapped around to zero.
  fileprivate mutating func countUp(base: Int) -> Bool {
    for place in indices {
      self[place] += 1
      if self[place] < base { return true }
      self[place] = 0
    }
    return false
  }
}

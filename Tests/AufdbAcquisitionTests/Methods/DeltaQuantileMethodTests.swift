// `deltaquantile` without sorting against its definition by sorting, in float32, ranks and ties and all.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct DeltaQuantileMethodTests {
  static let settings: [(quantile: Double, epsilon: Double)] = [
    (0.05, 0), (0, 0), (1, 0), (0.5, 0.1), (0.3, 0.2), (0.25, 0.25), (0, 1), (0.9, 0.3), (0.5, 0.5), (1, 0.4),
  ]

  /// Pairs by gap, the widest first; equal gaps stay in the order given.
  static func ranked(_ pairs: [Pair], lower: [Float], upper: [Float]) -> [Pair] {
    let gaps = pairs.map { upper[$0.first] - lower[$0.second] }
    return pairs.indices.sorted { gaps[$0] == gaps[$1] ? $0 < $1 : gaps[$0] > gaps[$1] }.map { pairs[$0] }
  }

  /// The rest of the definition: cut the range out of the ranked pairs, take the largest upper bound, the first such.
  static func bruteForce(_ ranked: [Pair], upper: [Float], quantile: Double, epsilon: Double) -> Pair? {
    let count = Double(ranked.count)
    let start = min(Int((count * max(0, quantile - epsilon)).rounded(.down)), ranked.count - 1)
    let end = min(max(Int((count * min(1, quantile + epsilon)).rounded(.down)), start + 1), ranked.count)
    let inRange = ranked[start..<end]
    let largest = inRange.map { upper[$0.first] }.max()
    return inRange.first { upper[$0.first] == largest }
  }

  static func allPairs(_ count: Int) -> [Pair] {
    (0..<count).flatMap { first in
      (0..<count).filter { $0 != first }.map { Pair(first: first, second: $0) }
    }
  }

  static func check(lower: [Float], upper: [Float], _ comment: String) throws {
    let storage = CandidateStorage(rewards: lower, lower: lower, upper: upper)
    let ranked = ranked(allPairs(lower.count), lower: lower, upper: upper)
    for (quantile, epsilon) in settings {
      let pair = try storage.pair(by: DeltaQuantileMethod(quantile: quantile, epsilon: epsilon))
      let expected = bruteForce(ranked, upper: upper, quantile: quantile, epsilon: epsilon)
      #expect(pair == expected, "\(comment), quantile \(quantile), epsilon \(epsilon): \(lower) \(upper)")
    }
  }

  /// Small numbers; gaps that tie by rounding; gaps that overflow to infinity; denormals and both zeros.
  @Test(arguments: [
    [Float(-1), 0, 1], [-3e7, 1, 3e7], [-Float.greatestFiniteMagnitude, 1, .greatestFiniteMagnitude],
    [-Float.leastNonzeroMagnitude, -0.0, 0.0],
  ])
  func smallSpacesAgreeWithSorting(grid: [Float]) throws {
    for count in 2...3 {
      for bounds in allLists(of: allBounds(on: grid), count: count) {
        try Self.check(lower: bounds.map(\.lower), upper: bounds.map(\.upper), "grid \(grid)")
      }
    }
  }

  /// More responses; few distinct values, so that many gaps tie, or none, at magnitudes where differences are rounded.
  @Test(arguments: [UInt64(1), 2, 3])
  func randomSpacesAgreeWithSorting(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<60 {
      let count = Int.random(in: 2...24, using: &generator)
      let offset = [0, 3e6, -1e5][number % 3] as Float
      let steps = number % 2 == 0 ? 4 : 100_000
      var (lower, upper): ([Float], [Float]) = ([], [])
      for _ in 0..<count {
        let ends = (0..<2).map { _ in offset + Float(Int.random(in: -steps...steps, using: &generator)) / 4 }
        lower.append(min(ends[0], ends[1]))
        upper.append(max(ends[0], ends[1]))
      }
      try Self.check(lower: lower, upper: upper, "seed \(seed)")
    }
  }

  /// Beyond the memory that lies on the stack.
  @Test(arguments: [UInt64(4)])
  func manyResponsesAgreeWithSorting(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let lower = (0..<140).map { _ in Float.random(in: -2...1, using: &generator) }
    let upper = lower.map { $0 + Float.random(in: 0...1, using: &generator) }
    try Self.check(lower: lower, upper: upper, "seed \(seed)")
  }

  /// Quantile and epsilon 0 is the widest gap.
  @Test(arguments: [UInt64(11)])
  func theWidestIsDeltaUCB(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<300 {
      let storage = generator.storage(count: number % 30 + 2)
      #expect(
        try storage.pair(by: DeltaQuantileMethod(quantile: 0)) == storage.pair(by: DeltaUCBMethod()), "seed \(seed)")
    }
  }

  /// The next response is of the pair that the same rule picks among those with one response chosen.
  @Test(arguments: [UInt64(21), 22])
  func theNextResponseFollowsTheSameRule(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      let count = Int.random(in: 3...9, using: &generator)
      let storage = generator.storage(count: count)
      let chosen = Array((0..<count).shuffled(using: &generator).prefix(Int.random(in: 2..<count, using: &generator)))
      let crossing = Self.allPairs(count).filter { chosen.contains($0.first) != chosen.contains($0.second) }
      let ranked = Self.ranked(crossing, lower: storage.lower, upper: storage.upper)
      for (quantile, epsilon) in Self.settings {
        let method = try DeltaQuantileMethod(quantile: quantile, epsilon: epsilon)
        let expected = try #require(
          Self.bruteForce(ranked, upper: storage.upper, quantile: quantile, epsilon: epsilon))
        let next = try storage.withCandidates { (candidates) throws(CandidatesError) in
          method.next(after: chosen, candidates, random: method.randomKey(seed: 0).prompt("p"))
        }
        #expect(next == (chosen.contains(expected.first) ? expected.second : expected.first), "seed \(seed)")
      }
    }
  }

  /// Only pairs in the range have a value, and that is the upper bound of the first.
  @Test func onlyPairsInTheRangeHaveAValue() throws {
    let storage = CandidateStorage(rewards: [0, 0, 0], lower: [-1, -2, -4], upper: [1, 3, 8])
    let method = try DeltaQuantileMethod(quantile: 0.5, epsilon: 0.25)
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      let criterion = method.criterion(candidates, random: method.randomKey(seed: 0).prompt("p"))
      // Gaps: (2, 1) 10, (2, 0) 9, (1, 2) 7, (0, 2) 5, (1, 0) 4, (0, 1) 3; ranks 1, 2 and 3 are in the range.
      let values = [nil, nil, 1, nil, nil, 3, 8, nil, nil] as [Double?]
      #expect((0..<9).map { criterion[$0 / 3, $0 % 3] } == values)
    }
    #expect(try storage.pair(by: method) == Pair(first: 2, second: 0))
  }

  @Test func zeroIsRecordedWithoutASign() throws {
    #expect(try DeltaQuantileMethod(quantile: -0.0, epsilon: -0.0).parameters.map(\.value.text) == ["0.0", "0.0"])
    #expect(
      try SelectionMethods.make("deltaquantile").parameters
        == [Parameter("quantile", .real(0.05)), Parameter("epsilon", .real(0))])
  }
}

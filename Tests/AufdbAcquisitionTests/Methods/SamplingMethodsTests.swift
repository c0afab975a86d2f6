// The methods that draw: pinned pairs, edges of their laws, and what the law leaves no room for.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct SamplingMethodsTests {
  static let rewards: [Float] = [0.5, -0.25, 1.0, 0.75, -1.5, 0.25]
  static let storage = CandidateStorage(
    rewards: rewards, lower: rewards.map { $0 - 0.75 }, upper: rewards.map { $0 + 1.25 })

  /// Prompts p0, p1, ... with seed 42, computed by an independent implementation of the documented draws. A change
  /// here changes what recorded selections give when they are made again.
  @Test(
    arguments: [
      (
        "random", [:],
        [[4, 0], [3, 4], [3, 4], [0, 2], [1, 4], [3, 2], [3, 1], [1, 4], [1, 5], [5, 3], [5, 4], [5, 0]]
      ),
      (
        "ultrafeedback", ["by": "rewards"],
        [[2, 0], [2, 4], [2, 0], [2, 5], [3, 0], [3, 4], [2, 3], [2, 3], [2, 4], [0, 4], [3, 1], [2, 1]]
      ),
      (
        "drts", [:],
        [[3, 4], [2, 1], [2, 4], [2, 4], [2, 4], [5, 4], [2, 4], [2, 4], [3, 4], [2, 4], [2, 4], [3, 4]]
      ),
      (
        "drts", ["beta": "2", "max-iterations": "0"],
        [[3, 5], [2, 5], [2, 4], [1, 4], [2, 1], [5, 2], [3, 2], [2, 5], [3, 0], [0, 3], [2, 4], [3, 2]]
      ),
      (
        "dts", [:],
        [[3, 5], [5, 3], [2, 5], [2, 0], [5, 2], [2, 3], [2, 0], [1, 2], [5, 2], [0, 3], [5, 2], [0, 3]]
      ),
      (
        "dts", ["beta": "0.5", "max-iterations": "2"],
        [[3, 2], [2, 0], [2, 3], [2, 0], [2, 0], [2, 3], [2, 0], [2, 0], [2, 3], [0, 3], [5, 2], [3, 0]]
      ),
      (
        "infogain", [:],
        [[3, 0], [3, 0], [2, 3], [5, 0], [2, 3], [2, 3], [2, 3], [2, 3], [2, 3], [2, 3], [3, 0], [2, 3]]
      ),
      (
        "infogain", ["beta": "3"],
        [[1, 5], [5, 0], [0, 3], [5, 0], [2, 3], [3, 0], [3, 0], [1, 5], [3, 0], [2, 3], [3, 0], [2, 3]]
      ),
    ] as [(String, [String: String], [[Int]])])
  func pairsAreThoseOfTheDocumentedDraws(name: String, parameters: [String: String], expected: [[Int]]) throws {
    let method = try SelectionMethods.make(name, parameters: parameters)
    let pairs = try expected.indices.map { try Self.storage.pair(by: method, seed: 42, promptID: "p\($0)") }
    #expect(pairs == expected.map { Pair(first: $0[0], second: $0[1]) })
  }

  /// With beta = 0 the pair is (argmax r, argmin r), lowest index of equals, over all small reward lists; but where
  /// all rewards are equal the second is any other.
  @Test func drtsWithoutUncertaintyIsGreedy() throws {
    let greedy = try DRTSMethod(beta: 0, maxIterations: 3)
    let uncertain = try DRTSMethod(beta: 1, maxIterations: 3)
    var lists: [[Float]] = [[]]
    for _ in 1...4 {
      lists = lists.flatMap { list in [Float(-1), 0, 2].map { list + [$0] } }
      for rewards in lists where rewards.count >= 2 {
        let wide = CandidateStorage(rewards: rewards, lower: rewards.map { $0 - 9 }, upper: rewards.map { $0 + 9 })
        let narrow = CandidateStorage(rewards: rewards, lower: rewards, upper: rewards)
        for pair in [try wide.pair(by: greedy), try narrow.pair(by: uncertain)] {
          let pair = try #require(pair)
          #expect(pair.first == rewards.firstIndex(of: rewards.max() ?? 0), "\(rewards)")
          if rewards.min() != rewards.max() {
            #expect(pair.second == rewards.firstIndex(of: rewards.min() ?? 0), "\(rewards)")
          }
        }
      }
    }
  }

  /// With beta = 0, or no uncertainty, first is argmax r, lowest index of equals, and second any other, equally often.
  @Test(arguments: [[0, 0, 0, 0], [2, 1, 2, 0], [1, 5, 3, 3]] as [[Float]], [UInt64(6)])
  func dtsWithoutUncertaintyIsGreedyInItsFirst(rewards: [Float], seed: UInt64) throws {
    let wide = CandidateStorage(rewards: rewards, lower: rewards.map { $0 - 9 }, upper: rewards.map { $0 + 9 })
    let narrow = CandidateStorage(rewards: rewards, lower: rewards, upper: rewards)
    let best = try #require(rewards.firstIndex(of: rewards.max() ?? 0))
    for (storage, method) in [(wide, try DTSMethod(beta: 0)), (narrow, try DTSMethod(beta: 3, maxIterations: 3))] {
      var counts = [Int](repeating: 0, count: 4)
      for number in 0..<1_500 {
        let pair = try #require(try storage.pair(by: method, seed: seed, promptID: "p\(number)"))
        #expect(pair.first == best, "seed \(seed), prompt \(number)")
        counts[pair.second] += 1
      }
      let law = (0..<4).map { $0 == best ? 0 : 1.0 / 3 }
      #expect(ChiSquare.pValue(counts: counts, probabilities: law) > 1e-4, "seed \(seed): \(counts)")
    }
  }

  /// Passing over those that can't win changes no pair: all bounds of three responses on a grid, and random prompts
  /// where few, some or all can win, against the documented draws made in full.
  @Test(arguments: [UInt64(7)], [0, 0.25, 1, 7, Double.greatestFiniteMagnitude])
  func drawsLeaveOutOnlyWhoCannotWin(seed: UInt64, beta: Double) throws {
    var generator = SeededGenerator(seed: seed)
    var prompts = allLists(of: allBounds(on: [-1, 0, 1]), count: 3).map { bounds in
      CandidateStorage(
        rewards: [0, 0.5, Float.random(in: -1...1, using: &generator)], lower: bounds.map(\.lower),
        upper: bounds.map(\.upper))
    }
    for number in 0..<120 { prompts.append(generator.storage(count: number % 40 + 2)) }
    let largest = Float.greatestFiniteMagnitude
    prompts.append(
      CandidateStorage(
        rewards: [largest, -largest, 0, .leastNonzeroMagnitude], lower: [-largest, -largest, 0, 0],
        upper: [largest, largest, 0, .leastNonzeroMagnitude]))
    for (number, storage) in prompts.enumerated() {
      for (method, sign) in [
        (try DTSMethod(beta: beta, maxIterations: 5) as any SelectionMethod, 1.0),
        (try DRTSMethod(beta: beta, maxIterations: 5), -1),
      ] {
        let random = method.randomKey(seed: seed).prompt("p\(number)")
        let expected = DocumentedDraw(storage, beta: beta, random: random).pair(secondSign: sign, maxIterations: 5)
        #expect(
          try storage.pair(by: method, seed: seed, promptID: "p\(number)") == expected,
          "\(method.name), seed \(seed), prompt \(number)")
      }
    }
  }

  /// Extreme numbers neither trap nor give a response with itself.
  @Test(arguments: [0, 1e-300, 1, 1e300, Double.greatestFiniteMagnitude])
  func samplingBearsExtremeNumbers(beta: Double) throws {
    let largest = Float.greatestFiniteMagnitude
    let storage = CandidateStorage(
      rewards: [largest, -largest, 0, .leastNonzeroMagnitude], lower: [-largest, -largest, 0, 0],
      upper: [largest, largest, 0, 1])
    let methods: [any SelectionMethod] = [
      try DTSMethod(beta: beta), try DRTSMethod(beta: beta), try InfoGainMethod(beta: beta),
    ]
    for method in methods {
      for number in 0..<50 {
        #expect(try storage.pair(by: method, promptID: "p\(number)") != nil, "\(method.name)")
      }
    }
  }

  /// For k = 2 and 3 every response takes part, so the best always comes first and each other one comes second.
  @Test func ultraFeedbackOfTwoOrThreeUsesThemAll() throws {
    for rewards: [Float] in [[1, 2], [2, 1], [1, 2, 3], [1, 3, 2], [3, 2, 1], [-1, -3, -2]] {
      var seconds: Set<Int> = []
      var storage = CandidateStorage()
      storage.rewards = rewards
      storage.count = rewards.count
      for number in 0..<40 {
        let pair = try #require(try storage.pair(by: UltraFeedbackMethod(), promptID: "p\(number)"))
        #expect(rewards[pair.first] == rewards.max())
        seconds.insert(pair.second)
      }
      #expect(seconds.count == rewards.count - 1, "\(rewards)")
    }
  }

  /// Chance alone can't tell which of several best was drawn first; pairs from an independent implementation can.
  @Test func ultraFeedbackTiesGoToTheFirstDrawn() throws {
    let storage = CandidateStorage(scores: [1, 1, 0, 1, 0.5, 1])
    let expected = [
      [0, 1], [3, 4], [3, 2], [1, 5], [3, 0], [5, 4], [1, 2], [3, 2], [5, 0], [1, 4], [5, 1], [5, 1],
    ]
    let pairs = try expected.indices.map {
      try storage.pair(by: UltraFeedbackMethod(by: .scores), seed: 42, promptID: "p\($0)")
    }
    #expect(pairs == expected.map { Pair(first: $0[0], second: $0[1]) })
  }

  /// Ranking by scores and by rewards of the same values gives the same pairs: the draws don't depend on it.
  @Test func ultraFeedbackRanksScoresLikeRewards() throws {
    let scored = CandidateStorage(scores: Self.rewards.map(Double.init))
    for number in 0..<50 {
      let promptID = "p\(number)"
      #expect(
        try scored.pair(by: UltraFeedbackMethod(by: .scores), promptID: promptID)
          == Self.storage.pair(by: UltraFeedbackMethod(by: .rewards), promptID: promptID))
    }
  }

  /// All ordered pairs of two and three responses, equally often.
  @Test(arguments: [2, 3], [UInt64(5)])
  func randomIsUniformOverOrderedPairs(count: Int, seed: UInt64) throws {
    var storage = CandidateStorage()
    storage.count = count
    var counts: [Pair: Int] = [:]
    for number in 0..<3_000 {
      counts[try #require(try storage.pair(by: RandomMethod(), seed: seed, promptID: "p\(number)")), default: 0] += 1
    }
    let pairCount = count * (count - 1)
    #expect(counts.count == pairCount)
    let law = [Double](repeating: 1 / Double(pairCount), count: pairCount)
    #expect(ChiSquare.pValue(counts: Array(counts.values), probabilities: law) > 1e-4, "k \(count), seed \(seed)")
  }
}

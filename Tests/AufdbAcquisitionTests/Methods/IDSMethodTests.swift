// `ids` against the ratio minimised numerically, and what it does where nothing is in doubt.

import AufdbAcquisition
import AufdbTestSupport
import Foundation
import Testing

@Suite struct IDSMethodTests {
  static func chance(_ difference: Double) -> Double { 1 / (1 + exp(-difference)) }

  /// The ratio of each challenger of `best`, minimised over p by golden-section search on log p; none where nothing
  /// can be better than `best`, so that every ratio goes to 0 with p.
  static func ratios(_ prompt: [Estimate], beta: Double, best: Int) -> [Int: Double] {
    let others = prompt.indices.filter { $0 != best }
    func optimistic(_ i: Int) -> Double {
      chance(prompt[i].r - prompt[best].r + beta * (prompt[i].s + prompt[best].s)) - 0.5
    }
    let shortfall = others.map(optimistic).max() ?? 0
    var ratios: [Int: Double] = [:]
    guard shortfall > 0 else { return ratios }
    for index in others {
      let p = chance(prompt[best].r - prompt[index].r)
      let information = 0.5 * log(1 + p * (1 - p) * (pow(prompt[best].s, 2) + pow(prompt[index].s, 2)))
      func ratio(_ logShare: Double) -> Double {
        pow(shortfall + exp(logShare) * (p - 0.5) / 2, 2) / (exp(logShare) * information)
      }
      var (low, high) = (-12.0, 0.0)
      for _ in 0..<80 {
        let (left, right) = (high - (high - low) * 0.618, low + (high - low) * 0.618)
        if ratio(left) <= ratio(right) { high = right } else { low = left }
      }
      ratios[index] = min(ratio(low), ratio(0))
    }
    return ratios
  }

  @Test(arguments: [0.25, 1, 2])
  func smallSpacesAgreeWithBruteForce(beta: Double) throws {
    let method = try IDSMethod(beta: beta)
    for count in 2...3 {
      for prompt in EstimateGrid.prompts(count: count, rewards: [-1, 0, 0.5, 3], halfWidths: [0.25, 1, 2.5]) {
        let best = prompt.map(\.reward).max()
        let pair = try #require(try CandidateStorage(prompt).pair(by: method))
        #expect(pair.first == prompt.firstIndex { $0.reward == best }, "\(prompt)")
        let ratios = Self.ratios(prompt, beta: beta, best: pair.first)
        // No doubt at all: a test of its own.
        guard let least = ratios.values.min() else { continue }
        #expect(try #require(ratios[pair.second]) <= least * (1 + 1e-6), "\(prompt) \(pair) \(ratios)")
        let criterion = try CandidateStorage(prompt).criterion(by: method)
        for (index, ratio) in ratios {
          let value = try #require(criterion[pair.first, index])
          #expect(abs(value + log(ratio)) < 1e-6, "\(prompt) \(index)")
        }
      }
    }
  }

  /// Where the best is certainly the best, the nearest of equally doubtful ones challenges it, and one that teaches
  /// something goes before one that teaches nothing.
  @Test func aCertainBestStillMeetsAChallenger() throws {
    let method = try IDSMethod(beta: 1)
    let cases: [([Estimate], Pair)] = [
      ([(9, 0.5), (1, 0.5), (3, 0.5)].map(Self.estimate), Pair(first: 0, second: 2)),
      ([(3, 0), (9, 0), (1, 1)].map(Self.estimate), Pair(first: 1, second: 2)),
      ([(3, 0), (9, 0), (1, 0)].map(Self.estimate), Pair(first: 1, second: 0)),
      ([(2, 0), (2, 0), (2, 0)].map(Self.estimate), Pair(first: 0, second: 1)),
      ([(2, 0), (2, 0), (2, 1)].map(Self.estimate), Pair(first: 0, second: 2)),
    ]
    for (prompt, expected) in cases {
      #expect(try CandidateStorage(prompt).pair(by: method) == expected, "\(prompt)")
    }
  }

  private static func estimate(_ pair: (Float, Float)) -> Estimate { Estimate(reward: pair.0, halfWidth: pair.1) }

  /// Differences at which sigma is 1 in any float still have an order.
  @Test func nothingSaturates() throws {
    let method = try IDSMethod()
    let prompt = [(0, 1), (2000, 1), (5000, 1), (1000, 1)].map { Self.estimate(($0.0, $0.1)) }
    #expect(try CandidateStorage(prompt).pair(by: method) == Pair(first: 2, second: 1))
    let criterion = try CandidateStorage(prompt).criterion(by: method)
    let values = try [1, 3, 0].map { try #require(criterion[2, $0]) }
    #expect(values[0] > values[1] && values[1] > values[2] && values.allSatisfy(\.isFinite), "\(values)")
  }
}

/// What holds for all methods that work with r_i -/+ beta s_i.
@Suite struct RewardIntervalTests {
  static let largest = Float.greatestFiniteMagnitude

  /// Extreme numbers and extreme parameters neither trap nor give a response with itself.
  @Test(arguments: ["maxminlcb", "rucb", "ids"], [0, 1e-300, 1, 1e300, Double.greatestFiniteMagnitude])
  func extremeNumbersGivePairs(name: String, beta: Double) throws {
    let method = try SelectionMethods.make(name, parameters: ["beta": "\(beta)"])
    let prompts: [CandidateStorage] = [
      CandidateStorage(
        rewards: [Self.largest, -Self.largest, 0, .leastNonzeroMagnitude],
        lower: [-Self.largest, -Self.largest, 0, 0], upper: [Self.largest, Self.largest, 0, 1]),
      CandidateStorage([Float](repeating: 0, count: 5).map { Estimate(reward: $0, halfWidth: 0) }),
      CandidateStorage((0..<5).map { Estimate(reward: Float($0) * .leastNonzeroMagnitude, halfWidth: 0) }),
      CandidateStorage([1e38, -1e38, 1e38].map { Estimate(reward: $0, halfWidth: 1e38) }),
    ]
    for (number, prompt) in prompts.enumerated() {
      for draw in 0..<20 {
        let pair = try #require(try prompt.pair(by: method, promptID: "p\(draw)"))
        #expect(pair.first < prompt.count && pair.second < prompt.count, "\(number)")
      }
      let criterion = try prompt.criterion(by: method)
      for first in 0..<prompt.count {
        for second in 0..<prompt.count where first != second {
          #expect(criterion[first, second]?.isFinite ?? true, "\(number): \(first), \(second)")
        }
      }
    }
  }

  /// A constant added changes nothing for a beta that isn't exact in binary either, where the addition itself is exact.
  @Test(arguments: ["maxminlcb", "rucb", "ids"], [UInt64(61)])
  func anOddBetaIsShiftInvariantToo(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.make(name, parameters: ["beta": "0.7"])
    var generator = SeededGenerator(seed: seed)
    for number in 0..<200 {
      let prompt = (0..<(number % 12 + 2)).map { _ in
        Estimate(
          reward: Float(Int.random(in: -64...64, using: &generator)) / 16,
          halfWidth: Float(Int.random(in: 0...32, using: &generator)) / 16)
      }
      let shifted = prompt.map { Estimate(reward: $0.reward + 4096, halfWidth: $0.halfWidth) }
      let promptID = "p\(number)"
      #expect(
        try CandidateStorage(prompt).pair(by: method, seed: seed, promptID: promptID)
          == CandidateStorage(shifted).pair(by: method, seed: seed, promptID: promptID), "seed \(seed), \(promptID)")
    }
  }
}

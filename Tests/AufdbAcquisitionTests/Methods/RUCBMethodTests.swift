// `rucb` against its definition in probabilities, and the uniformity of its choices.

import AufdbAcquisition
import AufdbTestSupport
import Foundation
import Testing

@Suite struct RUCBMethodTests {
  /// The candidates, and for each of them all likeliest winners, from the matrix of optimistic probabilities.
  static func allowed(_ prompt: [Estimate], beta: Double) -> [Int: Set<Int>] {
    func chance(_ i: Int, _ j: Int) -> Double {
      1 / (1 + exp(-(prompt[i].r - prompt[j].r + beta * (prompt[i].s + prompt[j].s))))
    }
    var seconds: [Int: Set<Int>] = [:]
    for first in prompt.indices where prompt.indices.allSatisfy({ $0 == first || chance(first, $0) >= 0.5 }) {
      let others = prompt.indices.filter { $0 != first }
      let best = others.map { chance($0, first) }.max()
      seconds[first] = Set(others.filter { chance($0, first) == best })
    }
    return seconds
  }

  @Test(arguments: [0, 0.5, 1, 2])
  func smallSpacesAgreeWithBruteForce(beta: Double) throws {
    let method = try RUCBMethod(beta: beta)
    for count in 2...3 {
      for prompt in EstimateGrid.prompts(count: count, rewards: [-1, 0, 0.5, 3], halfWidths: [0, 0.5, 2]) {
        let allowed = Self.allowed(prompt, beta: beta)
        let storage = CandidateStorage(prompt)
        for number in 0..<4 {
          let pair = try #require(try storage.pair(by: method, promptID: "p\(number)"))
          #expect(allowed[pair.first]?.contains(pair.second) == true, "\(prompt) \(pair)")
          let criterion = try storage.criterion(by: method, promptID: "p\(number)")
          let (first, second) = (prompt[pair.first], prompt[pair.second])
          #expect(criterion[pair] == second.r - first.r + beta * (first.s + second.s), "\(prompt)")
        }
      }
    }
  }

  /// Every member of C comes first equally often, and every tied winner second.
  @Test(arguments: [UInt64(41)])
  func choicesAreUniform(seed: UInt64) throws {
    let method = try RUCBMethod()
    // The upper ends of 0, 2 and 3 reach every lower end; 1 is out. 2 and 3 share the highest upper end.
    let prompt = [
      Estimate(reward: 1, halfWidth: 0.25), Estimate(reward: -4, halfWidth: 1), Estimate(reward: 1, halfWidth: 0.5),
      Estimate(reward: 0.5, halfWidth: 1),
    ]
    #expect(Self.allowed(prompt, beta: 1) == [0: [2, 3], 2: [3], 3: [2]])
    var counts: [Pair: Int] = [:]
    for number in 0..<12_000 {
      let promptID = "p\(number)"
      let pair = try #require(try CandidateStorage(prompt).pair(by: method, seed: seed, promptID: promptID))
      counts[pair, default: 0] += 1
      let random = method.randomKey(seed: seed).prompt(promptID)
      var (firstDraws, secondDraws) = (random.draws(round: 0), random.draws(round: 1))
      let first = [0, 2, 3][firstDraws.below(3)]
      let second = first == 0 ? [2, 3][secondDraws.below(2)] : 5 - first
      #expect(pair == Pair(first: first, second: second), "\(promptID)")
    }
    let pairs = [(0, 2), (0, 3), (2, 3), (3, 2)].map { Pair(first: $0.0, second: $0.1) }
    let pValue = ChiSquare.pValue(
      counts: pairs.map { counts[$0] ?? 0 }, probabilities: [1.0 / 6, 1.0 / 6, 1.0 / 3, 1.0 / 3])
    #expect(pValue > 1e-4, "seed \(seed): \(counts)")
  }

  /// With beta = 0 and distinct rewards the pair is the best and the second best.
  @Test(arguments: [UInt64(51)])
  func withoutUncertaintyTheBestTwoMeet(seed: UInt64) throws {
    let method = try RUCBMethod(beta: 0)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<100 {
      let order = Array(0..<(number % 12 + 2)).shuffled(using: &generator)
      let storage = CandidateStorage(order.map { Estimate(reward: -Float($0), halfWidth: 3) })
      let pair = try #require(try storage.pair(by: method, seed: seed, promptID: "p\(number)"))
      #expect(order[pair.first] == 0 && order[pair.second] == 1, "seed \(seed), \(order)")
    }
  }
}

// `maxminlcb` in O(k) against the matrix of all lower bounds, its ties, its candidate set, and the conformance cases.

import AufdbAcquisition
import AufdbTestSupport
import Foundation
import Testing

@Suite struct MaxMinLCBMethodTests {
  /// All pairs that the definition allows, from the whole matrix.
  static func allowed(_ prompt: [Estimate], by method: MaxMinLCBMethod) -> Set<Pair> {
    let all = Set(prompt.indices)
    func bound(_ i: Int, _ j: Int, sign: Double) -> Double {
      (prompt[i].r - prompt[j].r) + sign * method.beta * (prompt[i].s + prompt[j].s)
    }
    let candidates =
      method.candidateSet == .off
      ? all
      : all.filter { i in all.allSatisfy { i == $0 || bound(i, $0, sign: 1) > -method.decisionBuffer } }
    let firsts = candidates.isEmpty ? all : candidates
    let seconds = candidates.count < 2 ? all : candidates
    var least: [Int: Double] = [:]
    for i in firsts { least[i] = seconds.filter { $0 != i }.map { bound(i, $0, sign: -1) }.min() }
    let best = least.values.max() ?? 0
    var pairs: Set<Pair> = []
    for (i, value) in least where value >= best - method.tolerance {
      for j in seconds where j != i && bound(i, j, sign: -1) <= value + method.tolerance {
        pairs.insert(Pair(first: i, second: j))
      }
    }
    return pairs
  }

  @Test(arguments: [0, 0.5, 1], [MaxMinLCBMethod.CandidateSet.off, .on])
  func smallSpacesAgreeWithBruteForce(beta: Double, candidateSet: MaxMinLCBMethod.CandidateSet) throws {
    for (tolerance, buffer) in [(0, 0), (0.25, 0), (0, 0.75)] {
      let method = try MaxMinLCBMethod(
        beta: beta, tolerance: tolerance, candidateSet: candidateSet, decisionBuffer: buffer)
      for count in 2...3 {
        for prompt in EstimateGrid.prompts(count: count, rewards: [-1, 0, 0.25, 3], halfWidths: [0, 0.5, 2]) {
          let allowed = Self.allowed(prompt, by: method)
          let storage = CandidateStorage(prompt)
          let pair = try #require(try storage.pair(by: method))
          #expect(allowed.contains(pair), "\(prompt) \(pair)")
          let criterion = try storage.criterion(by: method)
          #expect(
            criterion[pair] == (prompt[pair.first].r - prompt[pair.second].r)
              - beta * (prompt[pair.first].s + prompt[pair.second].s))
        }
      }
    }
  }

  @Test(arguments: [UInt64(11), 12])
  func randomSpacesAgreeWithBruteForce(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<500 {
      let prompt = (0..<Int.random(in: 2...20, using: &generator)).map { _ in
        Estimate(
          reward: Float(Int.random(in: -20...20, using: &generator)) / 8,
          halfWidth: Float(Int.random(in: 0...10, using: &generator)) / 8)
      }
      let method = try MaxMinLCBMethod(
        beta: [0, 0.5, 1, 2][number % 4], tolerance: [0, 1e-4, 0.5][number % 3],
        candidateSet: number % 2 == 0 ? .on : .off, decisionBuffer: [0, 0.25][number / 2 % 2])
      let allowed = Self.allowed(prompt, by: method)
      for promptNumber in 0..<5 {
        let pair = try #require(
          try CandidateStorage(prompt).pair(by: method, seed: seed, promptID: "p\(promptNumber)"))
        #expect(allowed.contains(pair), "seed \(seed), \(number): \(prompt) \(pair)")
      }
    }
  }

  /// First uniform among those tied, second uniform among its tied rivals, both by the documented draws.
  @Test(arguments: [UInt64(21)])
  func tiesAreDrawnUniformly(seed: UInt64) throws {
    let method = try MaxMinLCBMethod(tolerance: 0.125)
    // 1, 3 and 4 tie for first; each has the other two as rivals, and 0 and 2 are out of reach.
    let storage = CandidateStorage(
      [-3, 1, -3, 1.0625, 1].map { Estimate(reward: $0, halfWidth: 0.5) })
    let tied = [1, 3, 4]
    var counts: [Pair: Int] = [:]
    for number in 0..<12_000 {
      let promptID = "p\(number)"
      let pair = try #require(try storage.pair(by: method, seed: seed, promptID: promptID))
      counts[pair, default: 0] += 1
      if number < 200 {
        let random = method.randomKey(seed: seed).prompt(promptID)
        var (firstDraws, secondDraws) = (random.draws(round: 0), random.draws(round: 1))
        let first = tied[firstDraws.below(3)]
        #expect(pair == Pair(first: first, second: tied.filter { $0 != first }[secondDraws.below(2)]), "\(promptID)")
      }
    }
    #expect(counts.count == 6)
    let pValue = ChiSquare.pValue(counts: Array(counts.values), probabilities: [Double](repeating: 1.0 / 6, count: 6))
    #expect(pValue > 1e-4, "seed \(seed): \(counts)")
  }

  /// What is beyond the tolerance is no tie, whatever the seed; what is within it is one.
  @Test func theToleranceIsInUnitsOfReward() throws {
    let storage = CandidateStorage([0, 0.5, 0.75].map { Estimate(reward: $0, halfWidth: 0) })
    // Worst cases: 0 - 0.75, 0.5 - 0.75, 0.75 - 0.5. The best are 0.5 apart.
    for (tolerance, firsts) in [(0.49, [2]), (0.5, [1, 2]), (1, [0, 1, 2])] {
      let method = try MaxMinLCBMethod(tolerance: tolerance)
      let seen = try (0..<60).map { try storage.pair(by: method, promptID: "p\($0)")?.first }
      #expect(Set(seen) == Set(firsts), "\(tolerance)")
    }
  }

  /// The documented ways out: a lone candidate against its strongest rival; none, so all take part.
  @Test func aSmallCandidateSetStillGivesAPair() throws {
    let method = try MaxMinLCBMethod(candidateSet: .on)
    let lone = CandidateStorage([
      Estimate(reward: 0, halfWidth: 1), Estimate(reward: 9, halfWidth: 1), Estimate(reward: -1, halfWidth: 3),
    ])
    #expect(try lone.pair(by: method) == Pair(first: 1, second: 2))
    let none = CandidateStorage([1, 2, 2, 0].map { Estimate(reward: $0, halfWidth: 0) })
    let pairs = try Set((0..<40).map { try none.pair(by: method, promptID: "p\($0)") })
    #expect(pairs == [Pair(first: 1, second: 2), Pair(first: 2, second: 1)])
  }

  /// Any order of the responses gives the same pair where nothing is tied.
  @Test(arguments: [UInt64(31)])
  func orderChangesNothingWithoutTies(seed: UInt64) throws {
    let method = try MaxMinLCBMethod(tolerance: 0)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<200 {
      let prompt = (0..<Int.random(in: 2...12, using: &generator)).map { _ in
        Estimate(
          reward: .random(in: -2...2, using: &generator), halfWidth: .random(in: 0...1, using: &generator))
      }
      let storage = CandidateStorage(prompt)
      let order = Array(prompt.indices).shuffled(using: &generator)
      let pair = try #require(try storage.pair(by: method))
      let permuted = try #require(try storage.permuted(order).pair(by: method))
      #expect(Pair(first: order[permuted.first], second: order[permuted.second]) == pair, "seed \(seed), \(number)")
    }
  }

  @Test(arguments: [
    ["beta": "-1"], ["tolerance": "-1"], ["tolerance": "nan"], ["candidate-set": "true"], ["decision-buffer": "-0.5"],
    ["decision-buffer": "inf"],
  ])
  func refusesValuesOutOfRange(parameters: [String: String]) {
    #expect(throws: MethodError.self) { try SelectionMethods.make("maxminlcb", parameters: parameters) }
  }
}

/// The conformance cases, each with its own parameters.
@Suite(.enabled(if: GoldenData.isPresent, "skipped: shared/data/golden is absent"))
struct MaxMinLCBGoldenTests {
  struct Case: Decodable {
    struct Parameters: Decodable {
      let beta: Double
      let tolerance: Double
      let decisionBuffer: Double
      let usesCandidateSet: Bool

      enum CodingKeys: String, CodingKey {
        case beta
        case tolerance = "argmax_tol"
        case decisionBuffer = "decision_buffer"
        case usesCandidateSet = "use_candidate_set"
      }
    }

    let id: String
    let params: Parameters
    let rewards: [[Float]]
    let lower: [[Float]]
    let upper: [[Float]]
    let expected: [[Int]]
    let intended: [[Int]]?
    let suggested: [[Int]]?
    let hasReferenceDefect: Bool?

    enum CodingKeys: String, CodingKey {
      case id, params, rewards, expected, intended, suggested
      case lower = "lower_bounds"
      case upper = "upper_bounds"
      case hasReferenceDefect = "reference_defect"
    }
  }

  private struct MethodName: Decodable {
    let method: String
  }

  static func cases() throws -> [Case] {
    let text = try Data(contentsOf: GoldenData.folder.appendingPathComponent("golden.jsonl"))
    let decoder = JSONDecoder()
    return try text.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let line = Data(line)
      guard try decoder.decode(MethodName.self, from: line).method == "maxminlcb" else { return nil }
      return try decoder.decode(Case.self, from: line)
    }
  }

  @Test func everyCaseGivesItsPairs() throws {
    let cases = try Self.cases()
    var exactCount = 0
    for golden in cases {
      let method = try MaxMinLCBMethod(
        beta: golden.params.beta, tolerance: golden.params.tolerance,
        candidateSet: golden.params.usesCandidateSet ? .on : .off, decisionBuffer: golden.params.decisionBuffer)
      // A lone candidate: the hint is its strongest rival, which is the documented rule here, too.
      let wanted = golden.hasReferenceDefect == true ? golden.intended ?? golden.suggested : golden.expected
      for (row, rewards) in golden.rewards.enumerated() {
        let storage = CandidateStorage(rewards: rewards, lower: golden.lower[row], upper: golden.upper[row])
        let pair = try #require(try storage.pair(by: method))
        #expect(rewards.indices.contains(pair.first) && rewards.indices.contains(pair.second))
        if let wanted {
          #expect([pair.first, pair.second] == wanted[row], "\(golden.id) row \(row)")
          exactCount += 1
        }
      }
    }
    #expect(cases.count == 29 && exactCount > 300, "\(cases.count) cases, \(exactCount) exact pairs")
  }
}

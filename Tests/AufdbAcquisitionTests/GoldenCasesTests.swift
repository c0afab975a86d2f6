// Conformance: the pairs of methods without chance exactly, the laws of those with chance by chi-square.

import AufdbAcquisition
import Testing

@Suite(.enabled(if: GoldenData.isPresent, "skipped: shared/data/golden is absent"))
struct GoldenCasesTests {
  @Test func everyCaseOfADeterministicMethodGivesItsPairs() throws {
    var pairCounts: [String: Int] = [:]
    for golden in try GoldenData.cases() where golden.expected != nil && !golden.saturates {
      let method = try SelectionMethods.make(golden.methodName, parameters: golden.params.texts(for: golden.methodName))
      for (row, storage) in golden.prompts.enumerated() {
        let pair = try #require(try storage.pair(by: method))
        pairCounts[golden.methodName, default: 0] += 1
        guard let pairs = golden.pairs else { continue }
        let picked = [pair.first, pair.second]
        let agrees =
          picked == pairs[row] || golden.orderIsSignificant == false && picked.sorted() == pairs[row].sorted()
        #expect(agrees, "\(golden.id) row \(row): \(picked) instead of \(pairs[row])")
      }
    }
    #expect(pairCounts.keys.contains("deltaquantile") && pairCounts.keys.contains("infogain"), "\(pairCounts)")
  }

  /// `infomax` gives the widest information gap there is; also where float32 can't tell, and then the pair expected is
  /// no better within float32's precision.
  @Test func infoMaxIsExactWhereTheReferenceSaturates() throws {
    var differenceCount = 0
    for golden in try GoldenData.cases() where golden.method == "infomax" {
      for (row, storage) in golden.prompts.enumerated() {
        let gap = ReferenceGap(lower: storage.lower, upper: storage.upper)
        let pair = try #require(try storage.pair(by: InfoMaxMethod()))
        let odds = gap.odds(pair.first, pair.second)
        #expect(odds >= gap.largestOdds * (1 - 1e-12), "\(golden.id) row \(row)")
        guard golden.saturates, let expected = golden.expected?[row] else { continue }
        #expect(golden.orderIsSignificant == true)
        let theirs = gap.odds(expected[0], expected[1])
        #expect(abs(odds / (1 + odds) - theirs / (1 + theirs)) < 1e-6, "\(golden.id) row \(row)")
        differenceCount += theirs < odds * (1 - 1e-12) ? 1 : 0
      }
    }
    #expect(differenceCount > 0)
  }

  /// The reference stops where it has fewer than four responses; ours uses them all.
  @Test func ultraFeedbackUsesFewerThanFourResponses() throws {
    for golden in try GoldenData.cases() where golden.method == "ultrafeedback" && golden.expected == nil {
      for storage in golden.prompts {
        let pair = try #require(try storage.pair(by: UltraFeedbackMethod()))
        let best = try #require(storage.rewards.max())
        #expect(storage.rewards[pair.first] == best, "\(golden.id)")
      }
    }
  }

  /// 200,000 prompts of the same numbers and different ids follow the law of each case.
  @Test(arguments: [UInt64(20_260_309)])
  func everyLawHolds(seed: UInt64) async throws {
    let laws = try GoldenData.laws()
    let pValues = try await withThrowingTaskGroup(of: (String, Double).self) { group in
      for law in laws {
        group.addTask { (law.id, try Self.pValue(of: law, drawCount: 200_000, seed: seed)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for (id, pValue) in pValues {
      #expect(pValue > 1e-4, "\(id) with seed \(seed)")
    }
    let lowCount = pValues.count { $0.1 < 0.05 }
    #expect(lowCount * 10 <= pValues.count, "seed \(seed): \(pValues)")
    #expect(!laws.isEmpty)
  }

  private static func pValue(of law: GoldenLaw, drawCount: UInt64, seed: UInt64) throws -> Double {
    let method = try SelectionMethods.make(law.method, parameters: law.params.texts(for: law.method))
    let key = method.randomKey(seed: seed)
    let storage = CandidateStorage(rewards: law.rewards, lower: law.lower, upper: law.upper)
    var counts = [Int](repeating: 0, count: storage.count * storage.count)
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      for number in 0..<drawCount {
        let random = withUnsafeBytes(of: number) { key.prompt($0) }
        guard case .pair(let pair) = try method.select(candidates, random: random) else { continue }
        counts[pair.first * candidates.count + pair.second] += 1
      }
    }
    return ChiSquare.pValue(counts: counts, probabilities: law.law)
  }
}

// Several pairs of a prompt: all among some responses, or the next best ones.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct PairDemandTests {
  private func pairs(
    _ demand: PairDemand, excluding excluded: [Pair] = [], of storage: CandidateStorage, by method: any SelectionMethod,
    seed: UInt64, id: String = "p"
  ) throws -> [Pair]? {
    let random = method.randomKey(seed: seed).prompt(id)
    let outcome = try storage.withCandidates { (candidates) throws(CandidatesError) in
      try method.pairs(demand, excluding: excluded, candidates, random: random)
    }
    guard case .pairs(let pairs) = outcome else { return nil }
    return pairs
  }

  /// One after the other, every pair comes once, and the first is what the method picks alone.
  @Test(arguments: SelectionMethods.names, [UInt64(1), 2])
  func allPairsComeOnce(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<40 {
      let count = number % 7 + 2
      let storage = generator.storage(count: count)
      guard let alone = try storage.pair(by: method, seed: seed, promptID: "p") else { continue }
      let all = try #require(
        try pairs(PairDemand(pairCount: 1000), of: storage, by: method, seed: seed))
      #expect(all.first == alone, "seed \(seed), prompt \(number)")
      #expect(Set(all.map { Set([$0.first, $0.second]) }).count == all.count, "seed \(seed), prompt \(number)")
      #expect(all.count == count * (count - 1) / 2, "seed \(seed), prompt \(number)")
      // A smaller demand gives the beginning of a larger one; what is excluded doesn't come.
      for (index, wanted) in [1, 2, all.count].enumerated() {
        #expect(
          try pairs(PairDemand(pairCount: wanted), of: storage, by: method, seed: seed) == Array(all.prefix(wanted)),
          "seed \(seed), prompt \(number), \(index)")
      }
      let swapped = all.map { Pair(first: $0.second, second: $0.first) }
      for excluded in [[alone], Array(all.dropLast()), swapped] {
        let left = try #require(
          try pairs(PairDemand(pairCount: 1000), excluding: excluded, of: storage, by: method, seed: seed))
        #expect(left.count == all.count - excluded.count, "seed \(seed), prompt \(number)")
        #expect(!left.contains { pair in excluded.contains { $0.isOfSameResponses(as: pair) } })
      }
    }
  }

  /// A pair that is settled leaves the others equally likely: 20,000 draws, chi-square.
  @Test func whatIsLeftIsUniform() throws {
    var counts = [Int](repeating: 0, count: 16)
    var storage = CandidateStorage()
    storage.count = 4
    let excluded = [Pair(first: 2, second: 0), Pair(first: 1, second: 3)]
    for number in 0..<20_000 {
      let pair = try #require(
        try pairs(
          PairDemand(), excluding: excluded, of: storage, by: RandomMethod(), seed: 7, id: "p\(number)")?.first)
      counts[pair.first * 4 + pair.second] += 1
    }
    let law = (0..<16).map { cell in
      let pair = (cell / 4, cell % 4)
      let isOut = pair.0 == pair.1 || [[0, 2], [1, 3]].contains([pair.0, pair.1].sorted())
      return isOut ? 0 : 1.0 / 8
    }
    #expect(ChiSquare.pValue(counts: counts, probabilities: law) > 1e-4, "\(counts)")
  }

  /// With m responses the first c(c - 1)/2 pairs are those of the first c of them.
  @Test(arguments: SelectionMethods.names)
  func pairsAmongResponsesComeResponseByResponse(name: String) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: 31)
    for number in 0..<30 {
      let storage = generator.storage(count: number % 8 + 2)
      guard let whole = try pairs(PairDemand(responseCount: 5), of: storage, by: method, seed: 3), !whole.isEmpty
      else { continue }
      let m = min(5, storage.count)
      #expect(whole.count == m * (m - 1) / 2, "prompt \(number)")
      for c in 2...m {
        let part = whole.prefix(c * (c - 1) / 2)
        #expect(Set(part.flatMap { [$0.first, $0.second] }).count == c, "prompt \(number), \(c)")
      }
      #expect(
        try pairs(PairDemand(responseCount: 5, pairCount: 2), of: storage, by: method, seed: 3)
          == Array(whole.prefix(2)))
    }
  }
}

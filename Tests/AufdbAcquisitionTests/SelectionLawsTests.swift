// What holds for every method there is: valid pairs, and independence of everything but the prompt and the seed.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct SelectionLawsTests {
  @Test(arguments: SelectionMethods.names, [UInt64(101), 102])
  func pairsAreTwoDifferentResponses(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<500 {
      let count = number % 29 + 2
      guard
        let pair = try generator.storage(count: count).pair(by: method, seed: seed, promptID: "p\(number)")
      else {
        // Some prompts lack the models that the method asks for.
        #expect(name == "fixed-pair", "seed \(seed), prompt \(number)")
        continue
      }
      #expect(pair.first != pair.second, "seed \(seed), prompt \(number)")
      #expect((0..<count).contains(pair.first) && (0..<count).contains(pair.second), "seed \(seed), prompt \(number)")
    }
  }

  /// The pair has the largest value under the method's own criterion, or none has one.
  @Test(arguments: SelectionMethods.names, [UInt64(151), 152])
  func thePairHasTheLargestValue(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<300 {
      let storage = generator.storage(count: number % 12 + 2)
      let random = method.randomKey(seed: seed).prompt("p\(number)")
      try storage.withCandidates { (candidates) throws(CandidatesError) in
        guard case .pair(let pair) = try method.select(candidates, random: random) else { return }
        let criterion = method.criterion(candidates, random: random)
        let all = (0..<criterion.count).flatMap { first in
          (0..<criterion.count).compactMap { criterion[first, $0] }
        }
        guard let largest = all.max() else {
          #expect(type(of: method).criterionFormula == nil || name.hasSuffix("ts"), "seed \(seed), prompt \(number)")
          return
        }
        #expect(type(of: method).criterionFormula != nil)
        let tolerance = name == "maxminlcb" ? 1e-4 : 0
        #expect((criterion[pair] ?? -.infinity) >= largest - tolerance, "seed \(seed), prompt \(number)")
      }
    }
  }

  /// Asking for more responses keeps the pair, gives different ones, and no more than there are.
  @Test(arguments: SelectionMethods.names, [UInt64(161)])
  func moreResponsesAreDifferentOnes(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<200 {
      let storage = generator.storage(count: number % 9 + 2)
      let random = method.randomKey(seed: seed).prompt("p\(number)")
      try storage.withCandidates { (candidates) throws(CandidatesError) in
        guard case .pair(let pair) = try method.select(candidates, random: random) else { return }
        var before = [pair.first, pair.second]
        for count in 2...6 {
          let responses = method.responses(count, from: pair, candidates, random: random)
          #expect(responses.starts(with: before), "seed \(seed), prompt \(number), \(count)")
          #expect(responses.count == min(count, candidates.count), "seed \(seed), prompt \(number), \(count)")
          #expect(Set(responses).count == responses.count, "seed \(seed), prompt \(number), \(count)")
          before = responses
        }
      }
    }
  }

  /// Adding a constant to every number of a prompt changes no pick; the numbers are such that the addition is exact.
  @Test(arguments: SelectionMethods.names, [UInt64(201), 202])
  func aConstantAddedToAllNumbersChangesNothing(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<300 {
      let storage = generator.storage(count: number % 20 + 2)
      let before = try storage.pair(by: method, seed: seed, promptID: "p\(number)")
      for shift: Float in [-5, 1, 1024] {
        var shifted = storage
        shifted.rewards = storage.rewards.map { $0 + shift }
        shifted.lower = storage.lower.map { $0 + shift }
        shifted.upper = storage.upper.map { $0 + shift }
        shifted.scores = storage.scores.map { $0 + Double(shift) }
        shifted.heads = storage.heads.map { $0 + shift }
        let after = try shifted.pair(by: method, seed: seed, promptID: "p\(number)")
        #expect(after == before, "seed \(seed), prompt \(number), shift \(shift)")
      }
    }
  }

  /// In another order of the responses the pair is the same two; the numbers have no ties.
  @Test(
    arguments: ["greedy", "length", "far", "maxmin", "fixed-pair", "deltaucb", "deltaquantile", "infomax", "bald"],
    [UInt64(251), 252])
  func theOrderOfResponsesChangesNothing(name: String, seed: UInt64) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<200 {
      let count = number % 20 + 2
      let rewards = (0..<count).map { _ in Float.random(in: -3...3, using: &generator) }
      let halves = (0..<count).map { _ in Float.random(in: 0.1...2, using: &generator) }
      let features = (0..<count).map { _ in (0..<3).map { _ in Float.random(in: -1...1, using: &generator) } }
      let order = (0..<count).shuffled(using: &generator)
      let pairs = try [Array(0..<count), order].map { order in
        var storage = CandidateStorage(
          rewards: order.map { rewards[$0] }, lower: order.map { rewards[$0] - halves[$0] },
          upper: order.map { rewards[$0] + halves[$0] })
        storage.scores = order.map { Double(rewards[$0]) }
        storage.textLengths = order.map { Int(halves[$0] * 1e7) }
        storage.features = order.flatMap { features[$0] }
        for index in order { storage.append(model: "model-\(index)".utf8) }
        let pair = try storage.pair(by: method)
        return pair.map { [order[$0.first], order[$0.second]] }
      }
      // The farthest two have no order but that of their indices.
      #expect(pairs[0] == (name == "far" ? pairs[1]?.sorted() : pairs[1]), "seed \(seed), prompt \(number)")
    }
  }

  /// Any order of the prompts, and any split of them over tasks, gives each prompt the same pair.
  @Test(arguments: SelectionMethods.names, [UInt64(301)])
  func orderAndShardingChangeNothing(name: String, seed: UInt64) async throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: seed)
    let prompts = (0..<400).map { (id: "prompt-\($0)", storage: generator.storage(count: $0 % 17 + 2)) }
    let expected = try Self.pairs(of: prompts, by: method, seed: seed)

    let shuffled = try Self.pairs(of: prompts.shuffled(using: &generator), by: method, seed: seed)
    #expect(shuffled == expected, "seed \(seed)")

    let sharded = try await withThrowingTaskGroup(of: [String: Pair].self) { group in
      for shard in 0..<7 {
        let part = prompts.enumerated().filter { $0.offset % 7 == shard }.map(\.element)
        group.addTask { try Self.pairs(of: part, by: method, seed: seed) }
      }
      return try await group.reduce(into: [:]) { $0.merge($1) { old, _ in old } }
    }
    #expect(sharded == expected, "seed \(seed)")
  }

  /// A method that draws gives other pairs with another seed; one that doesn't gives the same.
  @Test(arguments: [
    ("random", true), ("ultrafeedback", true), ("dts", true), ("drts", true), ("infogain", true), ("greedy", false),
    ("length", false), ("far", false), ("maxmin", false), ("fixed-pair", false), ("deltaucb", false),
    ("deltaquantile", false), ("infomax", false), ("ids", false), ("bald", false), ("dopt", false),
  ])
  func theSeedMattersExactlyWhereThereIsChance(name: String, hasChance: Bool) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: 401)
    let prompts = (0..<100).map { (id: "prompt-\($0)", storage: generator.storage(count: 8)) }
    let differs = try Self.pairs(of: prompts, by: method, seed: 0) != Self.pairs(of: prompts, by: method, seed: 1)
    #expect(differs == hasChance)
  }

  private static func pairs(
    of prompts: [(id: String, storage: CandidateStorage)], by method: any SelectionMethod, seed: UInt64
  ) throws -> [String: Pair] {
    var pairs: [String: Pair] = [:]
    for prompt in prompts {
      pairs[prompt.id] = try prompt.storage.pair(by: method, seed: seed, promptID: prompt.id)
    }
    return pairs
  }
}

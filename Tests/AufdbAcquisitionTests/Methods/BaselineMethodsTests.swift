// The baselines by one number, by features and by name: small spaces against the definitions, and what they refuse.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct BaselineMethodsTests {
  /// The definition: the first of the largest, then the first of the smallest of the others.
  static func extremes<Value: Comparable>(_ values: [Value]) -> Pair? {
    guard let first = values.firstIndex(where: { value in values.allSatisfy { $0 <= value } }) else { return nil }
    let others = values.indices.filter { $0 != first }
    let second = others.first { other in others.allSatisfy { values[other] <= values[$0] } }
    return second.map { Pair(first: first, second: $0) }
  }

  @Test func greedyAndLengthTakeTheExtremes() throws {
    for count in 2...5 {
      for values in allLists(of: [-1, 0, 3], count: count) {
        let expected = Self.extremes(values)
        var storage = CandidateStorage(scores: values.map(Double.init))
        #expect(try storage.pair(by: GreedyMethod(by: .scores)) == expected, "\(values)")
        storage.scores = []
        storage.rewards = values.map(Float.init)
        #expect(try storage.pair(by: GreedyMethod()) == expected, "\(values)")
        storage.textLengths = values.map { $0 + 1 }
        #expect(try storage.pair(by: LengthMethod()) == expected, "\(values)")
      }
    }
  }

  @Test func allEqualGivesTheFirstTwo() throws {
    var storage = CandidateStorage(scores: [2, 2, 2])
    storage.textLengths = [0, 0, 0]
    storage.features = [Float](repeating: 0.5, count: 6)
    for method: any SelectionMethod in [GreedyMethod(by: .scores), LengthMethod(), FarMethod()] {
      #expect(try storage.pair(by: method) == Pair(first: 0, second: 1), "\(method.name)")
    }
  }

  /// Numbers that only differ as doubles, or as whole numbers beyond doubles, decide.
  @Test func extremesAreComparedExactly() throws {
    let scores = [0.1, 0.1.nextUp, 0.1.nextDown]
    #expect(try CandidateStorage(scores: scores).pair(by: GreedyMethod(by: .scores)) == Pair(first: 1, second: 2))
    var storage = CandidateStorage()
    storage.count = 3
    storage.textLengths = [1 << 60, 1 << 60 + 1, 1 << 60 - 1]
    #expect(try storage.pair(by: LengthMethod()) == Pair(first: 1, second: 2))
  }

  @Test func greedyFollowsWhatIsAvailable() throws {
    #expect(try SelectionMethods.make("greedy", available: .scores).needs == .scores)
    #expect(try SelectionMethods.make("greedy", available: .estimates).needs == .rewards)
    #expect(GreedyMethod.needsText == "rewards or scores")
  }

  /// All features of two and three responses on a grid in two dimensions, by integers.
  @Test func farthestPairsOfSmallSpaces() throws {
    let points = allLists(of: [-1, 0, 2], count: 2)
    for count in 2...3 {
      for rows in allLists(of: points, count: count) {
        var storage = CandidateStorage()
        storage.count = count
        storage.features = rows.flatMap { $0.map(Float.init) }
        var expected = (pair: Pair(first: 0, second: 1), squared: -1)
        for first in 0..<count {
          for second in 0..<count where second > first {
            let squared = zip(rows[first], rows[second]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
            if squared > expected.squared { expected = (Pair(first: first, second: second), squared) }
          }
        }
        #expect(try storage.pair(by: FarMethod()) == expected.pair, "\(rows)")
      }
    }
  }

  /// Features whose squares float32 can't hold, at either end.
  @Test(arguments: [Float.greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func farBearsExtremeFeatures(unit: Float) throws {
    var storage = CandidateStorage()
    storage.count = 4
    storage.features = [0, 0, unit, 0, -unit, 0, unit, unit]
    #expect(try storage.pair(by: FarMethod()) == Pair(first: 2, second: 3))
  }

  @Test func fixedPairsGoByName() throws {
    var storage = CandidateStorage()
    for name in ["b", "a", "b", "a", "ab", "é"] {
      storage.append(model: name.utf8)
      storage.count += 1
    }
    let cases: [(String, String, Pair?)] = [
      ("a", "b", Pair(first: 1, second: 0)), ("b", "a", Pair(first: 0, second: 1)),
      ("ab", "a", Pair(first: 4, second: 1)), ("a", "c", nil), ("c", "a", nil), ("A", "b", nil),
      ("\u{e9}", "a", Pair(first: 5, second: 1)), ("e\u{301}", "a", nil),
    ]
    for (first, second, expected) in cases {
      let method = try FixedPairMethod(firstModel: first, secondModel: second)
      #expect(try storage.pair(by: method) == expected, "\(first) \(second)")
      if expected == nil {
        #expect(try storage.select(by: method, random: method.randomKey(seed: 0).prompt("p")) == .skipped(.lacksModel))
      }
    }
  }

  @Test(
    arguments: [
      ([:], "first-model", "first-model must be given", "give a model's name"),
      (["first-model": "a"], "second-model", "second-model must be given", "give a model's name"),
      (
        ["first-model": "a", "second-model": ""], "second-model", "second-model can't be '': it must be a model's name",
        "give a model's name"
      ),
      (
        ["first-model": "a", "second-model": "a"], "second-model",
        "second-model can't be 'a': it must be another model than the first", "give another model than the first"
      ),
    ] as [([String: String], String, String, String)])
  func fixedPairRefusesNames(texts: [String: String], parameter: String, message: String, hint: String) {
    let error = #expect(throws: MethodError.self) { try SelectionMethods.make("fixed-pair", parameters: texts) }
    guard case .refusedValue(let refusal, "fixed-pair") = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.parameter == parameter)
    #expect("\(refusal)" == message)
    #expect(error?.hint == hint)
  }

  /// A third response of `fixed-pair` is any of the rest; of the others, the one that the criterion names.
  @Test func furtherResponsesFollowTheCriterion() throws {
    var storage = CandidateStorage(scores: [5, 1, 9, 8.5, 3])
    storage.features = [0, 1, 10, 4, 6]
    for name in ["a", "b", "c", "d", "e"] { storage.append(model: name.utf8) }
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      let methods: [any SelectionMethod] = [GreedyMethod(by: .scores), FarMethod()]
      for (method, expected) in zip(methods, [[2, 1, 3, 4, 0], [0, 2, 1, 3, 4]]) {
        let random = method.randomKey(seed: 1).prompt("p")
        guard case .pair(let pair) = try method.select(candidates, random: random) else { continue }
        #expect(method.responses(9, from: pair, candidates, random: random) == expected, "\(method.name)")
      }
    }
    var thirds: Set<Int> = []
    let fixed = try FixedPairMethod(firstModel: "c", secondModel: "a")
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      for number in 0..<60 {
        let random = fixed.randomKey(seed: 1).prompt("p\(number)")
        thirds.insert(fixed.responses(3, from: Pair(first: 2, second: 0), candidates, random: random)[2])
      }
    }
    #expect(thirds == [1, 3, 4])
  }
}

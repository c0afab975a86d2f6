// What candidates are refused, and how the refusal names the fault.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct CandidatesTests {
  @Test(arguments: [Float.nan, .infinity, -.infinity, .signalingNaN])
  func numbersThatAreNotFiniteAreRefused(bad: Float) {
    let good: [Float] = [0, 1, 2]
    let named: [(CandidateColumns, WritableKeyPath<CandidateStorage, [Float]>)] = [
      (.rewards, \.rewards), (.lower, \.lower), (.upper, \.upper),
    ]
    for (column, path) in named {
      var storage = CandidateStorage(rewards: good, lower: good, upper: good)
      storage[keyPath: path][1] = bad
      let error = #expect(throws: CandidatesError.self) { try storage.pair(by: RandomMethod()) }
      #expect(error == .notFinite(column: column, index: 1, value: "\(bad)"))
    }
    var scored = CandidateStorage(scores: [1, 2, 3])
    scored.scores[2] = Double(bad)
    let error = #expect(throws: CandidatesError.self) { try scored.pair(by: MaxMinMethod()) }
    #expect(error == .notFinite(column: .scores, index: 2, value: "\(Double(bad))"))
  }

  @Test func columnsOfOtherLengthsAreRefused() {
    var storage = CandidateStorage(rewards: [0, 1], lower: [0, 1], upper: [0])
    #expect(throws: CandidatesError.lengthMismatch(column: .upper, length: 1, responseCount: 2)) {
      try storage.pair(by: RandomMethod())
    }
    storage.upper = [0, 1]
    storage.count = 3
    #expect(throws: CandidatesError.lengthMismatch(column: .rewards, length: 2, responseCount: 3)) {
      try storage.pair(by: RandomMethod())
    }
  }

  @Test func reversedBoundsAreRefusedAndEqualOnesAllowed() throws {
    let equal = CandidateStorage(rewards: [0, 1], lower: [0, 1], upper: [0, 1])
    #expect(try equal.pair(by: DeltaUCBMethod()) == Pair(first: 1, second: 0))
    let reversed = CandidateStorage(rewards: [0, 1], lower: [0, 1.5], upper: [0, 1])
    #expect(throws: CandidatesError.reversedBounds(index: 1, lower: 1.5, upper: 1)) {
      try reversed.pair(by: DeltaUCBMethod())
    }
  }

  @Test func rewardsOutsideTheirBoundsAreAllowedAndCounted() throws {
    let storage = CandidateStorage(rewards: [-1, 0.5, 3, 1], lower: [0, 0, 0, 1], upper: [1, 1, 1, 1])
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      #expect(candidates.rewardsOutsideBoundsCount == 2)
    }
    #expect(try storage.pair(by: DRTSMethod(beta: 0)) == Pair(first: 2, second: 0))
  }

  @Test(arguments: SelectionMethods.names)
  func fewerThanTwoResponsesAreSkipped(name: String) throws {
    let method = try SelectionMethods.makeForTests(name)
    var generator = SeededGenerator(seed: 1)
    for count in [0, 1] {
      let outcome = try generator.storage(count: count)
        .select(by: method, random: method.randomKey(seed: 0).prompt("p"))
      #expect(outcome == .skipped(.tooFewResponses))
    }
  }

  @Test(arguments: SelectionMethods.names)
  func aMissingColumnIsNamed(name: String) throws {
    let method = try SelectionMethods.makeForTests(name)
    var storage = CandidateStorage()
    storage.count = 2
    guard !method.needs.isEmpty else {
      #expect(try storage.pair(by: method) != nil)
      return
    }
    #expect(throws: CandidatesError.missing(columns: method.needs, method: name)) { try storage.pair(by: method) }
  }

  @Test func onlyWhatIsMissingIsNamed() throws {
    var storage = CandidateStorage()
    storage.count = 2
    storage.rewards = [1, 2]
    let error = #expect(throws: CandidatesError.self) { try storage.pair(by: DRTSMethod()) }
    #expect(error.map { "\($0)" } == "the method drts needs lower, upper, which this prompt doesn't have")
  }

  @Test func storageIsRefilledWithoutNewMemory() {
    var generator = SeededGenerator(seed: 3)
    var storage = generator.storage(count: 30)
    let before = storage.rewards.withUnsafeBufferPointer { $0.baseAddress }
    storage.removeAll()
    #expect(storage.count == 0)
    for index in 0..<20 {
      storage.append(reward: Float(index), lower: 0, upper: 1)
    }
    #expect(storage.count == 20)
    #expect(storage.scores.isEmpty)
    #expect(storage.rewards.withUnsafeBufferPointer { $0.baseAddress } == before)
  }
}

// The power goes in the middle of any verb, or after it: what was reported as done is there whole, and nothing else is
// there in parts.

import AufdbTestSupport
import Foundation
import Testing

extension DiskFaultTests {
  @Suite("Power loss")
  struct PowerLossTests {
    private let scenario: FaultScenario

    init() throws { scenario = try DiskFaultTests.scenario.get() }

    /// How often a verb changes or syncs something.
    private func changeCount(_ index: Int) throws -> Int {
      try scenario.folder.reset(scenario.files[index])
      scenario.folder.count(.changes)
      _ = scenario.verbs[index].run()
      return scenario.folder.operationCount
    }

    /// Expects that the folder is as after `doneCount` verbs, or cut off in the next one; then the next verb must do.
    private func check(_ start: Int, _ doneCount: Int, isCutOff: Bool, _ comment: Comment) throws {
      let index = start + doneCount
      let found = try scenario.state(near: index)
      let (old, new) = (scenario.states[index], scenario.states[isCutOff ? index + 1 : index])
      let isStepwise = isCutOff && scenario.verbs[index].isStepwise
      let problems = found.problems(between: old, new, isStepwise: isStepwise)
      #expect(problems == [], comment)
      // Where an output is there already, the verb that makes it would refuse.
      let next = found == old ? index : found == new ? index + 1 : scenario.verbs.count
      guard next < scenario.verbs.count, problems.isEmpty else { return }
      let run = scenario.verbs[next].run()
      #expect(run.exitCode == 0, "\(scenario.verbs[next].name) after it: \(run.error) (\(comment.rawValue))")
      let after = try scenario.state(near: index)
      #expect(after.differences(from: scenario.states[next + 1]) == [], comment)
    }

    @Test("after every verb: all of it is there")
    func afterEach() throws {
      for index in scenario.verbs.indices {
        for seed in FaultRuns.seed..<FaultRuns.seed + (FaultRuns.isLong ? 10 : 1) {
          try scenario.folder.reset(scenario.files[index])
          #expect(scenario.verbs[index].run().exitCode == 0)
          // Nothing that wasn't synced is left on the first disk.
          try scenario.folder.restart(seed: seed == FaultRuns.seed ? PowerLossTests.losingSeed : seed)
          try check(index, 1, isCutOff: false, "after \(scenario.verbs[index].name), seed \(seed)")
        }
      }
    }

    /// A seed of a disk that keeps nothing but what was synced; see power.c.
    private static let losingSeed: UInt64 = {
      var seed: UInt64 = 0
      while true {
        var generator = SeededGenerator(seed: seed)
        if generator.next() % 6 == 0 { return seed }
        seed += 1
      }
    }()

    @Test("at any moment of a few verbs in a row")
    func anywhere() throws {
      let counts = try scenario.verbs.indices.map(changeCount)
      var cutOffCount = 0
      for seed in FaultRuns.seed..<FaultRuns.seed + UInt64(FaultRuns.powerLossCount) {
        var generator = SeededGenerator(seed: seed)
        let start = Int.random(in: scenario.verbs.indices, using: &generator)
        let verbs = scenario.verbs[start...].prefix(Int.random(in: 1...3, using: &generator))
        let count = counts[verbs.indices].reduce(0, +)
        try scenario.folder.reset(scenario.files[start])
        scenario.folder.losePower(at: Int.random(in: 1...count, using: &generator), of: .changes)
        var doneCount = 0
        var last: TestRun?
        for verb in verbs {
          last = verb.run()
          guard last?.exitCode == 0 else { break }
          doneCount += 1
        }
        let isCutOff = doneCount < verbs.count
        cutOffCount += isCutOff ? 1 : 0
        try scenario.folder.restart(seed: generator.next())
        try check(
          start, doneCount, isCutOff: isCutOff,
          "seed \(seed): \(verbs.map(\.name)), \(doneCount) done, then \(last?.error ?? "")")
        let lossCount = seed - FaultRuns.seed + 1
        if lossCount % 100 == 0 { FaultRuns.report("\(lossCount) power losses, \(cutOffCount) of them inside a verb") }
      }
    }
  }
}

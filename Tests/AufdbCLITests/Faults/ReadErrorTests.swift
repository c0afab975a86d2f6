// A disk that can't be read at some place: a verb says so, or needed nothing from there; its answer is never wrong.

import Foundation
import Glibc
import Testing

extension DiskFaultTests {
  @Suite("Read errors")
  struct ReadErrorTests {
    private let scenario: FaultScenario

    init() throws { scenario = try DiskFaultTests.scenario.get() }

    private static let readingVerbs: [[String]] = [
      ["log"], ["show"], ["history", "labels", "p1"], ["diff", "main~2"], ["stats"], ["stats", "--selections"],
      ["query", "SELECT * FROM responses ORDER BY 1, 2"], ["query", "SELECT * FROM leaderboard"],
      ["query", "@prompts"],
      ["search", "question"], ["verify"], ["verify", "--quick"], ["branch", "list"], ["tag", "list"],
      ["model", "list"], ["bundle", "create", "-"],
    ]

    /// The place before everything is pruned.
    private var index: Int { scenario.verbs.count - 4 }

    @Test("every verb that reads", arguments: readingVerbs)
    func reading(_ words: [String]) throws {
      let folder = scenario.folder
      let parts = ["branch", "tag", "model", "bundle"].contains(words[0]) ? 2 : 1
      let verb = FaultVerb(arguments: words[..<parts] + ["\(folder.path)/store.aufdb"] + words[parts...])
      try folder.reset(scenario.files[index])
      folder.count([.reads, .opens])
      let undisturbed = verb.run()
      #expect(undisturbed.exitCode == 0, "\(undisturbed.error)")
      let count = folder.operationCount
      for moment in FaultRuns.moments(count, atMost: 2, seed: FaultRuns.seed) {
        try folder.reset(scenario.files[index])
        folder.fail([.reads, .opens], at: moment, with: EIO)
        let run = verb.run()
        folder.fail([], at: 0, with: 0)
        let comment: Comment = "\(verb.name), \(moment) of \(count): \(run.error)"
        if run.exitCode == 0 {
          #expect(run.output == undisturbed.output, comment)
        } else {
          // 66: the store or its log can't be opened.
          #expect([65, 66, 74].contains(run.exitCode), comment)
          #expect(run.error.contains("error: "), comment)
        }
      }
      FaultRuns.report("\(verb.name): \(count) read errors")
    }

    @Test("an output that can't be read isn't taken for something that must not be replaced")
    func replacing() throws {
      let folder = scenario.folder
      for name in ["bundle create", "export"] {
        let index = try #require(
          scenario.verbs.firstIndex { $0.name.hasPrefix(name) && $0.arguments.contains("--force") })
        try folder.reset(scenario.files[index])
        folder.count(.reads)
        #expect(scenario.verbs[index].run().exitCode == 0)
        // What is to be replaced is looked at early.
        for moment in 1...min(30, folder.operationCount) {
          try folder.reset(scenario.files[index])
          folder.fail(.reads, at: moment, with: EIO)
          let run = scenario.verbs[index].run()
          folder.fail([], at: 0, with: 0)
          #expect([0, 65, 74].contains(run.exitCode), "\(name), \(moment): \(run.error)")
        }
      }
    }

    @Test("every verb that writes changes nothing, or all")
    func writing() throws {
      let folder = scenario.folder
      var faultCount = 0
      for index in FaultRuns.verbs(scenario.verbs.count, part: 0, of: 3) {
        let verb = scenario.verbs[index]
        try folder.reset(scenario.files[index])
        folder.count(.reads)
        #expect(verb.run().exitCode == 0)
        let count = folder.operationCount
        for moment in FaultRuns.moments(count, atMost: 1, seed: FaultRuns.seed &+ UInt64(index)) {
          faultCount += 1
          try folder.reset(scenario.files[index])
          folder.fail(.reads, at: moment, with: EIO)
          let run = verb.run()
          folder.fail([], at: 0, with: 0)
          let comment: Comment = "\(verb.name), \(moment) of \(count): \(run.exitCode) \(run.error)"
          let found = try scenario.state(near: index)
          let (old, new) = (scenario.states[index], scenario.states[index + 1])
          if run.exitCode == 0 {
            #expect(found.differences(from: new) == [], comment)
          } else {
            #expect(found.problems(between: old, new, isStepwise: verb.isStepwise) == [], comment)
            if !verb.isStepwise { #expect(found.stores == old.stores, comment) }
          }
          #expect([0, 65, 74].contains(run.exitCode), comment)
        }
      }
      FaultRuns.report("\(faultCount) read errors in verbs that write")
    }
  }
}

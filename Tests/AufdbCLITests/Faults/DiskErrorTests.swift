// A full or failing disk at any write, sync or change of names of any verb: exit 74 and nothing changed, and afterwards
// the verb works.

import Foundation
import Glibc
import Testing

/// A way in which a disk fails.
enum DiskError: Int, CaseIterable, Sendable {
  /// Room was made right after.
  case fullOnce
  case full
  case failingOnce
  case failing

  var code: Int32 { self == .full || self == .fullOnce ? ENOSPC : EIO }
  var lasts: Bool { self == .full || self == .failing }
  /// What a full disk refuses is to write more, and to give names.
  var operations: FaultOperations { code == ENOSPC ? [.writes, .names] : .changes }
}

extension DiskFaultTests {
  @Suite("Disk errors")
  struct DiskErrorTests {
    private let scenario: FaultScenario

    init() throws { scenario = try DiskFaultTests.scenario.get() }

    @Test("every verb that writes", arguments: DiskError.allCases)
    func writing(_ kind: DiskError) throws {
      var (faultCount, harmlessCount) = (0, 0)
      for index in FaultRuns.verbs(scenario.verbs.count, part: kind.rawValue, of: DiskError.allCases.count) {
        try scenario.folder.reset(scenario.files[index])
        scenario.folder.count(kind.operations)
        #expect(scenario.verbs[index].run().exitCode == 0)
        let count = scenario.folder.operationCount
        let seed = FaultRuns.seed &+ UInt64(index)
        for moment in FaultRuns.moments(count, atMost: 1, seed: seed) {
          faultCount += 1
          if try fails(index, kind, at: moment, of: count) { harmlessCount += 1 }
        }
      }
      FaultRuns.report("\(kind): \(faultCount) faults, \(harmlessCount) of them without consequence")
    }

    @Test("a commit that nothing takes back any more is reported as done, if the disk fails but once")
    func late() throws {
      let first = try #require(scenario.verbs.firstIndex { $0.name == "import" })
      // The store is new: it has a rollback journal, which its folder must forget.
      try scenario.folder.reset(scenario.files[first])
      scenario.folder.count(.syncs)
      #expect(scenario.verbs[first].run().exitCode == 0)
      let count = scenario.folder.operationCount
      let harmless = try (1...count).filter { try fails(first, .failingOnce, on: .syncs, at: $0, of: count) }
      #expect(!harmless.isEmpty && harmless.count < count)
    }

    /// Lets one verb meet an error; returns whether it got through all the same.
    private func fails(
      _ index: Int, _ kind: DiskError, on operations: FaultOperations? = nil, at moment: Int, of count: Int
    ) throws -> Bool {
      let (folder, verb) = (scenario.folder, scenario.verbs[index])
      let comment: Comment = "\(verb.name), \(kind) at \(moment) of \(count)"
      try folder.reset(scenario.files[index])
      folder.fail(operations ?? kind.operations, at: moment, with: kind.code, lasts: kind.lasts)
      let run = verb.run()
      folder.fail([], at: 0, with: 0)
      let found = try scenario.state(near: index)
      let (old, new) = (scenario.states[index], scenario.states[index + 1])
      if run.exitCode == 0 {
        #expect(found.differences(from: new) == [], comment)
        return true
      }
      let lines = run.error.split(separator: "\n")
      #expect(run.exitCode == 74, "\(comment.rawValue): \(run.error)")
      #expect(lines.contains { $0.hasPrefix("error: ") }, comment)
      #expect(found.problems(between: old, new, isStepwise: verb.isStepwise) == [], "\(comment.rawValue): \(run.error)")
      if !verb.isStepwise {
        // On a disk that goes on failing, what was written whole can't be taken back any more.
        if kind != .failing { #expect(found.stores == old.stores, "\(comment.rawValue): \(run.error)") }
        // An output may be there whole, where it couldn't be removed again: the verb would refuse to replace it.
        if found != old { return false }
      }
      let again = verb.run()
      #expect(again.exitCode == 0, "\(comment.rawValue), again: \(again.error)")
      let after = try scenario.state(near: index)
      #expect(after.differences(from: new) == [], "\(comment.rawValue), again")
      return false
    }
  }
}

// Laws of definitions, on random ones: what is written reads the same, what is there changes nothing, and versions
// never change.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Laws of definitions") struct DefinitionLawsTests {
  @Test("A file that is written reads as the same definitions", arguments: 1...60 as ClosedRange<UInt64>)
  func writing(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let file = try generator.definitionFile()
    let yaml = try file.yaml
    var again: DefinitionFile
    do {
      again = try DefinitionFile(yaml: yaml, path: "m.yaml")
    } catch {
      Issue.record("seed \(seed): \(error)\n\(yaml)")
      return
    }
    #expect(again.models == file.models, "seed \(seed):\n\(yaml)")
    for index in again.judges.indices { again.judges[index].place = nil }
    for index in again.encoders.indices { again.encoders[index].place = nil }
    #expect(again.judges == file.judges, "seed \(seed):\n\(yaml)")
    #expect(again.encoders == file.encoders, "seed \(seed):\n\(yaml)")
    #expect(try again.yaml == yaml, "seed \(seed)")
  }

  @Test(
    "Adding is idempotent, what is shown can be added, and no version ever changes",
    arguments: [1, 2, 3, 4] as [UInt64])
  func adding(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let defined = try DefinedStore()
    var known: [String: String] = [:]
    for step in 1...6 {
      let comment: Comment = "seed \(seed), step \(step)"
      let file = try generator.definitionFile()
      let before = try defined.all()
      let (commit, report) = try defined.add(file)
      #expect(report.entries.count == file.count, comment)
      #expect((commit == nil) == report.entries.allSatisfy { $0.outcome == .unchanged }, comment)
      let after = try defined.all()
      for entry in report.entries {
        let isThere = before.contains { $0.kind == entry.kind && $0.reference == entry.reference }
        #expect(isThere == (entry.outcome == .unchanged || entry.outcome == .access), comment)
        #expect(after.newest.contains { $0.kind == entry.kind && $0.reference == entry.reference }, comment)
      }
      for definition in after {
        let key = "\(definition.kind) \(definition.reference)"
        #expect(known[key, default: definition.definition] == definition.definition, comment)
        known[key] = definition.definition
      }
      #expect(known.count == after.count, comment)
      #expect(try defined.add(file).commit == nil, comment)
      // By way of the text that is shown: the newest ones, with the versions that they ask.
      let shown = try defined.reading().definitionFile(of: [])
      let (none, unchanged) = try defined.add(DefinitionFile(yaml: shown.yaml, path: "m.yaml"))
      #expect(none == nil && unchanged.entries.allSatisfy { $0.outcome == .unchanged }, comment)
      #expect(try defined.all() == after, comment)
    }
    #expect(try defined.reading().verify().problems == [], "seed \(seed)")
  }
}

/// A store that is given definitions.
final class DefinedStore {
  let store: TestStore
  private var milliseconds: Int64 = 1_000_000

  init() throws { store = try TestStore() }

  func context(_ branch: String? = nil) -> CommitContext {
    milliseconds += 1000
    return CommitContext(branch: branch, author: "tester", milliseconds: milliseconds)
  }

  func reading() throws -> Store { try store.reading() }

  func writing() throws -> Store { try Store(store.path, for: .writing(waitSeconds: 0, command: "test")) }

  @discardableResult
  func add(_ file: DefinitionFile, to branch: String? = nil) throws -> (commit: Commit?, report: DefinitionReport) {
    try writing().addDefinitions(file, context: context(branch))
  }

  @discardableResult
  func add(_ yaml: String, to branch: String? = nil) throws -> (commit: Commit?, report: DefinitionReport) {
    try add(DefinitionFile(yaml: yaml, path: "m.yaml"), to: branch)
  }

  func all(at revision: Revision = .head) throws -> [Definition] { try reading().definitions(at: revision) }
}

// Processes killed in the middle of a merge: the store is as before, or merged, and running it again ends the same.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed merges")
struct KilledMergeTests {
  static let context = CommitContext(author: "tester", milliseconds: 9_000_000)

  /// main and side, which changed some of the same rows and some of their own.
  private static func makeStore() throws -> ModelledStore {
    let modelled = try ModelledStore(seed: 23)
    for _ in 0..<4 { try modelled.commitRandomly(count: 14) }
    try modelled.branch("side", at: try modelled.tip().sequence)
    for branch in ["main", "side", "main", "side"] { try modelled.commitRandomly(to: branch, count: 8) }
    modelled.close()
    return modelled
  }

  /// Merges side into main; `dying` gets the connection at the beginning.
  @discardableResult
  static func run(at path: String, dying: (Connection) throws -> Void) throws -> MergeOutcome {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
    return try store.commit(keep: \.changesStore) { connection in
      try dying(connection)
      return try connection.merge(MergeOptions("side", preferring: .ours), context: context) { _ in }
    }
  }

  private static func texts(at path: String) throws -> [String] {
    let contents = try Store(path, for: .reading).contents(at: "main")
    return Relation.allCases.flatMap { (contents[$0] ?? []).map { "\($0.relation.name) \($0.values)" }.sorted() }
  }

  @Test("Killed between two steps of SQLite's machine")
  func steps() async throws {
    var generator = SeededGenerator(seed: 43)
    let modelled = try Self.makeStore()
    let (before, parents) = (try modelled.tip().id, [try modelled.tip().id, try modelled.tip("side").id])
    let template = try modelled.folder.bytes("store.aufdb")
    let counter = VirtualMachineSteps()
    guard case .merged(let merged, _) = try Self.run(at: modelled.path, dying: { counter.watch($0) }) else {
      Issue.record("the seed gives no clean merge")
      return
    }
    #expect(merged.parents == parents)
    let expected = try Self.texts(at: modelled.path)
    let total = counter.count
    for turn in 0..<14 {
      let fatal = turn == 0 ? total : Int.random(in: 1...total, using: &generator)
      for name in try modelled.folder.names() { unlink(modelled.folder.path(name)) }
      let path: String = try modelled.folder.file("store.aufdb", template)
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, fatal = fatal as Int] in
        let killer = VirtualMachineSteps(fatal: fatal)
        try Self.run(at: path) { killer.watch($0) }
        withExtendedLifetime(killer) {}
      }
      let comment: Comment = "step \(fatal) of \(total), seed 43"
      do {
        let store = try Store(path, for: .reading)
        #expect(try store.verify().problems == [], comment)
        let head = try store.commit("main").id
        #expect(head == before || head == merged.id, comment)
      }
      try Self.run(at: path) { _ in }
      #expect(try Store(path, for: .reading).commit("main").id == merged.id, comment)
      #expect(try Self.texts(at: path) == expected, comment)
    }
  }
}

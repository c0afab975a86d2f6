// The history of rows, held against the model: of every key of random histories with branches.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Histories of rows")
struct RowHistoryTests {
  /// Some commits of a store to look from, and nil for everywhere.
  private static func views(_ modelled: ModelledStore) throws -> [ModelCommit?] {
    let some = try (0..<3).map { _ in try #require(modelled.history.randomElement(using: &modelled.generator)) }
    return some + [try modelled.tip(), nil]
  }

  private static func scope(_ commit: ModelCommit?) throws -> HistoryScope {
    try commit.map { .revision(try $0.revision) } ?? .everywhere
  }

  @Test("Of every key they are what the commits did", arguments: [61, 62, 63] as [UInt64])
  func events(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 40)
    let (model, store) = try (ModelHistory(modelled), Store(modelled.path, for: .reading))
    for tip in try Self.views(modelled) {
      let commits = model.commits(tip)
      for relation in Relation.allCases {
        for key in model.keys(relation) {
          // The whole key, and every beginning of it.
          let parts = Array(key.prefix(Int.random(in: 1...key.count, using: &modelled.generator)))
          for key in [key, parts] where key.count == relation.keyColumns.count || !relation.hasPair || key.count == 1 {
            let expected = model.events(relation, key, by: commits)
            let found = try store.events(relation, key, Self.scope(tip))
            let comment: Comment = "seed \(seed), \(relation) \(key) from \(tip?.sequence ?? 0)"
            #expect(found.map(\.change) == expected.map(\.change), comment)
            #expect(found.map(\.commit.id) == expected.map(\.commit.id), comment)
          }
        }
      }
    }
  }

  @Test("The responses of a pair come in either order", arguments: [64] as [UInt64])
  func pairs(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 40)
    let (model, store) = try (ModelHistory(modelled), Store(modelled.path, for: .reading))
    for relation in [Relation.selections, .labels] {
      let keys = model.keys(relation)
      try #require(!keys.isEmpty)
      for key in keys {
        let swapped = [key[0], key[3], key[4], key[1], key[2]] + key[5...]
        let expected = try store.events(relation, key, .everywhere)
        #expect(try store.events(relation, swapped, .everywhere) == expected, "seed \(seed)")
        // Either response, and no more, is the beginning of the key from either side.
        for count in 2...4 {
          for order in [key, Array(swapped)] {
            let found = try store.events(relation, Array(order.prefix(count)), .everywhere)
            #expect(expected.allSatisfy(found.contains), "seed \(seed), \(count)")
          }
        }
      }
    }
  }

  @Test("Versions know who bore and who retired them", arguments: [65, 66] as [UInt64])
  func versions(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 40)
    let (model, store) = try (ModelHistory(modelled), Store(modelled.path, for: .reading))
    for tip in try Self.views(modelled) {
      let commits = model.commits(tip)
      for relation in Relation.allCases {
        let expected = model.versions(relation, by: commits)
        for key in model.keys(relation) {
          let ofKey = expected.filter { relation.key(of: $0.version.row.sqlValues) == key }.reversed()
          let found = try store.versions(relation, key, Self.scope(tip))
          let comment: Comment = "seed \(seed), \(relation) \(key) from \(tip?.sequence ?? 0)"
          #expect(found.map(\.values) == ofKey.map(\.version.row.sqlValues), comment)
          #expect(found.map(\.born.id) == ofKey.map(\.version.born.id), comment)
          #expect(found.map(\.retired?.id) == ofKey.map(\.retirer?.id), comment)
        }
      }
    }
  }

  @Test("A limit leaves out the oldest", arguments: [67] as [UInt64])
  func limits(seed: UInt64) throws {
    let modelled = try ModelledStore.withBranches(seed: seed, steps: 30)
    let store = try Store(modelled.path, for: .reading)
    let key = try #require(ModelHistory(modelled).keys(.prompts).first)
    let all = try store.events(.prompts, key, .everywhere)
    for limit in 0...all.count + 1 {
      var found: [RowEvent] = []
      try store.rowEvents(of: .prompts, key: key, in: .everywhere, limit: limit) { found.append($0) }
      #expect(found == Array(all.prefix(limit)), "seed \(seed)")
    }
  }

  @Test("What the body throws comes out as it is") func bodyThrows() throws {
    struct Stop: Error {}
    let test = try TestStore()
    try test.commit { try $0.addPrompt("p1", "x") }
    let store = try test.reading()
    #expect(throws: Stop.self) { try store.history(of: .prompts, key: [.text("p1")]) { _ in throw Stop() } }
    #expect(throws: Stop.self) { try store.rowEvents(of: .prompts, key: [.text("p1")]) { _ in throw Stop() } }
  }
}

extension Relation {
  fileprivate var hasPair: Bool { keyColumns.contains("model_2") }
}

extension Store {
  /// All that happened to a key; nothing where nobody ever had it.
  fileprivate func events(_ relation: Relation, _ key: [SQLValue], _ scope: HistoryScope) throws -> [RowEvent] {
    try orNothing { body in try rowEvents(of: relation, key: key, in: scope, body) }
  }

  fileprivate func versions(_ relation: Relation, _ key: [SQLValue], _ scope: HistoryScope) throws -> [RowVersion] {
    try orNothing { body in try history(of: relation, key: key, in: scope, body) }
  }

  private func orNothing<Item>(_ lend: ((Item) throws -> Void) throws -> Void) throws -> [Item] {
    var found: [Item] = []
    do {
      try lend { found.append($0) }
      #expect(!found.isEmpty, "a key that nobody had is an error")
    } catch let error as AufdbError where error.kind == .refused && found.isEmpty {}
    return found
  }
}

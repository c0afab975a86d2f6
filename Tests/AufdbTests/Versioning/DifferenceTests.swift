// Differences, held against the model: of pairs of commits of random histories with branches.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Differences")
struct DifferenceTests {
  /// A random history of some branches, from old commits too.
  private static func history(seed: UInt64, steps: Int) throws -> ModelledStore {
    let modelled = try ModelledStore(seed: seed)
    for _ in 0..<steps {
      if modelled.generator.next() % 7 == 0, modelled.branches.count < 6 {
        let at = try #require(modelled.history.map(\.sequence).randomElement(using: &modelled.generator))
        try modelled.branch("b\(modelled.branches.count)", at: at)
      }
      let branch = try #require(modelled.branches.keys.sorted().randomElement(using: &modelled.generator))
      try modelled.commitRandomly(to: branch, count: 5)
    }
    modelled.close()
    return modelled
  }

  @Test("Between any two commits it is what the states differ in", arguments: [31, 32, 33, 34] as [UInt64])
  func states(seed: UInt64) throws {
    let modelled = try Self.history(seed: seed, steps: 40)
    let store = try Store(modelled.path, for: .reading)
    for _ in 0..<150 {
      let from = try #require(modelled.history.randomElement(using: &modelled.generator))
      let to = try #require(modelled.history.randomElement(using: &modelled.generator))
      let found = try store.changes(from, to)
      #expect(found == Self.expected(from.state, to.state), "seed \(seed): \(from.sequence) to \(to.sequence)")
    }
  }

  @Test("Backwards it is the inverse, and of a commit with itself it is nothing", arguments: [41, 42] as [UInt64])
  func inverse(seed: UInt64) throws {
    let modelled = try Self.history(seed: seed, steps: 30)
    let store = try Store(modelled.path, for: .reading)
    for _ in 0..<60 {
      let from = try #require(modelled.history.randomElement(using: &modelled.generator))
      let to = try #require(modelled.history.randomElement(using: &modelled.generator))
      let backwards = try store.changes(to, from)
      #expect(try store.changes(from, to).map(\.inverse) == backwards, "seed \(seed)")
      #expect(try store.changes(from, from).isEmpty)
    }
  }

  @Test("Counts are those of the rows, also where commits' own counts tell", arguments: [61, 62, 63] as [UInt64])
  func counts(seed: UInt64) throws {
    let modelled = try Self.history(seed: seed, steps: 40)
    let store = try Store(modelled.path, for: .reading)
    var recorded = 0
    for number in 0..<150 {
      let to = try #require(modelled.history.randomElement(using: &modelled.generator))
      let parent = to.parents.first.map(modelled.model)
      let other = try #require(modelled.history.randomElement(using: &modelled.generator))
      let from = number % 2 == 0 ? parent ?? other : other
      let range = DiffRange(
        from: try Revision(from.id.description), to: try Revision(to.id.description),
        isFromMergeBase: number % 3 == 0)
      var stat = DiffStat()
      try store.diff(range) { stat.count($0) }
      #expect(try store.diffStat(range) == stat, "seed \(seed): \(from.sequence) to \(to.sequence)")
      recorded += try store.read { connection in
        let difference = try Difference(range, in: connection)
        return try difference.relations().count { try difference.addedCount($0) != nil }
      }
    }
    #expect(recorded > 10, "seed \(seed)")
  }

  @Test("A relation's changes come in order of its key, each once", arguments: [51] as [UInt64])
  func order(seed: UInt64) throws {
    let modelled = try Self.history(seed: seed, steps: 40)
    let changes = try Store(modelled.path, for: .reading).changes(modelled.model(1), modelled.tip())
    try #require(changes.count > 10)
    for (one, next) in zip(changes, changes.dropFirst()) where one.relation == next.relation {
      #expect(SQLValue.precedes(one.key, next.key), "seed \(seed)")
    }
    #expect(changes.map(\.relation.rawValue) == changes.map(\.relation.rawValue).sorted())
  }

  /// What turns one state into the other, as rows of the model.
  static func modelChanges(
    from: ModelState, to: ModelState
  ) -> [(relation: Relation, key: String, old: ModelRow?, new: ModelRow?)] {
    Relation.allCases.flatMap { relation in
      Set(from.rows(of: relation).map(\.key)).union(to.rows(of: relation).map(\.key)).sorted().compactMap { key in
        let (old, new) = (from.row(relation, key), to.row(relation, key))
        return old == new ? nil : (relation, key, old, new)
      }
    }
  }

  /// What turns one state into the other, in order.
  static func expected(_ from: ModelState, _ to: ModelState) -> [RowChange] {
    modelChanges(from: from, to: to)
      .map { RowChange($0.relation, old: $0.old?.sqlValues, new: $0.new?.sqlValues) }
      .sorted {
        $0.relation == $1.relation
          ? SQLValue.precedes($0.key, $1.key) : $0.relation.rawValue < $1.relation.rawValue
      }
  }
}

extension Store {
  /// All changes between two commits of a model.
  func changes(_ from: ModelCommit, _ to: ModelCommit) throws -> [RowChange] {
    var changes: [RowChange] = []
    try diff(DiffRange(from: Revision(from.id.description), to: Revision(to.id.description))) { changes.append($0) }
    return changes
  }
}

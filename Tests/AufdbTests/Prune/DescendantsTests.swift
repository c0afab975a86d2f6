// Sets of descendants against walking the graph.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Descendants")
struct DescendantsTests {
  @Test(
    "Who sees a row version is who descends from its birth, and from none of its retirements",
    arguments: [(1, 20), (2, 64), (3, 65), (4, 130), (5, 200)] as [(UInt64, Int)])
  func randomGraphs(seed: UInt64, count: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let parents = (0..<count).map { child -> [Int] in
      guard child > 0 else { return [] }
      let drawn = (0...Int(generator.next() % 2)).map { _ in
        Int.random(in: max(0, child - 9)..<child, using: &generator)
      }
      return Set(drawn).sorted()
    }
    let folder = try ScratchFolder()
    let path = folder.path("store.aufdb")
    try Store.create(at: path, context: CommitContext(author: "a", milliseconds: 1))
    do {
      let database = try RawDatabase(path, isWritable: true)
      for child in 1..<count {
        try database.rows(
          """
          INSERT INTO commit_log
          SELECT ?1, randomblob(32), author, time, message, operation, change_digest, 0 FROM commit_log LIMIT 1
          """, [.integer(Int64(child + 1))])
        for (position, parent) in parents[child].enumerated() {
          try database.rows(
            "INSERT INTO commit_parent VALUES (?, ?, ?)",
            [.integer(Int64(child + 1)), .integer(Int64(position)), .integer(Int64(parent + 1))])
        }
      }
    }
    // Ancestors, each with itself, by walking.
    var ancestors: [Set<Int>] = []
    for child in 0..<count { ancestors.append(parents[child].reduce(into: [child]) { $0.formUnion(ancestors[$1]) }) }
    let kept = Set((0..<count).filter { _ in generator.next() % 9 == 0 })
    try Store(path, for: .reading).withConnection { connection in
      let descendants = try Descendants(kept: Set(kept.map { Int64($0 + 1) }), in: connection)
      for _ in 0..<300 {
        let birth = Int.random(in: 0..<count, using: &generator)
        let retirements = (0..<Int(generator.next() % 4)).map { _ in Int.random(in: 0..<count, using: &generator) }
        let seers = (0..<count).filter { ancestors[$0].contains(birth) && ancestors[$0].isDisjoint(with: retirements) }
        var set = descendants.none
        descendants.addWhoSees(birth, retiredBy: retirements, to: &set)
        #expect(descendants.numbers(of: set) == seers.map { Int64($0 + 1) }, "seed \(seed)")
        #expect(
          descendants.isKept(birth, retiredBy: retirements) == !kept.isDisjoint(with: seers), "seed \(seed)")
      }
    }
  }
}

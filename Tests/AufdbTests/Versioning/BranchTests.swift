// Branches by hand: where row versions lie while some branch keeps them, and what each branch sees.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Rows shared by branches")
struct BranchTests {
  private static func prompt(_ name: String, _ text: String = "text") -> ModelRow {
    ModelRow(relation: .prompts, values: [.text(name), .null, .text(text), .text("text"), .null])
  }

  /// Where each prompt's row versions lie: "live" or "past", by prompt and text.
  private func places(_ modelled: ModelledStore) throws -> [String: String] {
    let rows = try RawDatabase(modelled.path).texts(
      """
      SELECT prompt_id || ' ' || prompt || iif(place > 0, '=live', '=past') FROM prompts_all
      """)
    return Dictionary(rows.map { ($0.split(separator: "=")[0].description, $0.split(separator: "=")[1].description) }) {
      $0 + " and " + $1
    }
  }

  private func retirements(_ modelled: ModelledStore) throws -> [[StoredValue]] {
    try RawDatabase(modelled.path).rows("SELECT commit_seq, row_id, in_live FROM retirement ORDER BY 1, 2")
  }

  @Test("A row that one branch retires stays live while another keeps it, and goes when that retires it too")
  func lastKeeper() throws {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: [Self.prompt("a"), Self.prompt("b"), Self.prompt("c")]))
    try modelled.branch("one", at: 2)
    try modelled.branch("two", at: 2)
    try modelled.commit(ModelChange(retired: [Self.prompt("a")], added: [Self.prompt("a", "main's")]))
    #expect(try places(modelled)["a text"] == "live")
    try modelled.commit(ModelChange(retired: [Self.prompt("a")]), to: "one")
    #expect(try places(modelled)["a text"] == "live")
    #expect(try retirements(modelled).map { $0[2] } == [.integer(1), .integer(1)])
    try modelled.expectAll()
    try modelled.commit(ModelChange(retired: [Self.prompt("a")], added: [Self.prompt("a", "two's")]), to: "two")
    #expect(try places(modelled)["a text"] == "past")
    #expect(try retirements(modelled).map { $0[2] } == [.integer(0), .integer(0)])
    #expect(try places(modelled)["a main's"] == "live" && places(modelled)["b text"] == "live")
    modelled.close()
    try modelled.expectAll()
  }

  @Test("A branch from an old commit sees what the others gave up, and may give it up as well")
  func oldCommit() throws {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: [Self.prompt("a"), Self.prompt("b")]))
    try modelled.commit(ModelChange(retired: [Self.prompt("a")], added: [Self.prompt("c")]))
    #expect(try places(modelled) == ["a text": "past", "b text": "live", "c text": "live"])
    try modelled.branch("old", at: 2)
    #expect(modelled.branches["old"]?.seesPast == true)
    try modelled.commit(ModelChange(added: [Self.prompt("d")]), to: "old")
    try modelled.commit(ModelChange(retired: [Self.prompt("a"), Self.prompt("b")]), to: "old")
    try modelled.expectAll()
    // main keeps b, and its retirement by the other branch is undone nowhere.
    #expect(try places(modelled)["b text"] == "live")
    try modelled.commit(ModelChange(retired: [Self.prompt("b")]))
    #expect(try places(modelled) == ["a text": "past", "b text": "past", "c text": "live", "d text": "live"])
    // A branch from the tip of a branch that sees the past sees it as well.
    try modelled.branch("heir", at: try modelled.tip("old").sequence)
    #expect(modelled.branches["heir"]?.seesPast == true)
    try modelled.commit(ModelChange(retired: [Self.prompt("d")], added: [Self.prompt("e")]), to: "heir")
    modelled.close()
    try modelled.expectAll()
  }

  @Test("A row keeps its meaning for a branch that is made after it was retired, at a commit that saw it")
  func branchAfterRetirement() throws {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: [Self.prompt("a")]))
    try modelled.branch("keeper", at: 2)
    try modelled.commit(ModelChange(retired: [Self.prompt("a")]))
    try modelled.branch("late", at: 2)
    #expect(modelled.branches["late"]?.seesPast == false)
    try modelled.commit(ModelChange(retired: [Self.prompt("a")]), to: "keeper")
    #expect(try places(modelled)["a text"] == "live")
    try modelled.expectAll()
    try modelled.commit(ModelChange(retired: [Self.prompt("a")], added: [Self.prompt("a", "new")]), to: "late")
    #expect(try places(modelled) == ["a text": "past", "a new": "live"])
    modelled.close()
    try modelled.expectAll()
  }

  @Test(
    "However the commits of two branches take turns, each branch's rows are one run", arguments: [2, 7, 30])
  func turns(count: Int) throws {
    let modelled = try ModelledStore(seed: UInt64(count))
    try modelled.commit(ModelChange(added: [Self.prompt("base")]))
    try modelled.branch("side", at: 2)
    for index in 0..<count {
      for branch in ["main", "side"] {
        var change = ModelChange(added: [Self.prompt("\(branch) \(index)"), Self.prompt("both \(index)", branch)])
        if index % 5 == 4 { change.retired = [Self.prompt("\(branch) \(index - 3)")] }
        if index == count / 2 { change.retired.append(Self.prompt("base")) }
        try modelled.commit(change, to: branch)
      }
    }
    let runs = try modelled.writer().withConnection { connection in
      try connection.visibility(of: modelled.tip().sequence).runs[.prompts]?.count
    }
    #expect(runs == 1)
    modelled.close()
    try modelled.expectAll()
  }

  @Test("A commit with two parents sees what either bore, less what either retired")
  func merge() throws {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: [Self.prompt("a"), Self.prompt("b"), Self.prompt("c")]))
    try modelled.branch("side", at: 2)
    try modelled.commit(ModelChange(retired: [Self.prompt("a")], added: [Self.prompt("d")]))
    try modelled.commit(ModelChange(retired: [Self.prompt("b")], added: [Self.prompt("e")]), to: "side")
    let store = try modelled.writer()
    let merge = try store.write { connection in
      try connection.insertCommit(
        5, parents: [connection.commit(3), connection.commit(4)], branch: "main", author: "a", milliseconds: 1,
        message: "m", operation: "{}", changeDigest: RelationDigest.changeDigest([]))
    } keep: { _ in
      true
    }
    let names = try store.contents(at: Revision(merge.id.description))[.prompts]?.map(\.key).sorted()
    #expect(names == ["tc", "td", "te"])
    for sequence in 1...4 as ClosedRange<Int64> { try modelled.expectState(at: sequence, in: store) }
    #expect(try store.verify().problems == [])
  }

  @Test(
    "The order of ancestors is the same in every store, in whatever order the commits arrived",
    arguments: [1, 2, 3] as [UInt64])
  func orderOfAncestors(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    // Each commit's parents, by number: two lines from one root that are merged twice.
    let parents = [[], [0], [0], [1], [2], [3, 4], [5], [4], [7], [6, 8]]
    var orders: [[CommitID]] = []
    for _ in 0..<6 {
      let modelled = try ModelledStore(seed: 1)
      let order = try modelled.writer().write { connection in
        var made: [Int: Commit] = [0: try connection.commit(1)]
        while made.count < parents.count {
          let next = try #require(
            parents.indices.filter { made[$0] == nil && parents[$0].allSatisfy { made[$0] != nil } }
              .randomElement(using: &generator))
          let base = parents[next].compactMap { made[$0] }
          try connection.execute("UPDATE ref SET commit_seq = ?1", .integer(base[0].sequence))
          made[next] = try connection.insertCommit(
            Int64(made.count) + 1, parents: base, branch: "main", author: "a", milliseconds: Int64(next), message: "m",
            operation: "{}", changeDigest: RelationDigest.changeDigest([]))
        }
        let last = try #require(made[parents.count - 1])
        return try connection.ancestorsInOrder(of: last.sequence).map { try connection.commit($0) }
      } keep: { _ in
        true
      }
      orders.append(order.map(\.id))
      for (index, commit) in order.enumerated() {
        #expect(commit.parents.allSatisfy { order[..<index].map(\.id).contains($0) }, "seed \(seed)")
      }
    }
    #expect(Set(orders).count == 1 && orders[0].count == parents.count, "seed \(seed)")
  }
}

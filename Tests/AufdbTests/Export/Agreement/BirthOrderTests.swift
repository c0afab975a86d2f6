// The order of birth, where ids don't give it.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Order of birth")
struct BirthOrderTests {
  @Test("numbers go on from run to run, whatever the ids", arguments: 0..<20 as Range<UInt64>)
  func positions(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var next = (0..<4).map { Int64($0) << 40 + 1 }
    var runs: [ClosedRange<Int64>] = []
    for _ in 0..<Int.random(in: 1...30, using: &generator) {
      let lane = Int.random(in: 0..<4, using: &generator)
      // Ids that other commits took lie between.
      let first = next[lane] + Int64.random(in: 0...5, using: &generator)
      let last = first + Int64.random(in: 0...9, using: &generator)
      runs.append(first...last)
      next[lane] = last + 1
    }
    let order = BirthOrder(runs)
    let ids = runs.flatMap(Array.init)
    #expect(order.count == ids.count)
    #expect(ids.map(order.position) == Array(ids.indices))
  }

  @Test("labels of two branches are aggregated where the first of a pair was born, and their votes in that order")
  func branches() throws {
    let store = try TestStore()
    try store.commit { change in
      for promptID in ["p1", "p2"] {
        try change.addPrompt(promptID, promptID)
        try change.addResponse(promptID, "a", "yes")
        try change.addResponse(promptID, "b", "no")
      }
    }
    func writing() throws -> Store { try Store(store.path, for: .writing(waitSeconds: 0, command: "test")) }
    try writing().createRef(.branch, RefName("side"))
    try writing().switchBranch(to: "side")
    try store.commit { change in
      try change.addLabel("p2", chosen: "b", rejected: "a", judge: "side")
      try change.addLabel("p1", chosen: "b", rejected: "a", judge: "side")
    }
    try writing().switchBranch(to: "main")
    try store.commit { try $0.addLabel("p1", chosen: "a", rejected: "b", judge: "main") }
    let context = CommitContext(author: "tester", milliseconds: 9_000_000)
    let outcome = try writing().merge(MergeOptions("side"), context: context) { _ in }
    #expect(outcome.changesStore)
    let labels = try store.reading().read(at: .head, showsIDs: true) { connection, commit in
      let order = BirthOrder(try connection.runs(.labels, upTo: commit.sequence))
      return try connection.all("SELECT id, prompt_id, judge FROM labels") {
        (order.position(of: $0.integer(0)), $0.string(1), $0.string(2))
      }.sorted { $0.0 < $1.0 }
    }
    let rows = try store.export { $0.aggregation = .latest }.folder.rows()
    var first: [String] = []
    for (_, promptID, _) in labels where !first.contains(promptID) { first.append(promptID) }
    #expect(rows.map { String($0.split(separator: "\"")[3]) } == first)
    let last = try #require(labels.last { $0.1 == "p1" })
    let row = try #require(rows.first { $0.contains("\"p1\"") })
    #expect(row.contains(#""chosen_model":"\#(last.2 == "main" ? "a" : "b")""#))
  }
}

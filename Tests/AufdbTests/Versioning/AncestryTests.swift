// The order of a commit's ancestors is that of history alone, whatever order they arrived in.

import Testing

@testable import Aufdb

@Suite struct AncestryTests {
  /// A store with two branches of two commits each and their merge; `arrival` says which branch commits next.
  private func mergedStore(arrival: [String]) throws -> (TestStore, CommitID, [CommitID]) {
    let test = try TestStore()
    let store = try Store(test.path, for: .writing(waitSeconds: 0, command: "test"))
    try store.write {
      let lane = try $0.takeLane().number
      try $0.execute("INSERT INTO ref (name, kind, commit_seq, lane) VALUES ('side', 'branch', 1, ?1)", .integer(lane))
    } keep: {
      true
    }
    var counts: [String: Int] = [:]
    for branch in arrival {
      counts[branch, default: 0] += 1
      let number = counts[branch] ?? 0
      let context = CommitContext(branch: branch, author: "tester", milliseconds: Int64(number * 100))
      _ = try store.commit(context) { change in
        try change.addPrompt("\(branch)\(number)", "?")
        return (CommitNote(message: "\(branch) \(number)", operation: Operation("test")), ())
      }
    }
    return try store.write { connection in
      let tips = try ["main", "side"].map { try connection.commit(connection.resolve(Revision($0))) }
      let merge = try connection.insertCommit(
        connection.integer("SELECT max(seq) + 1 FROM commit_log"), parents: tips, branch: "main", author: "tester",
        milliseconds: 900, message: "Merge", operation: Operation("test").json,
        changeDigest: RelationDigest.changeDigest([]))
      let order = try connection.ancestorsInOrder(of: merge.sequence).map { try connection.commit($0).id }
      let runs = try connection.runs(.prompts, upTo: merge.sequence)
      #expect(runs.reduce(0) { $0 + $1.count } == 4)
      return (test, merge.id, order)
    } keep: { _ in
      true
    }
  }

  @Test(arguments: [
    ["side", "main", "side", "main"], ["side", "side", "main", "main"], ["main", "side", "side", "main"],
  ])
  func theOrderOfArrivalDoesNotMatter(arrival: [String]) throws {
    let (first, firstID, firstOrder) = try mergedStore(arrival: ["main", "main", "side", "side"])
    let (second, secondID, secondOrder) = try mergedStore(arrival: arrival)
    // The stores' roots are the same commit, because their contexts are.
    #expect(firstID == secondID)
    #expect(firstOrder == secondOrder)
    #expect(firstOrder.count == 6)
    #expect(firstOrder.last == firstID)
    for test in [first, second] { #expect(try test.reading().verify().isSound) }
  }
}

// A change in the making: what its own views show, what it refuses, and that it is all or nothing.

import Testing

@testable import Aufdb

@Suite("Changes")
struct ChangeTests {
  let context = CommitContext(author: "tester", milliseconds: 5_000)
  let note = CommitNote(message: "Change", operation: Operation("test"))

  private static func prompt(_ name: String, _ text: String) -> ModelRow {
    ModelRow(relation: .prompts, values: [.text(name), .null, .text(text), .text("text"), .null])
  }

  private static func modelled() throws -> ModelledStore {
    let modelled = try ModelledStore(seed: 1)
    try modelled.commit(ModelChange(added: [prompt("p1", "old"), prompt("p2", "kept"), prompt("p3", "x")]))
    return modelled
  }

  /// Where a change may be made: alone, beside a branch that keeps every row, and on a branch from an old commit.
  enum Place: String, CaseIterable, Sendable { case alone, beside, hiding, old }

  @Test("Its views show the tip, less what it retired, with what it added", arguments: Place.allCases)
  func views(place: Place) throws {
    let modelled = try Self.modelled()
    switch place {
    case .alone: break
    case .beside: try modelled.branch("other", at: 2)
    case .hiding:
      try modelled.branch("other", at: 2)
      try modelled.commit(ModelChange(retired: [Self.prompt("p3", "x")]))
    case .old:
      try modelled.commit(ModelChange(retired: [Self.prompt("p1", "old")], added: [Self.prompt("p1", "newer")]))
      try modelled.branch("work", at: 2)
    }
    var context = context
    context.branch = place == .old ? "work" : "main"
    _ = try modelled.writer().commit(context) { change -> (CommitNote, Void) in
      let (old, new) = (Self.prompt("p1", "old"), Self.prompt("p1", "new"))
      let id = try change.id(of: old)
      #expect(!change.isNew(.prompts, id))
      try change.retire(.prompts, id)
      let newID = try change.writer(.prompts).add(new)
      #expect(change.isNew(.prompts, newID))
      let rows = try change.rows(of: .prompts).map(\.row)
      let (seesOld, seesNew) = (rows.contains(old), rows.contains(new))
      #expect(!seesOld && seesNew)
      #expect(rows.count == (place == .hiding ? 2 : 3))
      #expect(change.addedCount(.prompts) == 1 && change.retiredCount(.prompts) == 1 && !change.isEmpty)
      return (note, ())
    }
    #expect(try modelled.writer().verify().problems == [])
  }

  @Test("A commit that changes nothing leaves none, and the store's bytes as they were")
  func nothing() throws {
    let modelled = try Self.modelled()
    modelled.close()
    let before = try modelled.folder.bytes("store.aufdb")
    let (commit, result) = try modelled.writer().commit(context) { change in
      _ = try change.writer(.labels)
      return (note, "result")
    }
    #expect(commit == nil && result == "result")
    modelled.close()
    #expect(try modelled.folder.bytes("store.aufdb") == before)
    try modelled.expectAll()
  }

  @Test("An error in the middle changes nothing, and the store can be used on")
  func error() throws {
    struct Stop: Error {}
    let modelled = try Self.modelled()
    #expect(throws: (any Error).self) {
      try modelled.writer().commit(context) { change -> (CommitNote, Void) in
        try change.retire(.prompts, try change.id(of: Self.prompt("p1", "old")))
        try change.writer(.prompts).add(Self.prompt("p9", "never"))
        throw Stop()
      }
    }
    try modelled.expectAll()
    try modelled.commit(ModelChange(added: [Self.prompt("p4", "later")]))
    modelled.close()
    try modelled.expectAll()
  }

  @Test("It commits to the branch it is told, and to an unknown one not at all")
  func branches() throws {
    let modelled = try Self.modelled()
    try modelled.branch("other", at: 2)
    try modelled.commit(ModelChange(added: [Self.prompt("p4", "here")]), to: "other")
    #expect(try modelled.writer().commit("other").id == modelled.model(3).id)
    #expect(try modelled.writer().commit(.head).id == modelled.model(2).id)
    var lost = context
    lost.branch = "nowhere"
    let error = #expect(throws: AufdbError.self) {
      try modelled.writer().commit(lost) { _ in (note, ()) }
    }
    #expect(error?.kind == .refused && error?.message == "there is no branch 'nowhere'")
    try modelled.expectAll()
  }

  @Test("A branch that was moved meanwhile is not moved again")
  func compareAndSwap() throws {
    let modelled = try Self.modelled()
    let error = #expect(throws: AufdbError.self) {
      try modelled.writer().commit(context) { change -> (CommitNote, Void) in
        try change.writer(.prompts).add(Self.prompt("p9", "never"))
        try change.connection.execute("UPDATE ref SET commit_seq = 1 WHERE name = 'main'")
        return (note, ())
      }
    }
    #expect(error?.kind == .busy)
    try modelled.expectAll()
  }

  @Test("A row can't be added and retired in one commit, nor can one that isn't there")
  func refusals() throws {
    let modelled = try Self.modelled()
    let sameCommit = #expect(throws: AufdbError.self) {
      try modelled.writer().commit(context) { change -> (CommitNote, Void) in
        try change.retire(.prompts, try change.writer(.prompts).add(Self.prompt("p9", "never")))
        return (note, ())
      }
    }
    #expect(sameCommit?.kind == .internalDefect)
    #expect(throws: AufdbError.self) {
      try modelled.writer().commit(context) { change -> (CommitNote, Void) in
        try change.retire(.prompts, 0)
        return (note, ())
      }
    }
    #expect(throws: AufdbError.self) {
      try modelled.writer().commit(context) { change -> (CommitNote, Void) in
        let row = try change.writer(.prompts)
        row.text("too few")
        try row.insert()
        return (note, ())
      }
    }
    try modelled.expectAll()
  }

  @Test("The same content on two branches from one base, in one millisecond, is two commits")
  func twins() throws {
    let modelled = try Self.modelled()
    try modelled.branch("twin", at: 2)
    var ids: [CommitID] = []
    for branch in ["main", "twin"] {
      let context = CommitContext(branch: branch, author: "a", milliseconds: 7)
      let (commit, _) = try modelled.writer().commit(context) { change in
        try change.writer(.prompts).add(Self.prompt("p9", "same"))
        return (note, ())
      }
      ids.append(try #require(commit).id)
    }
    #expect(ids[0] != ids[1])
    #expect(try modelled.writer().verify().problems == [])
    #expect(try modelled.writer().commit("twin").milliseconds == 8)
  }

  @Test("Zero has no sign, so that what is digested is what is stored")
  func negativeZero() throws {
    let modelled = try Self.modelled()
    let rows = [
      ModelRow(relation: .responses, values: [.text("p1"), .text("m"), .integer(0), .text(""), .null, .null, .null]),
      ModelRow(
        relation: .scores,
        values: [.text("p1"), .text("m"), .integer(0), .text("j"), .real(-0.0), .null, .null]),
    ]
    try modelled.commit(ModelChange(added: rows))
    let stored = try modelled.writer().contents(at: .head)[.scores]?.first?.values[4].canonicalBytes
    #expect(stored == StoredValue.real(0).canonicalBytes)
    #expect(try modelled.writer().verify().problems == [])
  }
}

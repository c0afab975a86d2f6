// Revisions: every way to name a commit, and that anything else is refused in words.

import Testing

@testable import Aufdb

@Suite("Revisions")
struct RevisionTests {
  /// root - 2 - 3 - 4 on main, 2 - 5 on side, and 6, which merges 5 into 4, on merged; the tag v1 is at 3.
  private static func forked() throws -> ModelledStore {
    let modelled = try ModelledStore(seed: 4)
    for _ in 0..<3 { try modelled.commitRandomly() }
    try modelled.branch("side", at: 2)
    try modelled.commitRandomly(to: "side")
    try modelled.branch("merged", at: 4)
    _ = try modelled.writer().write { connection in
      let parents = try [connection.commit(4), connection.commit(5)]
      try connection.execute("INSERT INTO ref (name, kind, commit_seq, sees_past) VALUES ('v1', 'tag', 3, 0), ('häßlich/名', 'tag', 2, 0)")
      return try connection.insertCommit(
        6, parents: parents, branch: "merged", author: "a", milliseconds: 1, message: "m", operation: "{}",
        changeDigest: RelationDigest.changeDigest([]))
    } keep: { _ in
      true
    }
    return modelled
  }

  @Test("Branches, tags, HEAD, ids and their prefixes, with steps back")
  func names() throws {
    let modelled = try Self.forked()
    let store = try modelled.writer()
    let merged = try store.commit("merged")
    let id = modelled.model(3).id.description
    let expected: [(String, Int64)] = [
      ("HEAD", 4), ("main", 4), ("side", 5), ("merged", 6), ("v1", 3), ("häßlich/名", 2), ("main~", 3), ("main~1", 3),
      ("main~2", 2), ("main~~~", 1), ("main~0", 4), ("main^0", 4), ("main^", 3), ("HEAD^^~", 1), ("v1~2", 1),
      ("merged^1", 4), ("merged^2", 5), ("merged^2~1", 2), ("merged^2^^", 1), ("merged~4", 1), (id, 3),
      (id.uppercased(), 3), (String(id.prefix(12)), 3), (String(id.prefix(13)), 3), (id + "~01", 2),
      (merged.id.description + "^2", 5), ("main~00000000000000000000002", 2),
    ]
    for (text, sequence) in expected {
      #expect(try store.commit(Revision(text)).sequence == sequence, "\(text)")
      #expect(try Revision(text).description == text)
    }
    #expect(try store.log("merged").map(\.sequence) == [6, 5, 4, 3, 2, 1])
    #expect(try store.log("side").map(\.sequence) == [5, 2, 1])
    #expect(try store.log("side", limit: 2).map(\.sequence) == [5, 2])
    #expect(try store.log(limit: 0).isEmpty)
    #expect(merged.parents == [modelled.model(4).id, modelled.model(5).id])
  }

  @Test(
    "Text that can't be a revision is refused by its grammar",
    arguments: ["", "~", "^", "~1", "main~x", "main~1x", "main^-1", "main~ 1", "main~99999999999999999999", "main^٣"])
  func badGrammar(text: String) throws {
    let error = #expect(throws: AufdbError.self) { try Revision(text) }
    #expect(error?.kind == .refused && error?.message == "'\(text)' is not a revision")
    // A literal can't throw; it is refused when it is used.
    let modelled = try ModelledStore(seed: 4)
    #expect(throws: AufdbError.self) { try modelled.writer().commit(Revision(stringLiteral: text)) }
  }

  @Test(
    "What names nothing is refused, and names what there is",
    arguments: [
      "nothing", "Main", "head", "main ", " main", "mai", "main~4", "main^2", "merged^3", "v1~3",
      "main~9223372036854775807",
      "main^9223372036854775807", "abc", "00000000", "zzzz", "main\u{301}", "main\u{0}", "'; DROP TABLE ref; --",
      "ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff00001", "häßlich", "side/", "~main",
    ])
  func unknown(text: String) throws {
    let modelled = try Self.forked()
    let error = #expect(throws: AufdbError.self) { try modelled.writer().commit(Revision(text)) }
    #expect(error?.kind == .refused)
    #expect(error?.message.contains(text) == true)
  }

  @Test("Names that are equal to Unicode but not to a byte comparison are two names")
  func unicode() throws {
    let modelled = try Self.forked()
    try modelled.branch("caf\u{e9}", at: 2)
    try modelled.branch("cafe\u{301}", at: 3)
    #expect(try modelled.writer().commit("caf\u{e9}").sequence == 2)
    #expect(try modelled.writer().commit("cafe\u{301}").sequence == 3)
  }

  @Test("Very long texts are dealt with")
  func long() throws {
    let modelled = try Self.forked()
    let store = try modelled.writer()
    for text in [String(repeating: "a", count: 1_000_000), "main" + String(repeating: "^0", count: 100_000)] {
      let found = try? store.commit(Revision(text)).sequence
      #expect(found == (text.hasPrefix("main") ? 4 : nil))
    }
    #expect(throws: AufdbError.self) { try store.commit(Revision("main" + String(repeating: "~", count: 50_000))) }
  }

  @Test("A prefix of two commits is refused with both of them; one digit more is not")
  func ambiguous() throws {
    let modelled = try ModelledStore(seed: 4)
    let store = try modelled.writer()
    let ids = try store.write { connection in
      var ids: [CommitID] = []
      var base = try connection.commit(1)
      while Set(ids.map { $0.description.prefix(4) }).count == ids.count {
        try #require(ids.count < 3_000)
        base = try connection.insertCommit(
          base.sequence + 1, parents: [base], branch: "main", author: "a", milliseconds: 1, message: "m",
          operation: "{}",
          changeDigest: RelationDigest.changeDigest([]))
        ids.append(base.id)
      }
      return ids
    } keep: { _ in
      true
    }
    let last = try #require(ids.last)
    let prefix = String(last.description.prefix(4))
    let twins = ids.filter { $0.description.hasPrefix(prefix) }
    try #require(twins.count == 2)
    let error = #expect(throws: AufdbError.self) { try store.commit(Revision(prefix)) }
    #expect(error?.kind == .refused)
    for twin in twins { #expect(error?.message.contains(twin.short) == true) }
    let common = zip(twins[0].description, twins[1].description).prefix { $0 == $1 }.count
    for twin in twins {
      let longer = try Revision(String(twin.description.prefix(common + 1)))
      #expect(try store.commit(longer).id == twin)
    }
    #expect(throws: AufdbError.self) { try store.commit(Revision(String(last.description.prefix(3)))) }
    // A name goes before a prefix.
    try store.withConnection { try $0.execute("INSERT INTO ref (name, kind, commit_seq, sees_past) VALUES (?1, 'tag', 1, 0)", .text(prefix)) }
    #expect(try store.commit(Revision(prefix)).sequence == 1)
  }

  @Test("A limit below nothing is no crash")
  func negativeLimit() async {
    await #expect(processExitsWith: .success) {
      let modelled = try ModelledStore(seed: 4)
      _ = try? modelled.writer().log(limit: -1)
    }
  }
}

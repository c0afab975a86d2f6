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
      try connection.execute(
        "INSERT INTO ref (name, kind, commit_seq) VALUES ('v1', 'tag', 3), ('häßlich/名', 'tag', 2)")
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
      (merged.id.description + "^2", 5), ("main~00000000000000000000002", 2), ("@", 4), ("@~2", 2), ("@^", 3),
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
    arguments: [
      "", "~", "^", "~1", "main~x", "main~1x", "main^-1", "main~ 1", "main~99999999999999999999", "main^٣",
      "main~\u{301}", "^{}", "main^{}", "main^{commit}", "@{", "main@{", "main@{2026-11-01", "main@{2026-11-01}x",
      "main@{2026-11-01}@{2026-11-01}", "main~1@{2026-11-01}", "main^@{2026-11-01}", "main@{2026-11-01~1}",
    ])
  func badGrammar(text: String) throws {
    let error = #expect(throws: AufdbError.self) { try Revision(text) }
    #expect(error?.kind == .refused && error?.message.hasPrefix("'\(text)' is not a revision") == true)
    #expect(error?.hint != nil)
    // A literal can't throw; it is refused when it is used.
    let modelled = try ModelledStore(seed: 4)
    #expect(throws: AufdbError.self) { try modelled.writer().commit(Revision(stringLiteral: text)) }
  }

  @Test(
    "A date that isn't one is refused with its reason",
    arguments: [
      ("", "'' is not a date"), ("yesterday", "'yesterday' is not a date"), ("u", "'u' is not a date"),
      ("2026-13-01", "'2026-13-01' is not a date: a month is 01 to 12"), ("99999-01-01", "'99999-01-01' is not a date"),
      ("2026-11-01T25:00", "'2026-11-01T25:00' is not a date: an hour is 00 to 23"), ("1", "'1' is not a date"),
      ("-1", "'-1' is not a date"), ("1e9", "'1e9' is not a date"),
    ])
  func badDate(date: String, reason: String) {
    for base in ["main", "", "nowhere"] {
      let error = #expect(throws: AufdbError.self) { try Revision("\(base)@{\(date)}~1") }
      #expect(error?.kind == .refused)
      #expect(error?.message == "'\(base)@{\(date)}~1' is not a revision: \(reason)")
      // Whoever knows git's reflog is told what to write instead.
      let isEntry = Int(date) != nil
      #expect(error?.hint?.contains(isEntry ? "main~1" : "2026-11-01T12:30") == true)
    }
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

  @Test("A parent that isn't there is told from the end of history")
  func noParent() throws {
    let modelled = try Self.forked()
    let (short, merged) = (modelled.model(4).id.short, try modelled.writer().commit("merged").id.short)
    let reasons = [
      "main~4": "history ends before it", "v1~2^2": "history ends before it", "main^2": "\(short) has one parent",
      "merged^3": "\(merged) has 2 parents",
    ]
    for (text, reason) in reasons {
      let error = #expect(throws: AufdbError.self) { try modelled.writer().commit(Revision(text)) }
      #expect(error == AufdbError(.refused, "there is no revision '\(text)': \(reason)"))
    }
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
    #expect(error?.kind == .refused && error?.message == "'\(prefix)' is the beginning of 2 commit ids")
    let candidates = twins.sorted { $0.description < $1.description }.map { "\($0.short)  1970-01-01T00:00:00.001Z  m" }
    #expect(
      error?.hint == (["give more digits of the one that is meant:"] + candidates).joined(separator: "\n"))
    let common = zip(twins[0].description, twins[1].description).prefix { $0 == $1 }.count
    for twin in twins {
      let longer = try Revision(String(twin.description.prefix(common + 1)))
      #expect(try store.commit(longer).id == twin)
    }
    #expect(throws: AufdbError.self) { try store.commit(Revision(String(last.description.prefix(3)))) }
    // A name goes before a prefix.
    try store.withConnection {
      try $0.execute(
        "INSERT INTO ref (name, kind, commit_seq) VALUES (?1, 'tag', 1), (?2, 'branch', 1)", .text(prefix),
        .text(last.description))
    }
    #expect(try store.commit(Revision(prefix)).sequence == 1)
    #expect(try store.commit(Revision(last.description)).sequence == 1)
    #expect(try store.commit(Revision(last.description.uppercased())).id == last)
    #expect(try store.commit(Revision("\(last)@{9999-12-31}")).sequence == 1)
  }

  @Test("Of many candidates five are listed, in the order of their ids, and the number of the others")
  func manyCandidates() throws {
    let modelled = try ModelledStore(seed: 4)
    let store = try modelled.writer()
    try store.withConnection { connection in
      // Ids of one's own choice; nothing here computes them anew.
      for number in (2...9).reversed() {
        let id = [0xAB, 0xCD, 0xEF] + [UInt8](repeating: 0, count: 28) + [UInt8(number)]
        try connection.execute(
          "INSERT INTO commit_log VALUES (?1, ?2, 'a', 1767225600000, ?3, '{}', ?2, 0)", .integer(Int64(number)),
          .blob(id), .text("Commit \(number)\nand more"))
      }
    }
    let error = #expect(throws: AufdbError.self) { try store.commit("AbCd~1") }
    #expect(error?.message == "'AbCd' is the beginning of 8 commit ids")
    let lines = error?.hint?.split(separator: "\n").map(String.init) ?? []
    let listed = (2...6).map { "abcdef000000  2026-01-01T00:00:00.000Z  Commit \($0)" }
    #expect(Array(lines.dropFirst()) == listed + ["and 3 more"])
  }

  @Test("A limit below nothing is no crash")
  func negativeLimit() async {
    await #expect(processExitsWith: .success) {
      let modelled = try ModelledStore(seed: 4)
      _ = try? modelled.writer().log(limit: -1)
    }
  }
}

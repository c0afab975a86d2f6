// Commit ids and change digests against a second implementation of the layout that CommitBytes.swift describes.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Canonical bytes")
struct CommitBytesTests {
  @Test("The reference SHA-256 gives the digests of FIPS 180-4's examples")
  func vectors() {
    let alphabet = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    let long =
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
    let examples = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (alphabet, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
      (long, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
    ]
    for (message, digest) in examples {
      #expect(CommitID.hex(ReferenceSHA256.digest(Array(message.utf8))) == digest)
    }
  }

  @Test("Every commit's id and change digest recompute from the model", arguments: [21, 22] as [UInt64])
  func ids(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    for step in 0..<30 {
      if step == 5 { try modelled.branch("side", at: 3) }
      try modelled.commitRandomly(to: step % 4 == 3 && step > 5 ? "side" : "main", count: 20)
    }
    let store = try modelled.writer()
    for commit in modelled.history {
      let found = try store.commit(Revision(commit.id.description))
      let digest = Self.changeDigest(commit.change)
      #expect(found.changeDigest == digest, "seed \(seed), commit \(commit.sequence)")
      #expect(found.id.bytes == Self.id(of: commit, parents: found.parents, digest), "seed \(seed), \(commit.sequence)")
      #expect(found.parents == commit.parents.map { modelled.model($0).id })
      let changes = commit.change.relations.map { relation in
        Commit.Change(
          relation: relation, added: commit.change.added.count { $0.relation == relation },
          retired: commit.change.retired.count { $0.relation == relation })
      }
      #expect(found.changes == changes, "seed \(seed), commit \(commit.sequence)")
    }
    let relations = Set(modelled.history.flatMap { $0.change.retired.map(\.relation) })
    #expect(relations.count == Relation.allCases.count, "some relation's retirements were never tried")
  }

  @Test("Late columns: NULL leaves no bytes, anything else a mark, its place and itself (digests made by hand)")
  func lateColumns() throws {
    func estimate(_ sample: Int64, _ heads: StoredValue) -> ModelRow {
      let name: [StoredValue] = [.text("s"), .text("p"), .text("m"), .integer(sample)]
      return ModelRow(relation: .estimates, values: name + [.real(0.5), .real(0), .real(1), heads])
    }
    func selection(_ batch: Int64, _ explanation: StoredValue) -> ModelRow {
      let pair: [StoredValue] = [.text("p"), .text("m"), .integer(0), .text("m"), .integer(1)]
      let cause: [StoredValue] = [.text("random"), .integer(batch), .null, .integer(7), .text("{}")]
      return ModelRow(relation: .selections, values: pair + cause + [explanation])
    }
    let rows = [
      estimate(0, .blob([0, 0, 0x80, 0x3E, 0, 0, 0x80, 0xBF])), estimate(1, .null), selection(1, .null),
      selection(2, .text(#"{"a":1}"#)),
    ]
    let modelled = try ModelledStore(seed: 1)
    func changeDigest(_ body: (Change) throws -> Void) throws -> String {
      let (commit, _) = try modelled.writer().commit(CommitContext(author: "a", milliseconds: 5)) { change in
        try body(change)
        return (CommitNote(message: "m", operation: Operation("test")), ())
      }
      return CommitID.hex(try #require(commit).changeDigest)
    }
    let born = try changeDigest { change in for row in rows { try change.writer(row.relation).add(row) } }
    #expect(born == "0e8f7737a03a9e003474c48ba948380073fcc0152cd9a2d04e854b5fc4ebc812")
    let retired = try changeDigest { change in
      for row in [rows[0], rows[3]] { try change.retire(row.relation, change.id(of: row)) }
      try change.writer(.estimates).add(estimate(0, .null))
    }
    #expect(retired == "bc5c454b8284200a33ca53eb3cf276eaa0c318aff1cc032df19a5f1073fac302")
  }

  @Test("A late column for which no value is given is NULL, whatever the row before had", arguments: [false, true])
  func unsetLateColumns(isFirst: Bool) throws {
    let modelled = try ModelledStore(seed: 1)
    let heads: [UInt8] = [1, 2, 3, 4]
    _ = try modelled.writer().commit(CommitContext(author: "a", milliseconds: 5)) { change in
      let writer = try change.writer(.estimates)
      for sample in 0..<4 {
        for text in ["s", "p", "m"] { writer.text(text) }
        writer.integer(sample)
        for _ in 0..<3 { writer.real(1) }
        try heads.withUnsafeBytes {
          if (sample % 2 == 0) == isFirst { writer.blob($0) } else if sample > 1 { writer.optionalBlob(nil) }
          try writer.insert()
        }
      }
      return (CommitNote(message: "m", operation: Operation("test")), ())
    }
    let found = try modelled.writer().contents(at: .head)[.estimates]?.map { $0["heads"] }
    #expect(
      found == (isFirst ? [.blob(heads), .null, .blob(heads), .null] : [.null, .blob(heads), .null, .blob(heads)]))
    let commit = try modelled.writer().commit(.head)
    let rows = try #require(try modelled.writer().contents(at: .head)[.estimates])
    #expect(commit.changeDigest == Self.changeDigest(ModelChange(added: rows)))
  }

  @Test("A row with too few values, or one more than there are columns, is refused")
  func rowsOfAnotherLength() throws {
    let modelled = try ModelledStore(seed: 1)
    for (relation, counts) in [(Relation.estimates, [6, 9]), (.prompts, [4, 6]), (.selections, [9, 12])] {
      for count in counts {
        let error = #expect(throws: AufdbError.self) {
          try modelled.writer().commit(CommitContext(author: "a", milliseconds: 5)) { change in
            let writer = try change.writer(relation)
            for _ in 0..<count { writer.text("x") }
            try writer.insert()
            return (CommitNote(message: "m", operation: Operation("test")), ())
          }
        }
        #expect(error?.message.hasPrefix("a row of \(count) values") == true, "\(relation)")
      }
    }
  }

  @Test("Long values go past the hasher's buffer and are digested alike", arguments: [0, 1, 16_000, 65_535, 300_000])
  func longValues(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let text = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let rows = (0..<3).map { index in
      ModelRow(relation: .prompts, values: [.text("p\(index)"), .null, .text(text), .text("text"), .null])
    }
    let modelled = try ModelledStore(seed: 1)
    let commit = try modelled.commit(ModelChange(added: rows))
    let found = try modelled.writer().commit(.head)
    #expect(found.changeDigest == Self.changeDigest(commit.change))
    #expect(try modelled.writer().verify().problems == [])
  }

  @Test("Equal inputs give equal ids in two stores, and any other input another")
  func sameInputs() throws {
    func id(
      author: String = "a", time: Int64 = 5, message: String = "m", verb: String = "v", text: String = "t"
    ) throws
      -> CommitID
    {
      let modelled = try ModelledStore(seed: 1)
      let context = CommitContext(author: author, milliseconds: time)
      let (commit, _) = try modelled.writer().commit(context) { change in
        try change.addPrompt("p", text)
        return (CommitNote(message: message, operation: Operation(verb)), ())
      }
      return try #require(commit).id
    }
    let ids = try [
      id(), id(author: "b"), id(author: "am", message: ""), id(time: 6), id(message: "n"), id(verb: "w"), id(text: "u"),
      id(message: "e\u{301}"), id(message: "\u{e9}"),
    ]
    #expect(Set(ids).count == ids.count)
    #expect(try id() == ids[0])
  }

  /// The change digest of the layout.
  static func changeDigest(_ change: ModelChange) -> [UInt8] {
    ReferenceSHA256.digest(
      change.relations.flatMap { relation -> [UInt8] in
        let born = change.added.filter { $0.relation == relation }
        let retired = change.retired.filter { $0.relation == relation }.map {
          ReferenceSHA256.digest($0.canonicalBytes)
        }
        let sorted = retired.sorted { $0.lexicographicallyPrecedes($1) }
        return lengthPrefixed(Array(relation.name.utf8)) + littleEndian(UInt64(born.count))
          + ReferenceSHA256.digest(born.flatMap(\.canonicalBytes)) + littleEndian(UInt64(retired.count))
          + ReferenceSHA256.digest(sorted.flatMap(\.self))
      })
  }

  /// The commit id of the layout.
  private static func id(of commit: ModelCommit, parents: [CommitID], _ changeDigest: [UInt8]) -> [UInt8] {
    func text(_ text: String) -> [UInt8] { lengthPrefixed(Array(text.utf8)) }
    let time = littleEndian(UInt64(bitPattern: commit.milliseconds))
    return ReferenceSHA256.digest(
      Array("aufdb commit 1\n".utf8) + littleEndian(UInt64(parents.count)) + parents.flatMap(\.bytes)
        + text(commit.author) + time + text(commit.message) + text(commit.operation) + changeDigest)
  }
}

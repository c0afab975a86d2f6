// Files around a store, and pages in it, that were made to do harm.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Hostile files of a store")
struct HostileFileTests {
  private let stage: TestStore

  init() throws {
    stage = try .withTexts()
  }

  private func withoutLog() throws { try RawDatabase(stage.path, isWritable: true).run("PRAGMA journal_mode = DELETE") }

  private func bigEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// A hot journal of one page, which ends with the name of a super-journal.
  private func journal(naming victim: String) throws -> [UInt8] {
    let magic: [UInt8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]
    let store = try stage.folder.bytes("store.aufdb")
    let page = Array(store[..<16384])
    let nonce: UInt32 = 7
    var checksum = nonce
    for index in stride(from: page.count - 200, to: 0, by: -200) { checksum &+= UInt32(page[index]) }
    var bytes = magic + bigEndian(1) + bigEndian(nonce) + bigEndian(UInt32(store.count / 16384)) + bigEndian(512)
    bytes += bigEndian(16384) + [UInt8](repeating: 0, count: 512 - 28)
    bytes += bigEndian(1) + page + bigEndian(checksum)
    let name = Array(victim.utf8)
    let lockPage = UInt32(0x4000_0000 / 16384 + 1)
    bytes += bigEndian(lockPage) + name + bigEndian(UInt32(name.count))
    return bytes + bigEndian(name.reduce(0) { $0 &+ UInt32($1) }) + magic
  }

  @Test("A journal that names another file is refused, and that file stays")
  func superJournal() throws {
    try withoutLog()
    let victim = try stage.folder.file("victim", Array("mine".utf8))
    _ = try stage.folder.file("store.aufdb-journal", journal(naming: victim))
    for access in [Store.Access.reading, .writing(waitSeconds: 0, command: "test")] {
      let error = #expect(throws: AufdbError.self) { _ = try Store(stage.path, for: access) }
      #expect(error?.kind == .badData && error?.message.contains("names another file") == true)
    }
    #expect(try stage.folder.bytes("victim") == Array("mine".utf8))
    // What it keeps from happening: SQLite plays the journal back, and the file is gone.
    _ = try RawDatabase(stage.path, isWritable: true).integer("SELECT count(*) FROM ref")
    #expect(try !stage.folder.names().contains("victim"))
  }

  @Test("A store in UTF-16 is refused")
  func encoding() throws {
    let path = try stage.folder.file("wide.aufdb", [])
    do {
      let database = try RawDatabase(path, isWritable: true)
      try database.run("PRAGMA encoding = 'UTF-16le'")
      try database.run(Schema.text)
    }
    let error = #expect(throws: AufdbError.self) { _ = try Store(path, for: .reading) }
    #expect(error?.kind == .badData && error?.message.contains("UTF-16le") == true)
  }

  @Test("Pages of any size are read", arguments: [512, 65536])
  func pageSizes(size: Int) throws {
    try withoutLog()
    try RawDatabase(stage.path, isWritable: true).run("PRAGMA page_size = \(size); VACUUM")
    #expect(try stage.reading().verify().problems == [])
    try stage.commit { try $0.addPrompt("new", "x") }
    #expect(try stage.reading().verify().problems == [])
  }

  @Test("A search index with a schema of its own is made anew")
  func searchIndex() throws {
    #expect(try stage.reading().search("moon").hitCount == 40)
    let path = stage.path + "-search"
    for sql in [
      """
      DROP TABLE indexed_run; CREATE VIEW indexed_run AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT x'00' AS commit_id, i AS relation, i AS first_id, i AS last_id, NULL AS kept_digest FROM n
      """,
      "CREATE TRIGGER t AFTER INSERT ON indexed_run BEGIN DELETE FROM indexed_run; END", "CREATE TABLE other (x)",
    ] {
      try RawDatabase(path, isWritable: true).run(sql)
      let result = try stage.reading().search("moon")
      #expect(result.hitCount == 40 && result.indexing?.action == .made, "\(sql)")
    }
  }
}

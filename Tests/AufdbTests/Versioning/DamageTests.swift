// Damage that SQL can't do, and numbers beyond all bounds: never a crash, and never another answer without a word.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Damaged stores")
struct DamageTests {
  /// Expects that a damaged store is refused, or reported by verify, or shows what it always showed.
  private func expectNoLie(_ store: TamperedStore, _ comment: Comment) throws {
    do {
      if try !store.problems().isEmpty { return }
      let isUnchanged = try store.isUnchanged()
      #expect(isUnchanged, comment)
    } catch let error as AufdbError {
      #expect([.badData, .cannotOpenInput, .inputOutput].contains(error.kind), "\(comment): \(error.kind) \(error)")
    }
  }

  @Test("Bits of every byte of the file's header", arguments: [0, 1])
  func header(shift: Int) throws {
    let store = try TamperedStore()
    for byte in 0..<100 where !(72..<92).contains(byte) {  // Those are reserved, and SQLite never reads them.
      let bit = UInt8((byte * 3 + shift) % 8)
      try store.restore(flipping: [(byte, bit)])
      try expectNoLie(store, "byte \(byte), bit \(bit)")
    }
  }

  @Test("Bits of the pages, anywhere", arguments: [1, 2] as [UInt64])
  func pages(seed: UInt64) throws {
    let store = try TamperedStore()
    var generator = SeededGenerator(seed: seed)
    for step in 0..<40 {
      let bits = (0...step % 3).map { _ in
        (
          byte: Int.random(in: 100..<store.sizeBytes, using: &generator),
          bit: UInt8.random(in: 0..<8, using: &generator)
        )
      }
      try store.restore(flipping: bits)
      try expectNoLie(store, "seed \(seed), step \(step): \(bits)")
    }
  }

  @Test("Bits where something is: the used ends of pages", arguments: [1, 2] as [UInt64])
  func usedBytes(seed: UInt64) throws {
    let store = try TamperedStore()
    try store.restore()
    let bytes = try store.folder.bytes("store.aufdb")
    let used = bytes.indices.filter { bytes[$0] != 0 && $0 >= 100 }
    var generator = SeededGenerator(seed: seed)
    for step in 0..<60 {
      let byte = try #require(used.randomElement(using: &generator))
      let bit = UInt8.random(in: 0..<8, using: &generator)
      try store.restore(flipping: [(byte, bit)])
      try expectNoLie(store, "seed \(seed), step \(step): byte \(byte), bit \(bit)")
    }
  }

  @Test("A file that ends too early", arguments: [100, 512, 16_383, 16_384, 16_385, 100_000])
  func truncated(count: Int) throws {
    let store = try TamperedStore()
    try store.restore()
    let bytes = try store.folder.bytes("store.aufdb")
    _ = try store.folder.file("store.aufdb", Array(bytes[..<count]))
    #expect(try !store.problems().isEmpty)
  }

  /// What could overflow, by SQL.
  static let extremes: [String] = {
    let numbers = ["9223372036854775807", "-9223372036854775807 - 1", "4611686018427387904", "0", "-1", "'x'", "1e300"]
    let places = [
      "commit_change SET last_id =", "commit_change SET first_id =", "commit_change SET added =",
      "commit_change SET retired =", "relation SET next_past =", "lane SET next_id =", "commit_change SET first_past =",
      "commit_change SET last_past =", "commit_log SET time =", "retirement SET row_id =",
      "commit_parent SET parent_seq =", "ref SET commit_seq =",
    ]
    let lanes = ["lane", "ref"].flatMap { table in
      numbers.map { "UPDATE OR IGNORE \(table) SET lane = \($0) WHERE lane <> 0" }
    }
    return places.flatMap { place in numbers.map { "UPDATE OR IGNORE \(place) \($0)" } } + lanes
      + ["UPDATE commit_log SET seq = 9223372036854775807 WHERE seq = (SELECT max(seq) FROM commit_log)"]
  }()

  @Test("Numbers at the ends of their range crash neither reading nor writing")
  func extremeNumbers() async {
    // In a process of its own, so that a crash is this test's failure and not the end of all tests.
    await #expect(processExitsWith: .success) {
      let store = try TamperedStore()
      for sql in Self.extremes {
        guard try store.tamper(sql) else { continue }
        guard try !store.problems().isEmpty else {
          FileHandle.standardError.write(Data("overlooked: \(sql)\n".utf8))
          exit(1)
        }
        try Self.useEverything(store)
      }
    }
  }

  /// Does all that can be done with a store; what it throws doesn't matter here.
  private static func useEverything(_ store: TamperedStore) throws {
    let path = store.path
    for commit in store.history {
      _ = try? Store(path, for: .reading).contents(at: Revision(commit.id.description))
    }
    _ = try? Store(path, for: .reading).log().map(\.json)
    _ = try? Store(path, for: .reading).stats()
    for branch in store.branches.keys.sorted() {
      let writer = try? Store(path, for: .writing(waitSeconds: 0, command: "test"))
      let context = CommitContext(branch: branch, author: "a", milliseconds: .max)
      _ = try? writer?.commit(context) { change -> (CommitNote, Void) in
        for relation in Relation.allCases {
          guard let first = try change.rows(of: relation).first else { continue }
          try change.retire(relation, first.id)
          try change.writer(relation).add(first.row)
        }
        return (CommitNote(message: "m", operation: Operation("test")), ())
      }
    }
  }

  @Test("A schema with names that only Unicode takes for one is reported")
  func twinNames() async {
    await #expect(processExitsWith: .success) {
      let store = try TamperedStore()
      try store.restore()
      let database = try RawDatabase(store.path, isWritable: true)
      try database.run("CREATE TABLE \"caf\u{e9}\" (x); CREATE TABLE \"cafe\u{301}\" (x)")
      guard try !store.problems().isEmpty else { exit(1) }
    }
  }

  @Test(
    "A schema that isn't ours is reported, and not acted upon",
    arguments: [
      "DROP TABLE labels_all", "DROP TABLE setting", "DROP VIEW commits", "DROP INDEX retirement_row",
      "DROP VIEW prompts; CREATE VIEW prompts AS SELECT * FROM prompts_all",
      "ALTER TABLE labels_all ADD COLUMN x", "CREATE TABLE other (x)", "DELETE FROM setting",
      "CREATE TRIGGER t AFTER INSERT ON commit_log BEGIN DELETE FROM ref; END",
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET name = 'labels' WHERE name = 'prompts'",
      "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'scores_key'",
      // SQLite itself makes nothing of these two columns; other tools look for tables by them.
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = 'taBle' WHERE name = 'embeddings_all'",
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET tbl_name = 'embeddings_alm' WHERE name = 'embeddings_all'",
    ])
  func schema(sql: String) throws {
    let store = try TamperedStore()
    try store.restore()
    try RawDatabase(store.path, isWritable: true).run(sql)
    #expect(try !store.problems().isEmpty)
  }
}

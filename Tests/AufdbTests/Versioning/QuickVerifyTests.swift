// The quick verification: what it finds, and that it says what it passes over.

import Testing

@testable import Aufdb

@Suite("Quick verification")
struct QuickVerifyTests {
  private func problems(_ store: TamperedStore) throws -> [String] {
    do {
      return try Store(store.path, for: .reading).verify(quick: true).problems
    } catch let error as AufdbError where error.kind == .badData {
      return [error.description]
    }
  }

  @Test("A sound store is sound, and what was passed over is named")
  func sound() throws {
    let store = try TamperedStore()
    let report = try Store(store.path, for: .reading).verify(quick: true)
    #expect(report.problems == [])
    #expect(report.commitCount == store.history.count && report.rowCount == 0)
    #expect(
      report.unchecked == [
        "the rows of all commits but the last one", "natural keys and references at the branches' tips", "kept answers",
      ])
    #expect(try Store(store.path, for: .reading).verify().unchecked == [])
  }

  @Test(
    "History that a hand changed is named",
    arguments: [
      "UPDATE commit_log SET author = 'x' WHERE seq = 3", "UPDATE commit_log SET time = time + 1 WHERE seq = 2",
      "UPDATE commit_log SET change_digest = zeroblob(32) WHERE seq = 4", "DELETE FROM commit_log WHERE seq = 3",
      "UPDATE commit_parent SET parent_seq = 1 WHERE commit_seq = 4", "DELETE FROM commit_parent WHERE commit_seq = 4",
      "UPDATE commit_change SET last_id = last_id + 1 WHERE commit_seq = 3",
      "UPDATE commit_change SET added = added + 1 WHERE commit_seq = 3", "UPDATE lane SET next_id = next_id + 1",
      "UPDATE ref SET commit_seq = 99 WHERE name = 'side'", "UPDATE ref SET lane = 77 WHERE name = 'side'",
      "DELETE FROM ref WHERE name = 'main'", "DELETE FROM setting", "UPDATE relation SET name = 'x' WHERE code = 3",
      "DROP VIEW prompts; CREATE VIEW prompts AS SELECT * FROM prompts_all", "DROP INDEX labels_key",
      "CREATE TABLE other (x)", "UPDATE relation SET next_past = next_past + 1",
    ])
  func history(sql: String) throws {
    let store = try TamperedStore()
    try RawDatabase(store.path, isWritable: true).run(sql)
    #expect(try !problems(store).isEmpty)
  }

  @Test("Kept answers are passed over, and the whole verification finds those that are none")
  func answers() throws {
    let store = try TamperedStore()
    try RawDatabase(store.path, isWritable: true).run(
      "INSERT INTO answer VALUES (zeroblob(32), zeroblob(100000)), (x'', x''), ('text', 'text')")
    #expect(try problems(store).isEmpty)
    let found = try Store(store.path, for: .reading).verify().problems
    #expect(found.count == 1 && found[0].hasPrefix("answer: 3 kept answers are damaged"))
  }

  @Test("The last commit's rows are checked, and no others")
  func lastCommit() throws {
    let store = try TamperedStore()
    let last = try #require(store.history.last)
    let relation = try #require(last.change.added.first).relation
    let sequences = try RawDatabase(store.path).rows(
      "SELECT first_id FROM commit_change WHERE commit_seq = \(last.sequence) AND relation = \(relation.rawValue)")
    guard case .integer(let id)? = sequences.first?.first else { throw RawDatabase.Failure(description: "no rows") }
    let column = relation.columns[0]
    #expect(try store.tamper("UPDATE \(relation.table) SET \(column) = 'x' WHERE place = \(id)"))
    #expect(try problems(store).count == 1)
    #expect(try store.tamper("DELETE FROM \(relation.table) WHERE place = \(id)"))
    #expect(try problems(store).count == 1)
    #expect(try store.tamper("UPDATE prompts_all SET prompt = 'x' WHERE place = (SELECT min(place) FROM prompts_all)"))
    #expect(try problems(store) == [])
    #expect(try !store.problems().isEmpty, "which the whole verification finds")
  }

  @Test("A file that ends too early, or isn't whole", arguments: [100_000, 16_384 * 9])
  func truncated(count: Int) throws {
    let store = try TamperedStore()
    let bytes = try store.folder.bytes("store.aufdb")
    try #require(bytes.count > count)
    _ = try store.folder.file("store.aufdb", Array(bytes[..<count]))
    #expect(try !problems(store).isEmpty)
  }

  @Test("What only the pages tell is found in a small file")
  func pages() throws {
    let store = try TamperedStore()
    let root = try RawDatabase(store.path).integer("SELECT rootpage FROM sqlite_schema WHERE name = 'prompts_key'")
    var bytes = try store.folder.bytes("store.aufdb")
    let page = Int(root - 1) * 16384
    bytes.replaceSubrange(page..<page + 16384, with: repeatElement(0xA5, count: 16384))
    _ = try store.folder.file("store.aufdb", bytes)
    #expect(try !problems(store).isEmpty)
  }
}

// Stores that somebody made to do harm: nothing of theirs runs, nothing hangs, and what isn't ours is refused.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Hostile stores")
struct HostileStoreTests {
  private let stage: TestStore

  init() throws {
    stage = try .withTexts()
  }

  /// A view that never ends.
  private static let endless =
    "AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS name, i AS value FROM n"

  private func tamper(_ sql: String) throws {
    try RawDatabase(stage.path, isWritable: true).run(sql)
  }

  /// The integers of a query's one row.
  private func integers(_ sql: String) throws -> [Int64] {
    try stage.reading().query(sql) { rows in
      guard try rows.next() else { return [] }
      return (0..<rows.columns.count).compactMap { column in
        guard case .integer(let integer) = rows.value(column) else { return nil }
        return integer
      }
    }
  }

  /// Neither a reader nor a writer uses it, `verify` tells of it, and its bytes stay.
  private func expectRefused(_ sql: String, _ part: String) throws {
    try tamper(sql)
    let before = try stage.folder.bytes("store.aufdb")
    let uses: [(String, (Store) throws -> Void)] = [
      ("query", { try $0.query("SELECT * FROM prompts") { rows in _ = try rows.next() } }),
      ("log", { _ = try $0.log() }), ("stats", { _ = try $0.stats() }), ("search", { _ = try $0.search("moon") }),
      ("branch", { _ = try $0.currentBranch() }),
    ]
    for (name, use) in uses {
      let store = try stage.reading()
      let error = #expect(throws: AufdbError.self, "\(name): \(sql)") { try use(store) }
      #expect(error?.kind == .badData, "\(name): \(sql)")
      #expect(error?.message.contains(part) == true, "\(name): \(error?.message ?? "")")
      #expect(error?.hint != nil)
    }
    let error = #expect(throws: AufdbError.self) { try stage.commit { try $0.addPrompt("new", "x") } }
    #expect(error?.kind == .badData)
    for quick in [false, true] { #expect(try !stage.reading().verify(quick: quick).isSound, "\(sql)") }
    #expect(try stage.folder.bytes("store.aufdb") == before)
  }

  @Test(
    "Triggers are refused, whatever they are called",
    arguments: [
      "CREATE TRIGGER t AFTER INSERT ON commit_log BEGIN DELETE FROM ref; END",
      "CREATE TRIGGER labels_all AFTER INSERT ON prompts_all BEGIN DELETE FROM ref; END",
      "CREATE TRIGGER labels INSTEAD OF INSERT ON labels BEGIN DELETE FROM ref; END",
    ])
  func triggers(sql: String) throws { try expectRefused(sql, sql.contains(" t ") ? "the trigger 't'" : "labels") }

  @Test(
    "What stands in the place of ours is refused, and not run",
    arguments: [
      "DROP TABLE setting; CREATE VIEW setting \(endless)", "DROP VIEW commits; CREATE VIEW commits \(endless)",
      "DROP VIEW tags; CREATE VIEW tags AS SELECT load_extension('x') AS tag, 1 AS \"commit\"",
      "DROP VIEW labels; CREATE TABLE labels (prompt_id)",
      "ALTER TABLE labels_all ADD COLUMN x AS (zeroblob(1000000000))",
      "ALTER TABLE labels_all ADD COLUMN x",
      "DROP INDEX labels_key; CREATE INDEX labels_key ON labels_all (prompt_id) WHERE length(prompt_id) > 3",
      "DROP INDEX labels_key; CREATE UNIQUE INDEX labels_key ON labels_all (abs(place))",
      "DROP TABLE setting; CREATE TABLE setting (name TEXT PRIMARY KEY, value)",
    ])
  func changed(sql: String) throws { try expectRefused(sql, "the store is damaged: the schema's") }

  @Test("What is missing is told", arguments: ["DROP INDEX retirement_row", "DROP VIEW tags", "DROP TABLE answer"])
  func missing(sql: String) throws { try expectRefused(sql, "' is missing") }

  @Test("A virtual table is refused")
  func virtualTable() throws { try expectRefused("CREATE VIRTUAL TABLE v USING fts5(a)", "the virtual table 'v'") }

  @Test("A name with an escape sequence, or that isn't UTF-8, comes out of an error whole")
  func names() throws {
    try expectRefused(
      """
      CREATE TRIGGER t AFTER INSERT ON ref BEGIN SELECT 1; END; PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET name = CAST(x'ff1b5b324a' AS TEXT),
        sql = CAST(replace(sql, 'TRIGGER t', 'TRIGGER "' || CAST(x'ff1b5b324a' AS TEXT) || '"') AS TEXT) WHERE name = 't'
      """, "the trigger '\u{FFFD}\u{1B}[2J'")
  }

  @Test("What somebody added and nothing of ours uses stays where it is, and verify tells of it")
  func added() throws {
    try tamper(
      """
      CREATE INDEX mine ON responses_all (length(response)); CREATE TABLE notes (x); CREATE VIEW short AS
        SELECT * FROM responses WHERE length(response) < 30;
      """)
    try stage.commit { try $0.addResponse("p1", "b", "A comet") }
    #expect(try integers("SELECT count(*) FROM short") == [41])
    let problems = try stage.reading().verify().problems
    #expect(
      problems
        == ["mine", "notes", "short"].map { "the schema has '\($0)', which is none of aufdb's" })
  }

  @Test("A relation's view is not what aufdb reads")
  func relationViews() throws {
    for relation in Relation.allCases {
      try tamper("DROP VIEW \(relation.name); CREATE VIEW \(relation.name) \(Self.endless)")
    }
    #expect(try stage.reading().stats().first { $0.item == "prompts" }?.count == 40)
    #expect(try integers("SELECT (SELECT count(*) FROM responses), (SELECT count(*) FROM coverage)") == [40, 40])
    try stage.commit { try $0.addPrompt("new", "x") }
    #expect(try stage.reading().verify().problems.allSatisfy { $0.hasSuffix("doesn't show the current branch's head") })
  }

  @Test("Somebody's own view can do no more than any query")
  func ownViews() throws {
    try tamper(
      """
      CREATE VIEW evil AS SELECT load_extension('/tmp/x.so') AS x; CREATE VIEW endless \(Self.endless);
      CREATE VIEW edits AS SELECT writefile('/tmp/x', 'x') AS x
      """)
    for (sql, part) in [("SELECT * FROM evil", "load_extension"), ("SELECT x FROM edits", "writefile")] {
      let error = #expect(throws: AufdbError.self) {
        try stage.reading().query(sql) { rows in while try rows.next() {} }
      }
      #expect(error?.message.contains(part) == true)
    }
    let options = QueryOptions(timeoutSeconds: 0.05)
    #expect(throws: AufdbError.self) {
      try stage.reading().queryScript("SELECT count(*) FROM endless", options) { rows in while try rows.next() {} }
    }
  }
}

extension TestStore {
  /// A store with some prompts, a response to each, and so several pages of texts.
  static func withTexts() throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      for number in 0..<40 {
        try change.addPrompt("p\(number)", "Tell me of \(number)")
        try change.addResponse("p\(number)", "a", "The moon is \(number) times rounder")
      }
    }
    return store
  }
}

// What programs that know nothing of aufdb see, and what they and readers see while a store is being written.

import GRDBSQLite
import Testing

@testable import Aufdb

@Suite("Stock tools and readers beside a writer")
struct StockToolsTests {
  @Test("The views show the head of the current branch, after any history", arguments: [3] as [UInt64])
  func views(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    for _ in 0..<12 {
      try modelled.commitRandomly(count: 8)
      if modelled.history.count % 3 == 0 { modelled.close() }
      let database = try RawDatabase(modelled.path)
      let state = try modelled.tip().state
      for relation in Relation.allCases {
        let rows = try database.rows("SELECT * FROM \(relation.name)")
          .map { ModelRow(relation: relation, values: $0) }
        #expect(rows.count == state.rows(of: relation).count, "\(relation.name), seed \(seed)")
        #expect(rows.allSatisfy { state.row(relation, $0.key) == $0 }, "\(relation.name), seed \(seed)")
      }
    }
  }

  @Test("The views of the history name commits, branches and tags")
  func history() throws {
    let modelled = try ModelledStore(seed: 5)
    try modelled.commitRandomly()
    try modelled.branch("other", at: 1)
    try modelled.writer().withConnection {
      try $0.execute("INSERT INTO ref (name, kind, commit_seq, sees_past) VALUES ('v1', 'tag', 2, 0)")
    }
    modelled.close()
    let database = try RawDatabase(modelled.path)
    let (root, head) = (modelled.model(1), modelled.model(2))
    let commits = try database.rows("SELECT id, parents, author, time, message, operation FROM commits")
    #expect(
      commits == [
        [
          .text(root.id.description), .text(""), .text("root"), .text("1970-01-01T00:00:01.000Z"), .text(root.message),
          .text(root.operation),
        ],
        [
          .text(head.id.description), .text(root.id.description), .text(head.author),
          .text("1970-01-01T00:00:02.000Z"), .text(head.message), .text(head.operation),
        ],
      ])
    #expect(
      try database.rows("SELECT * FROM branches ORDER BY 1") == [
        [.text("main"), .text(head.id.description), .integer(1)],
        [.text("other"), .text(root.id.description), .integer(0)],
      ])
    #expect(try database.rows("SELECT * FROM tags") == [[.text("v1"), .text(head.id.description)]])
  }

  @Test("Views ask for commits in SQL that other databases know; the form of earlier stores is sound, too")
  func commitsInViews() throws {
    let tampered = try TamperedStore()
    // This branch began at an old commit, so that its views look for what it retired.
    do { try Store(tampered.path, for: .writing(waitSeconds: 0, command: "test")).switchBranch(to: "old") }
    let database = try RawDatabase(tampered.path, isWritable: true)
    let views = try database.texts("SELECT sql FROM sqlite_schema WHERE type = 'view' AND sql LIKE '%head_commit%'")
    #expect(!views.isEmpty)
    #expect(views.allSatisfy { !$0.contains("IN head_commit") })
    try database.run(
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'IN (SELECT seq FROM head_commit)', 'IN head_commit')
        WHERE type = 'view';
      """)
    #expect(try tampered.problems() == [])
  }

  @Test("A reader goes on during a write, and sees the old state until the commit is made")
  func readersBesideWriter() throws {
    let modelled = try ModelledStore(seed: 6)
    try modelled.commitRandomly(count: 10)
    let before = try modelled.tip()
    let context = CommitContext(author: "a", milliseconds: 9_000)
    let opened = try Store(modelled.path, for: .reading)
    _ = try modelled.writer().commit(context) { change -> (CommitNote, Void) in
      try change.addPrompt("new", "text")
      for reader in [opened, try Store(modelled.path, for: .reading)] {
        try modelled.expectState(at: before.sequence, in: reader)
        #expect(try reader.commit(.head).id == before.id)
        #expect(try reader.verify().problems == [])
      }
      return (CommitNote(message: "m", operation: Operation("test")), ())
    }
    #expect(try opened.log().count == 3)
    #expect(try opened.contents(at: .head)[.prompts]?.count == before.state.rows(of: .prompts).count + 1)
    try modelled.expectState(at: before.sequence, in: opened)
  }

  @Test("One reading is of one moment, though a commit is made meanwhile")
  func oneMoment() throws {
    let modelled = try ModelledStore(seed: 7)
    try modelled.commitRandomly()
    let reader = try Store(modelled.path, for: .reading)
    try reader.read(at: .head) { connection, commit in
      let before = try connection.integer("SELECT count(*) FROM commits")
      try modelled.commitRandomly()
      #expect(try connection.integer("SELECT count(*) FROM commits") == before)
      #expect(commit.sequence == 2)
    }
    #expect(try reader.log().count == 3)
  }

  @Test("Closing a reader neither checkpoints nor changes the store")
  func readerChangesNothing() throws {
    let modelled = try ModelledStore(seed: 8)
    for _ in 0..<3 { try modelled.commitRandomly() }
    let (log, store) = try (modelled.folder.bytes("store.aufdb-wal"), modelled.folder.bytes("store.aufdb"))
    try #require(!log.isEmpty)
    do { _ = try Store(modelled.path, for: .reading).verify() }
    #expect(try modelled.folder.bytes("store.aufdb-wal") == log)
    #expect(try modelled.folder.bytes("store.aufdb") == store)
    modelled.close()
    #expect(!(try modelled.folder.names().contains("store.aufdb-wal")))
    do { _ = try Store(modelled.path, for: .reading).verify() }
    #expect(throws: AufdbError.self) {
      try Store(modelled.path, for: .reading).withConnection { try $0.execute("DELETE FROM ref") }
    }
  }

  @Test("A store is in rollback mode until its first data, and then in WAL mode for good")
  func journalModes() throws {
    let modelled = try ModelledStore(seed: 9)
    func mode() throws -> [String] { try RawDatabase(modelled.path).texts("PRAGMA journal_mode") }
    #expect(try mode() == ["delete"])
    _ = try modelled.writer().commit(CommitContext(author: "a", milliseconds: 1)) { _ in
      (CommitNote(message: "nothing", operation: Operation("test")), ())
    }
    #expect(try mode() == ["delete"])
    try modelled.commitRandomly()
    #expect(try mode() == ["wal"])
    modelled.close()
    #expect(try mode() == ["wal"])
  }
}

// The store as a file: what is opened, what is refused, and that making one is all or nothing.

import Glibc
import Testing

@testable import Aufdb

@Suite("The store's file")
struct StoreFileTests {
  let folder: ScratchFolder
  var path: String { folder.path("store.aufdb") }
  let context = CommitContext(author: "tester", milliseconds: 1_000)

  init() throws { folder = try ScratchFolder() }

  private func fill(_ text: String = "text") throws {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "test"))
    _ = try store.commit(context) { change -> (CommitNote, Void) in
      try change.addPrompt("p1", text)
      return (CommitNote(message: "Add", operation: Operation("test")), ())
    }
  }

  private func errorOpening(_ path: String) -> AufdbError? {
    #expect(throws: AufdbError.self) { try Store(path, for: .reading) }
  }

  @Test("What isn't a store is named")
  func refusals() throws {
    #expect(errorOpening(path)?.kind == .cannotOpenInput)
    #expect(errorOpening(path)?.hint == "`aufdb init \(path)` makes one")
    #expect(errorOpening(folder.path(""))?.kind == .cannotOpenInput)
    #expect(errorOpening(folder.path("missing/store"))?.kind == .cannotOpenInput)
    let texts: [(String, [UInt8])] = [
      ("empty", []), ("short", Array("SQLite format 3\0".utf8)),
      ("text", Array(String(repeating: "text ", count: 100).utf8)),
      ("almost", Array("SQLite format 4\0".utf8) + [UInt8](repeating: 0, count: 100)),
    ]
    for (name, bytes) in texts {
      let file = try folder.file(name, bytes)
      #expect(errorOpening(file)?.kind == .badData, "\(name)")
      #expect(try folder.bytes(name) == bytes, "\(name)")
    }
  }

  @Test("A SQLite file that isn't ours, and a newer format, are refused and left as they are")
  func foreign() throws {
    let other = try folder.file("other.db", [])
    try RawDatabase(other, isWritable: true).run("CREATE TABLE t (x)")
    #expect(errorOpening(other)?.message == "\(other) is a SQLite file, but not an aufdb store")
    try Store.create(at: path, context: context)
    try RawDatabase(path, isWritable: true).run("PRAGMA user_version = 7")
    let before = try folder.bytes("store.aufdb")
    #expect(errorOpening(path)?.message == "\(path) has format version 7, and this aufdb knows 6")
    #expect(throws: AufdbError.self) { try Store(path, for: .writing(waitSeconds: 0, command: "test")) }
    #expect(try folder.bytes("store.aufdb") == before)
  }

  @Test("A newer format that stands in the write-ahead log only is refused too")
  func newerFormatInLog() throws {
    try Store.create(at: path, context: context)
    try fill()
    // As long as this connection is open, nothing moves from the log into the file.
    let newer = try RawDatabase(path, isWritable: true)
    try newer.run("PRAGMA user_version = 7")
    #expect(errorOpening(path)?.kind == .badData)
  }

  @Test("Creating never overwrites, whatever is there")
  func createRefuses() throws {
    try Store.create(at: path, context: context)
    let bytes = try folder.bytes("store.aufdb")
    let file = try folder.file("file", [1, 2, 3])
    #expect(symlink("nowhere", folder.path("dangling")) == 0)
    #expect(symlink("store.aufdb", folder.path("link")) == 0)
    for path in [path, file, folder.path(""), folder.path("dangling"), folder.path("link")] {
      let error = #expect(throws: AufdbError.self) { try Store.create(at: path, context: context) }
      #expect(error?.kind == .refused, "\(path)")
    }
    #expect(try folder.bytes("store.aufdb") == bytes)
    #expect(try folder.bytes("file") == [1, 2, 3])
    let error = #expect(throws: AufdbError.self) {
      try Store.create(at: folder.path("missing/store"), context: context)
    }
    #expect(error?.kind == .cannotCreateOutput)
  }

  @Test("An error while filling leaves nothing behind")
  func errorInFill() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try StoreFile.create(path) { connection in
        try connection.execute("INSERT INTO setting VALUES ('x', 1)")
        throw Stop()
      }
    }
    #expect(try folder.names() == [])
    try Store.create(at: path, context: context)
    #expect(try folder.names() == ["store.aufdb"])
  }

  @Test("What a killed process of the same number left aside is in nobody's way")
  func leftAside() throws {
    _ = try folder.file("store.aufdb.\(getpid()).tmp", [1, 2, 3])
    _ = try folder.file("store.aufdb.\(getpid()).tmp-journal", [1, 2, 3])
    try Store.create(at: path, context: context)
    #expect(try Store(path, for: .reading).verify().problems == [])
  }

  @Test("The log or journal of a store that was removed can't reach into a new one", arguments: ["-wal", "-journal"])
  func leftOver(suffix: String) throws {
    try Store.create(at: path, context: context)
    if suffix == "-wal" { try fill() }
    // A program that is in the middle of something leaves its log; then somebody removes the store itself.
    let other = try RawDatabase(path, isWritable: true)
    try other.run("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE")
    try other.run("UPDATE commit_log SET message = 'old'; UPDATE relation SET next_past = 77")
    try other.run("INSERT INTO setting VALUES ('x', zeroblob(1000000))")
    if suffix == "-wal" { try other.run("COMMIT") }
    let left = try folder.bytes("store.aufdb" + suffix)
    try #require(left.count > 10_000)
    withExtendedLifetime(other) {}
    #expect(unlink(path) == 0)
    for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
    _ = try folder.file("store.aufdb" + suffix, left)
    // Either is right: to refuse, or to make a store that has nothing of the old one.
    do {
      try Store.create(at: path, context: context)
    } catch let error as AufdbError where error.kind == .refused {
      #expect(try folder.names() == ["store.aufdb" + suffix])
      return
    }
    let store = try Store(path, for: .reading)
    #expect(try store.verify().problems == [])
    #expect(try store.log().map(\.message) == ["Create the store"])
  }

  @Test("A store that is removed under its reader isn't made anew by it")
  func removedUnderReader() throws {
    try Store.create(at: path, context: context)
    try fill()
    var reader: Store? = try Store(path, for: .reading)
    #expect(try reader?.log().count == 2)
    #expect(unlink(path) == 0)
    reader = nil
    #expect(try !folder.names().contains("store.aufdb"))
  }
}

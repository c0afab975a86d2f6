// Stores with several names, and stores that are read without locks. What takes other users and mounts is in
// tools/torture/paths.py.

import Glibc
import Testing

@testable import Aufdb

@Suite("Names of stores")
struct StoreNamesTests {
  let store: TestStore

  init() throws {
    store = try TestStore()
    try store.commit { try $0.addPrompt("p1", "text") }
  }

  private func writer(_ path: String, _ command: String = "test") throws -> Store {
    try Store(path, for: .writing(waitSeconds: 0, command: command))
  }

  @Test("By symbolic links there is one lock, which names its holder")
  func symbolicLinks() throws {
    let (one, other) = (store.folder.path("one"), store.folder.path("other"))
    try #require(symlink("store.aufdb", one) == 0 && symlink("one", other) == 0)
    let holder = try writer(one, "aufdb import")
    for path in [store.path, other] {
      let error = #expect(throws: AufdbError.self) { try writer(path) }
      #expect(error?.message == "the store is being written by process \(getpid()) (aufdb import)")
    }
    #expect(StoreLock.holder(ofStore: holder.resolved) == "process \(getpid()) (aufdb import)")
    #expect(try store.folder.names().filter { $0.hasSuffix("-lock") } == ["store.aufdb-lock"])
  }

  @Test("Nobody holds a lock that was left behind, or isn't there")
  func noHolder() throws {
    #expect(StoreLock.holder(ofStore: store.path) == nil)
    _ = try store.folder.file("store.aufdb-lock", Array("1 dead".utf8))
    #expect(StoreLock.holder(ofStore: store.path) == nil)
  }

  @Test("With hard links it isn't written, under any of its names", arguments: ["store.aufdb", "hard"])
  func hardLinksWriting(name: String) throws {
    try #require(link(store.path, store.folder.path("hard")) == 0)
    let path = store.folder.path(name)
    let before = try store.folder.bytes(name)
    for open in [{ _ = try writer(path) }, { try Store.upgrade(path, waitSeconds: 0) }] as [() throws -> Void] {
      let error = #expect(throws: AufdbError.self) { try open() }
      #expect(error?.kind == .refused)
      #expect(error?.message.contains("has 2 names (hard links)") == true, "\(error?.message ?? "")")
    }
    #expect(try store.folder.bytes(name) == before)
    #expect(try store.folder.names() == ["hard", "store.aufdb"])
    // With one name less it is a store as any other.
    try #require(unlink(store.folder.path("hard")) == 0)
    try store.commit { try $0.addPrompt("p2", "text") }
  }

  @Test("With hard links it is read, unless a log beside another name belongs to it", arguments: ["-wal", "-journal"])
  func hardLinksReading(suffix: String) throws {
    try #require(link(store.path, store.folder.path("hard")) == 0)
    #expect(try Store(store.folder.path("hard"), for: .reading).log().count == 2)
    let log = try store.folder.file("store.aufdb\(suffix)", [UInt8](repeating: 1, count: 100))
    let error = #expect(throws: AufdbError.self) { try Store(store.folder.path("hard"), for: .reading) }
    #expect(error?.kind == .refused && error?.message.contains(log) == true, "\(error?.message ?? "")")
  }

  @Test("A file that is read without locks must stay as it is")
  func unchangedFile() throws {
    let file = try UnchangedFile(store.path)
    try file.check()
    try store.commit { try $0.addPrompt("p2", "text") }
    let error = #expect(throws: AufdbError.self) { try file.check() }
    #expect(error?.kind == .busy)
    try #require(unlink(store.path) == 0)
    #expect(throws: AufdbError.self) { try UnchangedFile(store.path) }
  }

  @Test("A change right after it was looked at is seen, however coarse the clock of files is")
  func freshFile() throws {
    for number in 0..<20 {
      let path = try store.folder.file("fresh", [UInt8(number)])
      let file = try UnchangedFile(path)
      _ = try store.folder.file("fresh", [UInt8(number + 1)])
      #expect(throws: AufdbError.self) { try file.check() }
    }
  }

  @Test("A log that goes between the look for it and the opening is no dead writer's")
  func logGone() throws {
    var lookCount = 0
    let reader = try StoreOpening(store.path, PageWatch()).reading { path in
      lookCount += 1
      return lookCount == 1 ? .inUse : .complete(try UnchangedFile(path))
    }
    #expect(lookCount == 3 && reader.unchanged != nil)
  }

  @Test("What looks like damage because the file was changed meanwhile is read again")
  func tornReading() throws {
    let (sound, place) = (try store.folder.bytes("store.aufdb"), store.path)
    _ = try store.folder.file("store.aufdb", sound[..<20_000] + [UInt8](repeating: 0xff, count: sound.count - 20_000))
    var lookCount = 0
    _ = try StoreOpening(place, PageWatch()).reading { path in
      lookCount += 1
      if lookCount == 2 { _ = try store.folder.file("store.aufdb", sound) }
      let file = try UnchangedFile(path)
      // Changed after it was looked at, and before it is read.
      if lookCount == 1 { try #require(utimes(path, nil) == 0) }
      return .complete(file)
    }
    #expect(lookCount == 2)
    // What isn't changed is damaged.
    _ = try store.folder.file("store.aufdb", [UInt8](sound[..<20_000]) + [UInt8](repeating: 0xff, count: 20_000))
    let error = #expect(throws: AufdbError.self) {
      _ = try StoreOpening(place, PageWatch()).reading { .complete(try UnchangedFile($0)) }
    }
    #expect(error?.kind == .badData)
  }

  @Test("A log without shared memory is a dead writer's where nobody holds the lock")
  func logOfTheDead() throws {
    let error = #expect(throws: AufdbError.self) {
      _ = try StoreOpening(store.path, PageWatch()).reading { _ in .inUse }
    }
    #expect(error?.kind == .cannotOpenInput && error?.message.hasPrefix("a writer died") == true)
  }

  @Test("The side file of the lock has the store's permissions", arguments: [0o600, 0o640, 0o664] as [mode_t])
  func lockPermissions(mode: mode_t) throws {
    try #require(chmod(store.path, mode) == 0)
    let holder = try writer(store.path)
    var status = stat()
    #expect(stat(store.path + "-lock", &status) == 0 && status.st_mode & 0o777 == mode)
    withExtendedLifetime(holder) {}
  }

  @Test("A store keeps its permissions, whatever is done to it", arguments: [0o600, 0o640, 0o664] as [mode_t])
  func permissions(mode: mode_t) throws {
    try #require(chmod(store.path, mode) == 0)
    try store.commit { try $0.addPrompt("p2", "text") }
    _ = try writer(store.path).prune(PruneOptions(keepCount: 1))
    var status = stat()
    #expect(stat(store.path, &status) == 0 && status.st_mode & 0o777 == mode)
  }
}

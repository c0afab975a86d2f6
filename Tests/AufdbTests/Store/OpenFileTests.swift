// A process that closes a file loses all of its locks on it (fcntl(2)), also those that SQLite took for another connection.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Locks of open stores")
struct OpenFileTests {
  /// How many locks processes have on a file (proc_locks(5)).
  private static func lockCount(on path: String) throws -> Int {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n").count { line in
      line.contains(" POSIX ") && line.contains(":\(status.st_ino) ")
    }
  }

  /// Whether that can be asked: in some containers the system doesn't tell, or has other numbers for files.
  private static let tellsLocks = (try? withLockedFile()) ?? 0 > 0

  private static func withLockedFile() throws -> Int {
    let folder = try ScratchFolder()
    let path = try folder.file("locked", [0])
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    var lock = Glibc.flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    _ = fcntl(descriptor, F_SETLK, &lock)
    return try lockCount(on: path)
  }

  @Test(
    "They outlast whatever opens the store besides, under any of its names",
    .enabled(if: tellsLocks, "the system doesn't tell of locks here"))
  func outlast() throws {
    let store = try TestStore()
    try store.commit { try $0.addPrompt("p1", "text") }
    let reader = try Store(store.path, for: .reading)
    _ = try reader.log()
    let before = try Self.lockCount(on: store.path)
    #expect(before > 0)
    let options = SalvageOptions(context: CommitContext(author: "a", milliseconds: 1))
    for name in ["store.aufdb", "hard"] {
      let path = store.folder.path(name)
      if name == "hard" { try #require(link(store.path, path) == 0) }
      _ = try Store(path, for: .reading).log()
      #expect(try Self.lockCount(on: store.path) == before, "read as \(name)")
      #expect(try Store.salvage(path, to: path + ".new", options: options).isWhole)
      #expect(try Self.lockCount(on: store.path) == before, "salvaged as \(name)")
    }
    withExtendedLifetime(reader) {}
  }
}

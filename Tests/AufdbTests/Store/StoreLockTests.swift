// The one lock of all writers: who gets it, who is told what, and that nobody can lose it for good.

import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("The store's lock")
struct StoreLockTests {
  let folder: ScratchFolder
  var path: String { folder.path("store.aufdb") }
  var lockPath: String { path + "-lock" }

  init() throws {
    folder = try ScratchFolder()
    try Store.create(at: path, context: CommitContext(author: "tester", milliseconds: 1_000))
  }

  private func writer(_ path: String? = nil, wait: Double = 0, command: String = "import") throws -> Store {
    try Store(path ?? self.path, for: .writing(waitSeconds: wait, command: command))
  }

  private var fileExists: Bool { access(lockPath, F_OK) == 0 }

  @Test("A second writer is told who holds it; a reader isn't held up")
  func second() throws {
    let first = try writer(command: "import big file")
    let error = #expect(throws: AufdbError.self) { try writer() }
    #expect(error?.kind == .busy)
    #expect(error?.message == "the store is being written by process \(getpid()) (import big file)")
    #expect(try Store(path, for: .reading).log().count == 1)
    withExtendedLifetime(first) {}
  }

  @Test("It ends with the store that holds it, and its side file goes", arguments: [0, .nan, -1] as [Double])
  func release(wait: Double) throws {
    do {
      let first = try writer(wait: wait)
      #expect(fileExists)
      withExtendedLifetime(first) {}
    }
    #expect(!fileExists)
    _ = try writer(wait: wait)
    #expect(!fileExists)
  }

  @Test("A waiting writer gets it when the first is done")
  func waiting() async throws {
    var first: Store? = try writer()
    let (path, started) = (path, AsyncStream<Void>.makeStream())
    let second = Task.detached {
      started.continuation.yield()
      return try Store(path, for: .writing(waitSeconds: 60, command: "second")).log().count
    }
    for await _ in started.stream { break }
    #expect(first != nil)
    first = nil
    #expect(try await second.value == 1)
  }

  @Test("A store has one lock, whatever links lead to it")
  func links() throws {
    #expect(symlink("store.aufdb", folder.path("link")) == 0)
    #expect(symlink(".", folder.path("folder")) == 0)
    let first = try writer(folder.path("link"))
    for other in [path, folder.path("folder/store.aufdb"), folder.path("folder/link"), folder.path("./link")] {
      let error = #expect(throws: AufdbError.self) { try writer(other) }
      #expect(error?.kind == .busy, "\(other)")
    }
    withExtendedLifetime(first) {}
  }

  @Test("A side file that nobody holds is harmless, whatever is in it", arguments: ["", "1 import", "\u{0}\u{1B}[2J"])
  func stale(text: String) throws {
    _ = try folder.file("store.aufdb-lock", Array(text.utf8))
    let first = try writer(command: "second")
    #expect(String(decoding: try folder.bytes("store.aufdb-lock"), as: UTF8.self) == "\(getpid()) second")
    withExtendedLifetime(first) {}
  }

  @Test(
    "A signature counts if its process lives: others are left of the dead, or the holder hasn't signed yet",
    arguments: [
      ("", false), ("import", false), ("1 import", true), ("\(getpid()) import", true), ("0 import", false),
      ("-1 import", false), ("x import", false), ("99999999999 import", false),
      // Beyond the largest number that Linux gives to a process.
      ("4194305 import", false),
    ])
  func signatures(text: String, isSigned: Bool) throws {
    let descriptor = try FileDescriptor.opening(folder.file("signature", Array(text.utf8)))
    #expect((LockHolder(readFrom: descriptor.number)?.isAlive ?? false) == isSigned)
  }

  @Test("What the holder wrote is shown without control characters")
  func controlCharacters() throws {
    let first = try writer(command: "im\u{1B}[31mport\nx")
    let error = #expect(throws: AufdbError.self) { try writer() }
    #expect(error?.message == "the store is being written by process \(getpid()) (im?[31mport?x)")
    withExtendedLifetime(first) {}
  }

  @Test("A side file that is a link is not followed")
  func sideFileIsLink() throws {
    let victim = try folder.file("victim", [1, 2, 3])
    #expect(symlink(victim, lockPath) == 0)
    let error = #expect(throws: AufdbError.self) { try writer() }
    #expect(error?.kind == .cannotCreateOutput)
    #expect(try folder.bytes("victim") == [1, 2, 3])
  }

  @Test("Whose side file was removed under it doesn't remove the next holder's")
  func removedMeanwhile() throws {
    var first: Store? = try writer(command: "first")
    #expect(first != nil && unlink(lockPath) == 0)
    let second = try StoreLock.acquire(storePath: path, waitSeconds: 0, command: "second")
    first = nil
    let error = #expect(throws: AufdbError.self) { try writer(command: "third") }
    #expect(error?.message.contains("(second)") == true)
    withExtendedLifetime(second) {}
  }

  @Test("A killed holder holds nothing")
  func killedHolder() async throws {
    let path: String = path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
      kill(getpid(), SIGKILL)
      withExtendedLifetime(store) {}
    }
    #expect(fileExists)
    #expect(String(decoding: try folder.bytes("store.aufdb-lock"), as: UTF8.self).hasSuffix(" doomed"))
    #expect(try writer().verify().problems == [])
    #expect(!fileExists)
  }
}

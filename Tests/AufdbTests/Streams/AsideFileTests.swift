// Files in the making: who may read them, what becomes of them, and that a signal takes them away.

import CFiles
import Dispatch
import Glibc
import Testing

@testable import Aufdb

@Suite("Files in the making")
struct AsideFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func mode(_ name: String) throws -> mode_t {
    var status = stat()
    try #require(lstat(folder.path(name), &status) == 0, "\(name)")
    return status.st_mode & 0o7777
  }

  /// What the umask leaves of a mode, without asking for it.
  private func masked(_ mode: mode_t) throws -> mode_t {
    let descriptor = open(folder.path("probe"), O_WRONLY | O_CREAT | O_EXCL, mode)
    try #require(descriptor >= 0)
    defer {
      close(descriptor)
      unlink(folder.path("probe"))
    }
    return try self.mode("probe")
  }

  @Test("Nobody else may read it until it has its name; then the umask says who may")
  func newFile() throws {
    do {
      var aside = try AsideFile(beside: folder.path("file"))
      #expect(try folder.names() == ["file.\(getpid()).tmp"])
      #expect(try mode("file.\(getpid()).tmp") == 0o600)
      try aside.opened().write(UnsafeRawBufferPointer(start: nil, count: 0))
      try aside.settle()
      try aside.take(folder.path("file"))
    }
    #expect(try folder.names() == ["file"])
    #expect(try mode("file") == masked(0o666))
  }

  @Test("Threads that make files at once all get what the umask leaves, and leave the umask as it is")
  func threads() throws {
    let path = folder.path("file")
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<100 {
        guard var aside = try? AsideFile(beside: "\(path)-\(thread)-\(number)") else { continue }
        try? aside.settle()
        try? aside.take("\(path)-\(thread)-\(number)")
      }
    }
    let names = try folder.names()
    #expect(names.count == 800)
    let expected = try masked(0o666)
    #expect(try names.allSatisfy { try mode($0) == expected })
    #expect(expected == 0o666 & ~UserMask.current)
  }

  @Test("It isn't there any more where it isn't published", arguments: [false, true])
  func dropped(isFolder: Bool) throws {
    do {
      let aside = try AsideFile(beside: folder.path("thing"), isFolder: isFolder)
      if isFolder {
        #expect(try mode("thing.\(getpid()).tmp") == 0o700)
        _ = try folder.file("thing.\(getpid()).tmp/inside", [1])
      }
      _ = aside.path
    }
    #expect(try folder.names() == [])
  }

  @Test("A name that is taken stays whose it was; what has the name aside is not written to")
  func taken() throws {
    _ = try folder.file("file", [1, 2, 3])
    _ = try folder.file("victim", [4])
    try #require(symlink("victim", folder.path("file.\(getpid()).tmp")) == 0)
    do {
      var aside = try AsideFile(beside: folder.path("file"))
      #expect(aside.path.hasSuffix("file.\(getpid())-1.tmp"))
      let target = folder.path("file")
      #expect(throws: StreamError.self) { try aside.take(target) }
    }
    #expect(try folder.bytes("file") == [1, 2, 3] && folder.bytes("victim") == [4])
    #expect(try folder.names() == ["file", "file.\(getpid()).tmp", "victim"])
  }

  @Test("What is replaced hands on its permissions", arguments: [0o600, 0o640, 0o664, 0o755] as [mode_t])
  func replaced(mode: mode_t) throws {
    _ = try folder.file("file", [1])
    try #require(chmod(folder.path("file"), mode) == 0 && symlink("file", folder.path("link")) == 0)
    for name in ["file", "link"] {
      let replacement = try FileReplacement(path: folder.path(name), compression: .none)
      try [7, 7].withUnsafeBytes { try replacement.write($0) }
      try replacement.publish()
      #expect(try self.mode("file") == mode, "\(name)")
      #expect(try self.mode("link") == 0o777, "a link stays a link")
    }
    #expect(try folder.names() == ["file", "link"])
  }

  @Test(
    "A signal takes away what is in the making, the lock, and nothing else", arguments: [SIGINT, SIGTERM, SIGHUP],
    [false, true])
  func signalled(number: Int32, isOnOtherThread: Bool) async throws {
    let path: String = folder.path("")
    _ = try folder.file("file", [1])
    await #expect(processExitsWith: .signal(number)) {
      [path = path as String, number = number as Int32, isOnOtherThread = isOnOtherThread as Bool] in
      aufdb_leftovers_watch()
      let file = try AsideFile(beside: path + "/file")
      let export = try AsideFile(beside: path + "/export", isFolder: true)
      mkdir(export.path + "/data", 0o777)
      for name in ["/a", "/data/b", "/data/c"] { close(open(export.path + name, O_WRONLY | O_CREAT, 0o666)) }
      close(open(file.path + "-journal", O_WRONLY | O_CREAT, 0o666))
      let lock = try StoreLock.acquire(storePath: path + "/file", waitSeconds: 0, command: "test")
      var taken = try AsideFile(beside: path + "/taken")
      try taken.take(path + "/taken")
      // Its handler does its work on the first thread, whoever gets it.
      if isOnOtherThread {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        pthread_kill(pthread_self(), number)
      } else {
        kill(getpid(), number)
      }
      // It ends while we wait here, and so before these are let go.
      for _ in 0..<100 { pause() }
      withExtendedLifetime((lock, file.path, export.path)) {}
    }
    let names = try folder.names()
    #expect(names == ["file", "taken"])
    #expect(try folder.bytes("file") == [1])
  }
}

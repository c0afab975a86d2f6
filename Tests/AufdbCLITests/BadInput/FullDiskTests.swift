// A disk that is full in the middle of a command: the store is as it was before, and the next try works.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// A file system in memory of a few megabytes, mounted at a folder; gone with this object.
final class TinyDisk {
  let path: String

  /// nil where this process may not mount anything.
  init?(at path: String, sizeBytes: Int) {
    guard mkdir(path, 0o755) == 0 else { return nil }
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(sizeBytes)") == 0 else {
      rmdir(path)
      return nil
    }
    self.path = path
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  static let isAvailable: Bool = {
    let path = FileManager.default.temporaryDirectory.appending(path: "aufdb-tiny-disk-\(getpid())")
    return TinyDisk(at: path.path(percentEncoded: false), sizeBytes: 1 << 20) != nil
  }()
}

@Suite("Full disk") struct FullDiskTests {
  private let stage: CommandStage

  init() throws { stage = try CommandStage() }

  /// Two megabytes of texts that are all new.
  private func largeInput() throws -> String {
    let text = String(repeating: "lorem ipsum ", count: 800)
    return try stage.file(
      "large.jsonl",
      (0..<200).map { #"{"prompt_id":"n\#($0)","prompt":"\#($0) \#(text)","completions":[]}"# + "\n" }.joined())
  }

  @Test(
    "an import into a full disk changes nothing, and works once there is room",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"), arguments: [false, true])
  func importFile(isFirst: Bool) throws {
    let large = try largeInput()
    let disk = try #require(TinyDisk(at: stage.path("disk"), sizeBytes: 1 << 20))
    let store = "\(disk.path)/store.aufdb"
    // The first import of a store is written in rollback mode, later ones through a write-ahead log.
    if isFirst {
      try stage.expectDone("init", store)
    } else {
      try FileManager.default.copyItem(atPath: stage.store, toPath: store)
    }
    let before = try Data(contentsOf: URL(filePath: store))
    for _ in 0..<2 {
      let run = CommandStage.run(["import", store, large])
      #expect(run.exitCode == 74)
      #expect(run.error == "error: the disk is full\nhint: nothing was changed; make room and run it again\n")
      #expect(try Data(contentsOf: URL(filePath: store)) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["store.aufdb"])
    }
    try stage.expectDone("verify", store)
    #expect(mount("tmpfs", disk.path, "tmpfs", UInt(MS_REMOUNT), "size=\(16 << 20)") == 0)
    try stage.expectDone("import", store, large)
    try stage.expectDone("verify", store)
  }

  @Test(
    "no store is made on a full disk", .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func initialisation() throws {
    let disk = try #require(TinyDisk(at: stage.path("disk"), sizeBytes: 64 << 10))
    let run = CommandStage.run(["init", "\(disk.path)/store.aufdb"])
    #expect(run.exitCode == 74)
    #expect(run.error.hasPrefix("error: the disk is full\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == [])
  }

  @Test(
    "a disk on which not even a lock file fits",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func lock() throws {
    let disk = try #require(TinyDisk(at: stage.path("disk"), sizeBytes: 4 << 20))
    let store = "\(disk.path)/store.aufdb"
    try FileManager.default.copyItem(atPath: stage.store, toPath: store)
    // The disk itself and the store are two inodes, and there are no others.
    #expect(mount("tmpfs", disk.path, "tmpfs", UInt(MS_REMOUNT), "size=\(4 << 20),nr_inodes=2") == 0)
    let run = CommandStage.run(["import", store, try largeInput()])
    #expect(run.exitCode == 74)
    #expect(run.error.contains("No space left on device"))
    #expect(!run.error.contains("permission"))
  }

  @Test("a limit on the size of files is an error of writing, and changes nothing")
  func fileSizeLimit() async throws {
    let large = try largeInput()
    let before = try stage.contents()
    let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent]) {
      [store = stage.store as String, large = large as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(99) }
      let run = CommandStage.run(["import", store, large])
      FileHandle.standardError.write(Data(run.error.utf8))
      exit(run.exitCode)
    }
    let error = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(error.hasPrefix("error: reading or writing the store failed: "))
    #expect(try stage.contents() == before)
    try stage.expectDone("verify", stage.store)
    try stage.expectDone("import", stage.store, large)
  }
}

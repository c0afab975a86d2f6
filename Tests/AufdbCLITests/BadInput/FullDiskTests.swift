// A disk that is full in the middle of a command: the store is as it was before, and the next try works.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

/// A file system in memory of a few megabytes, for the length of one closure.
enum TinyDisk {
  /// Whether this process may mount one.
  static let isAvailable: Bool = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aufdb-tiny-disk-\(getpid())")
    return (try? lend(at: folder.path(percentEncoded: false), sizeBytes: 1 << 20) { _ in true }) ?? false
  }()

  /// Mounts it at a new folder, lends the folder's path, and takes it away.
  static func lend<Result>(at path: String, sizeBytes: Int, _ body: (String) throws -> Result) throws -> Result {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { rmdir(path) }
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(sizeBytes)") == 0 else { throw POSIXError(.EPERM) }
    defer { umount2(path, Int32(MNT_DETACH)) }
    return try body(path)
  }

  /// Changes the limits of one that is mounted.
  static func change(_ path: String, _ limits: String) -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), limits) == 0
  }
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
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 1 << 20) { disk in
      let store = "\(disk)/store.aufdb"
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
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["store.aufdb"])
      }
      try stage.expectDone("verify", store)
      #expect(TinyDisk.change(disk, "size=\(16 << 20)"))
      try stage.expectDone("import", store, large)
      try stage.expectDone("verify", store)
    }
  }

  @Test(
    "no store is made on a full disk", .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func initialisation() throws {
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 64 << 10) { disk in
      let run = CommandStage.run(["init", "\(disk)/store.aufdb"])
      #expect(run.exitCode == 74)
      #expect(run.error.hasPrefix("error: the disk is full\n"))
      let names = try FileManager.default.contentsOfDirectory(atPath: disk)
      #expect(names == [])
    }
  }

  @Test(
    "a disk on which not even a lock file fits",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func lock() throws {
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 4 << 20) { disk in
      let store = "\(disk)/store.aufdb"
      try FileManager.default.copyItem(atPath: stage.store, toPath: store)
      // The disk itself and the store are two inodes, and there are no others.
      #expect(TinyDisk.change(disk, "size=\(4 << 20),nr_inodes=2"))
      let run = CommandStage.run(["import", store, try largeInput()])
      #expect(run.exitCode == 74)
      #expect(run.error.contains("No space left on device") || run.error.contains("the disk is full"))
      #expect(!run.error.contains("permission"))
    }
  }

  @Test(
    "an export onto a full disk leaves nothing, whichever file was the last that fitted, and works once there is room",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func export() throws {
    try stage.expectDone("import", stage.store, largeInput(), "--as", "completions")
    let lines = (0..<200).map { number in
      #"{"prompt_id":"n\#(number)","prompt":"q\#(number)","completions":[{"model":"a","response_text":"\#(number) yes"},"#
        + #"{"model":"b","response_text":"no \#(number)"}]}"# + "\n"
    }
    try stage.expectDone("import", stage.store, stage.file("more.jsonl", lines.joined()), "--replace")
    try stage.expectDone("select", stage.store, "--method", "random")
    try stage.expectDone("annotate", stage.store, "--judge", "random")
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 1 << 20) { disk in
      let arguments = [
        "export", stage.store, "dpo", "--output", "\(disk)/out", "--split", "train=0.5,test=0.5", "--shards", "3",
      ]
      // Six data files, a card and a manifest, in a page of 4096 bytes at least each; and the folders.
      var didFail = 0
      for pages in 1...60 {
        guard TinyDisk.change(disk, "size=\(pages * 4096)") else { continue }
        let run = CommandStage.run(arguments)
        if run.exitCode == 0 { break }
        didFail += 1
        #expect(run.exitCode == 74 || run.exitCode == 73)
        #expect(run.error.lowercased().contains("no space left on the device"), "\(run.error)")
        let names = try FileManager.default.contentsOfDirectory(atPath: disk)
        #expect(names == [], "\(pages) pages")
      }
      #expect(didFail > 5)
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["out"])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(disk)/out").sorted() == [
          "README.md", "data", "manifest.json",
        ])
    }
  }

  @Test(
    "answers that a full disk doesn't take are told; those that it took are there, and the others are asked for again",
    .enabled(if: TinyDisk.isAvailable, "skipped: mounting a small disk needs root"))
  func answers() throws {
    let asked = try ModelStage("wordy.20000", promptCount: 40)
    try TinyDisk.lend(at: stage.path("disk"), sizeBytes: 8 << 20) { disk in
      let store = "\(disk)/store.aufdb"
      try FileManager.default.copyItem(atPath: asked.store, toPath: store)
      let size = try Data(contentsOf: URL(filePath: store)).count
      #expect(TinyDisk.change(disk, "size=\(size + (256 << 10))"))
      let full = asked.run("generate", store, "--model", "ember")
      #expect(full.exitCode == 74 && full.error.contains("error: the disk is full\n"), "\(full.error)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["store.aufdb"])
      try stage.expectDone("verify", store)
      #expect(TinyDisk.change(disk, "size=\(8 << 20)"))
      let again = asked.run("generate", store, "--model", "ember")
      #expect(again.exitCode == 0 && again.error.contains("Generate 40 responses by ember@1"), "\(again.error)")
      #expect(again.error.contains("answers were kept before"), "\(again.error)")
      try stage.expectDone("verify", store)
    }
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

// The failing disks themselves: they see what is done, lose what wasn't synced, and leave other folders alone.

import Foundation
import Glibc
import Testing

@testable import Aufdb
@testable import AufdbCLI

extension DiskFaultTests {
  @Suite("Failing disks")
  struct FaultVFSTests {
    private let folder: FaultyFolder

    init() throws {
      folder = try FaultyFolder()
      try folder.reset([:])
    }

    private func write(_ text: String, to name: String, syncs: Bool = false) throws {
      let descriptor = open("\(folder.path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      try #require(descriptor >= 0)
      defer { close(descriptor) }
      let bytes = Array(text.utf8)
      try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
      if syncs { try #require(fsync(descriptor) == 0) }
    }

    @Test("SQLite's operations are counted, and its syncs of folders are seen")
    func seen() throws {
      let store = "\(folder.path)/store.aufdb"
      folder.count([.reads, .opens, .changes])
      try Store.create(at: store, context: CommitContext(author: "a", milliseconds: 1))
      #expect(folder.operationCount > 20)
      // Of the journal, of its removal, and of the link that gives the store its name.
      #expect(folder.folderSyncCount >= 3)
    }

    @Test("what wasn't synced can be lost, kept or torn, and what was synced stays")
    func losses() throws {
      let long = String(repeating: "abcdefgh", count: 1_000)
      var outcomes: Set<String> = []
      for seed in UInt64(1)...200 {
        try folder.reset(["old": Data("old".utf8)])
        try write("synced", to: "old", syncs: true)
        try write(long, to: "new")
        try folder.restart(seed: seed)
        let files = try folder.files()
        #expect(files["old"] == Data("synced".utf8))
        switch files["new"] {
        case nil: outcomes.insert("no name")
        case Data(long.utf8): outcomes.insert("whole")
        case Data(): outcomes.insert("empty")
        default: outcomes.insert("torn")
        }
      }
      #expect(outcomes == ["no name", "whole", "empty", "torn"])
    }

    @Test("a name is safe once its folder was synced, and a rename happens wholly or not at all")
    func names() throws {
      var outcomes: Set<[String]> = []
      for seed in UInt64(1)...100 {
        try folder.reset(["a": Data([1])])
        try write("b", to: "b", syncs: true)
        try Folder.synchronize(folder.path)
        try #require(rename("\(folder.path)/b", "\(folder.path)/a") == 0)
        try folder.restart(seed: seed)
        let files = try folder.files()
        outcomes.insert(files.keys.sorted())
        #expect(files["a"] == (files["b"] == nil ? Data("b".utf8) : Data([1])))
      }
      #expect(outcomes == [["a"], ["a", "b"]])
    }

    @Test("after the power went nothing works until it comes back; other folders don't notice")
    func powerLoss() throws {
      let other = try FaultyFolder()
      try other.reset([:])
      folder.losePower(at: 1, of: .syncs)
      #expect(throws: (any Error).self) {
        try Store.create(
          at: "\(folder.path)/store.aufdb", context: CommitContext(author: "a", milliseconds: 1))
      }
      #expect(open("\(folder.path)/x", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644) == -1 && errno == EIO)
      try Store.create(at: "\(other.path)/store.aufdb", context: CommitContext(author: "a", milliseconds: 1))
      try folder.restart(seed: 1)
      try write("x", to: "x")
    }

    @Test("a disk that is full says so once, or from then on")
    func full() throws {
      try folder.reset(["x": Data()])
      for lasts in [false, true] {
        folder.fail(.writes, at: 2, with: ENOSPC, lasts: lasts)
        let descriptor = open("\(folder.path)/x", O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let results = (0..<3).map { _ in Glibc.write(descriptor, "ab", 2) }
        #expect(results == [2, -1, lasts ? -1 : 2])
      }
    }
  }
}

// Processes killed in the middle of a commit: afterwards there is the whole commit, or nothing of it.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed commits")
struct KillTests {
  @Test("Killed between two steps of SQLite's machine", arguments: CrashedCommit.allCases)
  func steps(kind: CrashedCommit) async throws {
    var generator = SeededGenerator(seed: 41)
    let modelled = try kind.makeStore()
    let template = try modelled.folder.bytes("store.aufdb")
    let counter = VirtualMachineSteps()
    try kind.run(at: modelled.path) { counter.watch($0) }
    try #require(counter.count > 100)
    let total = counter.count
    for turn in 0..<8 {
      // Mostly near the end, where the commit is made; and always at the very last step.
      let fatal = turn == 0 ? total : total - Int.random(in: 0..<(turn < 3 ? total : total / 10), using: &generator)
      for name in try modelled.folder.names() { unlink(modelled.folder.path(name)) }
      let path: String = try modelled.folder.file("store.aufdb", template)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [kind = kind as CrashedCommit, path = path as String, fatal = fatal as Int] in
        let killer = VirtualMachineSteps(fatal: fatal)
        try kind.run(at: path) { killer.watch($0) }
        withExtendedLifetime(killer) {}
      }
      try kind.expectAllOrNothing(
        modelled, at: path, readsFirst: turn % 2 == 0, "\(kind), step \(fatal) of \(total), seed 41")
    }
  }

  @Test("Killed at any write to the disk, or in the middle of one", arguments: CrashedCommit.allCases)
  func writes(kind: CrashedCommit) async throws {
    let modelled = try kind.makeStore()
    let images = try ScratchFolder()
    let folder: String = images.url.path(percentEncoded: false)
    let (path, stride) = (modelled.path as String, kind == .large ? 31 : kind == .first ? 3 : 7)
    await #expect(processExitsWith: .success) {
      [kind = kind as CrashedCommit, path = path as String, folder = folder as String, stride = stride as Int] in
      CrashImages.start(path: path, folder: folder, stride: stride)
      try kind.run(at: path) { _ in }
    }
    let names = try images.names().filter { $0.hasSuffix(".aufdb") }
    try #require(names.count >= 10, "\(kind) has \(names.count) images")
    for (index, name) in names.enumerated() {
      try kind.expectAllOrNothing(
        modelled, at: images.path(name), readsFirst: index % 2 == 0, "\(kind), image \(name) of \(names.count)")
    }
  }

  @Test("Killed while a store is made: there is no store, and making it works afterwards")
  func creation() async throws {
    let folder = try ScratchFolder()
    let path: String = folder.path("store.aufdb")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      try StoreFile.create(path) { _ in kill(getpid(), SIGKILL) }
    }
    #expect(!(try folder.names().contains("store.aufdb")))
    try Store.create(at: path, context: CommitContext(author: "a", milliseconds: 1))
    #expect(try Store(path, for: .reading).verify().problems == [])
  }
}

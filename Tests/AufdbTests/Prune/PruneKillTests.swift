// Processes killed in the middle of pruning or compacting: the store is as it was, or pruned, and sound in either case.

import AufdbTestSupport
import Foundation
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed pruning")
struct PruneKillTests {
  private static let options = PruneOptions(keepCount: 2)

  private static func makeModel() throws -> PrunedModel {
    let model = try PrunedModel(seed: 51)
    try model.grow(steps: 16)
    model.modelled.close()
    return model
  }

  /// The store is one of the two; and goes on from there.
  private func expectAllOrNothing(
    _ whole: PrunedModel, _ pruned: PrunedModel, at path: String, _ comment: Comment
  ) throws {
    let isPruned = try Store(path, for: .reading).verify().prunedCount > 0
    try (isPruned ? pruned : whole).expectAll(in: Store(path, for: .reading), comment)
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "after"))
    #expect(try store.prune(Self.options).isEmpty == isPruned, comment)
    try pruned.expectAll(in: store, comment)
  }

  @Test("Killed between two steps of SQLite's machine")
  func steps() async throws {
    let (whole, pruned) = (try Self.makeModel(), try Self.makeModel())
    #expect(!pruned.prune(keepCount: 2).isEmpty)
    let modelled = whole.modelled
    let template = try modelled.folder.bytes("store.aufdb")
    let counter = VirtualMachineSteps()
    do {
      let store = try Store(modelled.path, for: .writing(waitSeconds: 0, command: "test"))
      try store.withConnection { counter.watch($0) }
      try store.prune(Self.options)
    }
    try #require(counter.count > 1000)
    let total = counter.count
    var generator = SeededGenerator(seed: 52)
    for turn in 0..<8 {
      let fatal = turn == 0 ? total - 1 : Int.random(in: 1..<total, using: &generator)
      for name in try modelled.folder.names() { unlink(modelled.folder.path(name)) }
      let path: String = try modelled.folder.file("store.aufdb", template)
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, fatal = fatal as Int] in
        let killer = VirtualMachineSteps(fatal: fatal)
        let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
        try store.withConnection { killer.watch($0) }
        try store.prune(PruneKillTests.options)
        withExtendedLifetime(killer) {}
      }
      try expectAllOrNothing(whole, pruned, at: path, "step \(fatal) of \(total)")
    }
  }

  @Test("Killed at any write to the disk, or in the middle of one")
  func writes() async throws {
    let (whole, pruned) = (try Self.makeModel(), try Self.makeModel())
    #expect(!pruned.prune(keepCount: 2).isEmpty)
    let images = try ScratchFolder()
    let folder: String = images.url.path(percentEncoded: false)
    let path: String = whole.modelled.path
    await #expect(processExitsWith: .success) { [path = path as String, folder = folder as String] in
      CrashImages.start(path: path, folder: folder, stride: 11)
      let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
      try store.prune(PruneKillTests.options)
    }
    let names = try images.names().filter { $0.hasSuffix(".aufdb") }
    try #require(names.count >= 10, "\(names.count) images")
    for name in names { try expectAllOrNothing(whole, pruned, at: images.path(name), "image \(name)") }
  }
}

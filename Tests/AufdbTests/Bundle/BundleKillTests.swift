// Processes killed while a bundle is applied: afterwards the store has all of it, or nothing.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Killed bundles")
struct BundleKillTests {
  /// Applies a bundle; `dying` is called at its beginning, with the connection.
  private static func apply(_ bundle: String, to path: String, dying: (Connection) throws -> Void) throws {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "doomed"))
    func isKept(_ report: TransferReport) -> Bool { true }
    _ = try store.commit(keep: isKept) { connection in
      try dying(connection)
      return try BundleReceiver(BundleReader(BundleSource(path: bundle)), in: connection).receive(
        ArrivalRules { _ in "" })
    }
  }

  @Test("Killed between two steps of SQLite's machine: all of it, or nothing")
  func steps() async throws {
    var generator = SeededGenerator(seed: 43)
    let modelled = try ModelledStore(seed: 43)
    try modelled.grow(6, branchLimit: 2)
    let copy = try LooseStore(modelled.bundle(), seed: 43)
    let before = try copy.reading().tips()
    try modelled.grow(6, branchLimit: 3)
    let after = try Store(modelled.path, for: .reading).tips()
    let bundle: String = try modelled.bundle()
    let template = try copy.folder.bytes("store.aufdb")
    let counter = VirtualMachineSteps()
    try Self.apply(bundle, to: copy.path) { counter.watch($0) }
    try #require(counter.count > 1000)
    let total = counter.count
    for turn in 0..<8 {
      let fatal = turn == 0 ? total : total - Int.random(in: 0..<(turn < 5 ? total : total / 20), using: &generator)
      for name in try copy.folder.names() { unlink(copy.folder.path(name)) }
      let path: String = try copy.folder.file("store.aufdb", template)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [bundle = bundle as String, path = path as String, fatal = fatal as Int] in
        let killer = VirtualMachineSteps(fatal: fatal)
        try BundleKillTests.apply(bundle, to: path) { killer.watch($0) }
        withExtendedLifetime(killer) {}
      }
      let comment: Comment = "step \(fatal) of \(total)"
      let tips = try copy.reading().tips()
      #expect(tips == before || tips == after, comment)
      try modelled.expectSame(in: copy.path, comment)
      // And it can be applied again.
      try Store.apply(bundle, to: copy.path)
      #expect(try copy.reading().tips() == after, comment)
      try modelled.expectSame(in: copy.path, comment)
    }
  }

  @Test("Killed while a store is made of it: there is no store, and making it works afterwards")
  func creation() async throws {
    let modelled = try ModelledStore(seed: 44)
    try modelled.grow(3, branchLimit: 1)
    let bundle: String = try modelled.bundle()
    let path: String = modelled.folder.path("new.aufdb")
    await #expect(processExitsWith: .signal(SIGKILL)) { [bundle = bundle as String, path = path as String] in
      _ = try Store.applyBundle(BundleOptions(bundle), toStoreAt: path, waitSeconds: 0, command: "doomed") { _, _ in
        kill(getpid(), SIGKILL)
      }
    }
    #expect(!(try modelled.folder.names().contains("new.aufdb")))
    try Store.apply(bundle, to: path)
    try modelled.expectSame(in: path, "")
  }
}

// Push and pull: two stores that go on from one base, apart and together.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Push and pull")
struct TransferTests {
  /// Two stores of one history.
  private func pair(seed: UInt64) throws -> (LooseStore, LooseStore) {
    let modelled = try ModelledStore(seed: seed)
    try modelled.grow(5, branchLimit: 1)
    let bundle = try modelled.bundle()
    return (try LooseStore(bundle, seed: seed), try LooseStore(bundle, seed: seed + 1000))
  }

  private func push(
    _ from: LooseStore, _ to: LooseStore, _ options: TransferOptions = TransferOptions()
  ) throws
    -> TransferReport
  {
    try from.reading().push(to: to.writing(), options)
  }

  private func pull(
    _ to: LooseStore, _ from: LooseStore, _ options: TransferOptions = TransferOptions(),
    preferring side: MergeSide? = nil
  ) throws -> PullReport {
    try to.writing().pull(from: from.reading(), options, preferring: side, context: to.context) { _ in }
  }

  private func expectEqual(_ one: LooseStore, _ other: LooseStore, _ comment: Comment) throws {
    #expect(try one.reading().tips() == other.reading().tips(), comment)
    #expect(try Set(one.reading().commitIDs()) == Set(other.reading().commitIDs()), comment)
    for id in try one.reading().commitIDs() {
      let revision = try Revision(id.description)
      #expect(try one.reading().state(at: revision) == other.reading().state(at: revision), comment)
    }
    for store in try [one.reading(), other.reading()] {
      #expect(try store.verify().problems == [], comment)
      #expect(try store.forgottenRows() == [], comment)
    }
  }

  @Test("A push moves the other store's branch on; a second one moves nothing", arguments: [1, 2, 3] as [UInt64])
  func pushing(seed: UInt64) throws {
    let (one, other) = try pair(seed: seed)
    for _ in 0..<3 { try one.commitRandomly() }
    let report = try push(one, other)
    #expect(report.commitCount == 3 && report.refs.map(\.name) == ["main"])
    try expectEqual(one, other, "seed \(seed)")
    let before = try other.folder.bytes("store.aufdb")
    #expect(try push(one, other) == TransferReport())
    // Nor does one from a store that is behind.
    try other.commitRandomly()
    let ahead = try other.folder.bytes("store.aufdb")
    #expect(ahead != before)
    #expect(try push(one, other) == TransferReport())
    #expect(try other.folder.bytes("store.aufdb") == ahead)
    #expect(try other.folder.names() == ["store.aufdb"] && one.folder.names() == ["store.aufdb"])
  }

  @Test("A branch that is missing there is made, with what it shares with the others", arguments: [4, 5] as [UInt64])
  func newBranch(seed: UInt64) throws {
    let (one, other) = try pair(seed: seed)
    let base = try #require(try one.reading().commitIDs().dropFirst(2).first)
    try one.writing().createRef(.branch, RefName("old"), at: Revision(base.description))
    for _ in 0..<3 {
      try one.commitRandomly(to: "old")
      try one.commitRandomly()
    }
    try one.writing().createRef(.tag, RefName("v1"), at: "old~1")
    #expect(try push(one, other, TransferOptions(branch: "old", isDryRun: true)).commits.count == 3)
    #expect(try other.reading().tips()["old"] == nil)
    let report = try push(one, other, TransferOptions(branch: "old", includesTags: true))
    #expect(report.commitCount == 3 && report.refs.map(\.name) == ["old", "v1"])
    #expect(try other.problems() == [])
    #expect(try other.reading().state(at: "old") == one.reading().state(at: "old"), "seed \(seed)")
    #expect(try push(one, other).commitCount == 3)
    try expectEqual(one, other, "seed \(seed)")
  }

  @Test(
    "Where both have gone on: a push is refused, a pull merges, and then the push goes through",
    arguments: 6...13 as ClosedRange<UInt64>)
  func diverged(seed: UInt64) throws {
    let (one, other) = try pair(seed: seed)
    for round in 0..<3 {
      let comment: Comment = "seed \(seed), round \(round)"
      for _ in 0..<2 {
        try one.commitRandomly()
        try other.commitRandomly()
      }
      let before = (try one.folder.bytes("store.aufdb"), try other.folder.bytes("store.aufdb"))
      let error = #expect(throws: AufdbError.self) { try push(one, other) }
      #expect(error?.kind == .refused && error?.hint?.hasPrefix("pull first") == true, comment)
      #expect(try other.folder.bytes("store.aufdb") == before.1, comment)
      // Without a preference it is all or nothing.
      let careful = try? pull(one, other)
      guard case .merged? = careful?.merge else {
        if case .conflicts(let count)? = careful?.merge { #expect(count > 0) }
        #expect(try one.folder.bytes("store.aufdb") == before.0, comment)
        let merge = try pull(one, other, preferring: round % 2 == 0 ? .ours : .theirs).merge
        guard case .merged? = merge else {
          // Rows that refer to what the other side removed can't be preferred away.
          #expect(try one.folder.bytes("store.aufdb") == before.0, comment)
          return
        }
        #expect(try one.problems() == [], comment)
        _ = try push(one, other)
        try expectEqual(one, other, comment)
        continue
      }
      #expect(try one.problems() == [] && one.reading().branchesInPast() == [], comment)
      #expect(try one.folder.bytes("store.aufdb") != before.0)
      _ = try push(one, other)
      try expectEqual(one, other, comment)
    }
  }

  @Test("A pull of what is only ahead moves the branch on, without a commit")
  func fastForward() throws {
    let (one, other) = try pair(seed: 21)
    for _ in 0..<3 { try other.commitRandomly() }
    let dry = try pull(one, other, TransferOptions(isDryRun: true))
    #expect(dry.arrived.commits.count == 3 && dry.merge == nil)
    let report = try pull(one, other)
    #expect(report.arrived.commitCount == 3 && report.merge == nil && report.branch == "main")
    try expectEqual(one, other, "")
    #expect(try pull(one, other).changesStore == false)
  }

  @Test("What can't be: no such branch, the same store, a store that is held")
  func refusals() throws {
    let (one, other) = try pair(seed: 22)
    var error = #expect(throws: AufdbError.self) { try push(one, other, TransferOptions(branch: "no")) }
    #expect(error?.kind == .refused)
    error = #expect(throws: AufdbError.self) { try pull(one, other, TransferOptions(branch: "no")) }
    #expect(error?.kind == .refused)
    let link = one.folder.path("link.aufdb")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: one.path)
    for path in [one.path, link] {
      error = #expect(throws: AufdbError.self) {
        try one.reading().push(to: Store(path, for: .writing(waitSeconds: 0, command: "test")), TransferOptions())
      }
      #expect(error?.kind == .refused && error?.message.hasSuffix("is the same store") == true)
    }
    let holder = try other.writing()
    error = #expect(throws: AufdbError.self) { try push(one, other) }
    #expect(error?.kind == .busy)
    withExtendedLifetime(holder) {}
  }

  @Test("Commits that were pruned aren't sent, unless the receiver has them anyway")
  func pruned() throws {
    let (one, other) = try pair(seed: 23)
    try one.commitRandomly()
    let commits = try one.reading().commitIDs()
    // As pruning marks them; what it takes away doesn't matter here.
    try RawDatabase(one.path, isWritable: true).run("UPDATE commit_log SET pruned = 1 WHERE seq IN (2, 3)")
    #expect(try push(one, other).commitCount == 1)
    let error = #expect(throws: AufdbError.self) {
      try one.reading().createBundle(BundleSelection(), at: one.folder.path("all.bundle"))
    }
    #expect(error?.kind == .refused)
    #expect(error?.message == "commit \(commits[1].short) was pruned: some of its rows are gone, and it can't be sent")
    #expect(try one.folder.names() == ["store.aufdb"])
    let report = try one.reading().createBundle(
      BundleSelection(["^\(commits[2])", "main"]), at: one.folder.path("new.bundle"))
    #expect(report.commitCount == commits.count - 3)
  }
}

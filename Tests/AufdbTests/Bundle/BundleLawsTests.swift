// A bundle carries history whole: the same ids, the same rows at every commit, in whatever portions and order it comes.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Bundles")
struct BundleLawsTests {
  @Test(
    "A store of a full bundle has the same commits, the same rows at each, and is sound",
    arguments: 1...6 as ClosedRange<UInt64>)
  func whole(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    try modelled.grow(24, branchLimit: seed == 1 ? 1 : 6)
    try modelled.writer().createRef(.tag, RefName("v1"), at: Revision(modelled.model(7).id.description))
    modelled.close()
    let copy = modelled.folder.path("copy.aufdb")
    let report = try Store.apply(modelled.bundle(), to: copy)
    let store = try Store(copy, for: .reading)
    #expect(report.commitCount == modelled.history.count)
    #expect(try Set(store.commitIDs()) == Set(modelled.history.map(\.id)), "seed \(seed)")
    #expect(try store.tips() == Store(modelled.path, for: .reading).tips(), "seed \(seed)")
    #expect(try store.currentBranch() == "main")
    try modelled.expectSame(in: copy, "seed \(seed)")
  }

  @Test("History that never branched arrives as it was made: nothing is noted apart, each commit has its own past")
  func linear() throws {
    let modelled = try ModelledStore(seed: 3)
    try modelled.grow(30, branchLimit: 1)
    let copy = modelled.folder.path("copy.aufdb")
    try Store.apply(modelled.bundle(), to: copy)
    for sql in [
      "SELECT * FROM commit_change ORDER BY 1, 2", "SELECT * FROM relation ORDER BY 1",
      "SELECT * FROM lane ORDER BY 1, 2",
      "SELECT * FROM retirement", "SELECT * FROM setting ORDER BY 1", "SELECT * FROM ref", "SELECT * FROM commit_log",
      // Which of a commit's retired rows comes first is up to who retires them.
      "SELECT max(0, place), past_id, retired_by FROM labels_all ORDER BY 1, 3, 2",
      "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1",
    ] {
      #expect(try RawDatabase(copy).rows(sql) == RawDatabase(modelled.path).rows(sql), "\(sql)")
    }
    #expect(try RawDatabase(copy).integer("SELECT count(*) FROM labels_all WHERE place < 0") > 0)
  }

  @Test("In portions, each going on from what the last one brought", arguments: 11...14 as ClosedRange<UInt64>)
  func portions(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    let copy = modelled.folder.path("copy.aufdb")
    var before: [CommitID] = []
    for step in 0..<6 {
      let count = modelled.history.count
      try modelled.grow(5, branchLimit: 4)
      let excluded = before.map { "^\($0)" }
      let path = modelled.folder.path("\(step).bundle")
      let sender = try Store(modelled.path, for: .reading)
      let made = try sender.createBundle(BundleSelection(excluded), at: path)
      #expect(made.commitCount == modelled.history.count - (step == 0 ? 0 : count), "seed \(seed)")
      let report = try Store.apply(path, to: copy)
      #expect(report.commitCount == made.commitCount)
      before = try Array(sender.tips().values)
      #expect(try Store(copy, for: .reading).tips() == sender.tips(), "seed \(seed)")
      try modelled.expectSame(in: copy, "seed \(seed), step \(step)")
    }
  }

  @Test(
    "Branch by branch, in any order, into a store that has branches of its own",
    arguments: 21...28 as ClosedRange<UInt64>)
  func branchByBranch(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    try modelled.grow(4, branchLimit: 2)
    let copy = try LooseStore(modelled.bundle("main"), seed: seed)
    var generator = SeededGenerator(seed: seed + 100)
    for step in 0..<10 {
      let comment: Comment = "seed \(seed), step \(step)"
      try modelled.grow(3, branchLimit: 5)
      let name = try #require(modelled.branches.keys.sorted().randomElement(using: &generator))
      try Store.apply(modelled.bundle(name), to: copy.path)
      #expect(try copy.reading().tips()[name] == modelled.tip(name).id, comment)
      // A branch of its own, at something that it has.
      let ids = try copy.reading().commitIDs()
      if step % 3 == 1 {
        let at = try #require(ids.randomElement(using: &generator))
        try copy.writing().createRef(.branch, RefName("own\(step)"), at: Revision(at.description))
      }
      for own in try copy.reading().refs(.branch).map(\.name) where own.hasPrefix("own") {
        try copy.commitRandomly(to: own)
      }
      if step % 4 == 3 { try copy.writing().switchBranch(to: "own\(step / 4 * 3 + 1)") }
      try modelled.expectSame(in: copy.path, comment)
    }
  }

  @Test("Under another name, beside a branch that went another way; then merged", arguments: [35, 36, 37] as [UInt64])
  func beside(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    try modelled.grow(5, branchLimit: 1)
    let copy = try LooseStore(modelled.bundle(), seed: seed)
    try modelled.grow(4, branchLimit: 1)
    for _ in 0..<4 { try copy.commitRandomly() }
    let bundle = try modelled.bundle()
    let before = try copy.folder.bytes("store.aufdb")
    let error = #expect(throws: AufdbError.self) { try Store.apply(bundle, to: copy.path) }
    #expect(error?.kind == .refused && error?.message.hasPrefix("the branch 'main' has gone another way here") == true)
    #expect(error?.hint?.contains("--as NAME") == true)
    #expect(try copy.folder.bytes("store.aufdb") == before)
    try Store.apply(bundle, to: copy.path, as: "theirs")
    #expect(try copy.reading().tips()["theirs"] == modelled.tip().id)
    try modelled.expectSame(in: copy.path, "seed \(seed)")
    let merged = try copy.writing().merge(MergeOptions("theirs", preferring: .theirs), context: copy.context) { _ in }
    try #require(merged.changesStore, "seed \(seed)")
    try modelled.expectSame(in: copy.path, "seed \(seed)")
    // Both lines and the merge go into another store, and back to the first.
    let third = copy.folder.path("third.aufdb")
    let all = copy.folder.path("all.bundle")
    _ = try copy.reading().createBundle(BundleSelection(), at: all)
    try Store.apply(all, to: third)
    try Store.apply(all, to: modelled.path)
    for path in [third, modelled.path] {
      let store = try Store(path, for: .reading)
      #expect(try store.verify().problems == [], "seed \(seed)")
      #expect(try store.tips() == copy.reading().tips(), "seed \(seed)")
      #expect(try store.state(at: .head) == copy.reading().state(at: .head), "seed \(seed)")
    }
  }

  @Test("What is there already changes nothing", arguments: [41, 42] as [UInt64])
  func again(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    try modelled.grow(10, branchLimit: 3)
    let (all, old) = (try modelled.bundle(), try modelled.bundle("main"))
    let copy = try LooseStore(all, seed: seed)
    try copy.commitRandomly()
    let before = try copy.folder.bytes("store.aufdb")
    for bundle in [all, old] {
      #expect(try Store.apply(bundle, to: copy.path) == TransferReport(), "seed \(seed)")
      #expect(try copy.folder.bytes("store.aufdb") == before)
    }
  }

  @Test("A dry run says what would come, and changes nothing")
  func dryRun() throws {
    let modelled = try ModelledStore(seed: 51)
    try modelled.grow(6, branchLimit: 1)
    let path = modelled.folder.path("new.aufdb")
    var options = BundleOptions(try modelled.bundle(), isDryRun: true)
    for expected in [7, 7] {
      let report = try Store.applyBundle(options, toStoreAt: path, waitSeconds: 0, command: "test")
      #expect(report.commits.map(\.id) == modelled.history.reversed().map(\.id))
      #expect(report.commitCount == expected && report.refs.map(\.name) == ["main"])
      #expect(try !modelled.folder.names().contains { $0.hasPrefix("new.aufdb") })
    }
    options.isDryRun = false
    _ = try Store.applyBundle(options, toStoreAt: path, waitSeconds: 0, command: "test")
    try modelled.grow(3, branchLimit: 1)
    let before = try modelled.folder.bytes("new.aufdb")
    options = BundleOptions(try modelled.bundle(), isDryRun: true)
    let report = try Store.applyBundle(options, toStoreAt: path, waitSeconds: 0, command: "test")
    #expect(report.commitCount == 3 && report.refs.first?.old == modelled.model(7).id)
    #expect(try modelled.folder.bytes("new.aufdb") == before)
  }

  @Test("The summary of a bundle says what is in it")
  func summary() throws {
    let modelled = try ModelledStore(seed: 61)
    try modelled.grow(8, branchLimit: 1)
    try modelled.writer().createRef(.tag, RefName("v1"), at: Revision(modelled.model(3).id.description))
    modelled.close()
    let summary = try BundleSummary(ofBundleAt: modelled.bundle("v1", "\(modelled.model(4).id)..main"))
    #expect(summary.refs.map(\.name) == ["v1", "main"] && summary.refs.map(\.kind) == [.tag, .branch])
    #expect(Set(summary.prerequisites) == [modelled.model(3).id, modelled.model(4).id])
    #expect(summary.commitCount == 5 && summary.currentBranch == "main")
    let changes = modelled.history[4...].map(\.change)
    for relation in Relation.allCases {
      #expect((summary.added[relation] ?? 0) == changes.flatMap(\.added).count { $0.relation == relation })
      #expect((summary.retired[relation] ?? 0) == changes.flatMap(\.retired).count { $0.relation == relation })
    }
  }
}

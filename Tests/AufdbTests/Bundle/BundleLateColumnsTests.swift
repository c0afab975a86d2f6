// Late columns in bundles, and late relations: format 1 knew of neither, format 2 of the columns; and what is damage.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Late columns in bundles")
struct BundleLateColumnsTests {
  @Test("A bundle is, byte by byte, what its specification says", arguments: [86, 91, 94] as [UInt64])
  func specification(seed: UInt64) throws {
    let modelled = try ModelledStore(seed: seed)
    try modelled.grow(25, branchLimit: 1)
    let rows = modelled.history.flatMap(\.change.added).filter { ModelRow.lateCount($0.relation) > 0 }
    try #require(Set(rows.map { "\($0.relation) \($0.values.last == .null)" }).count == 6, "seed \(seed)")
    let file = try modelled.bundle("main", as: "main.bundle")
    let found = try WrittenBundle.content(of: modelled.folder.bytes("main.bundle"), in: modelled.folder)
    let isEqual = try found == modelled.bundleContent(format: 5)
    #expect(isEqual, "seed \(seed)")
    let copy = modelled.folder.path("copy.aufdb")
    try Store.apply(file, to: copy)
    try modelled.expectSame(in: copy, "seed \(seed)")
  }

  @Test("Bundles of older formats are read", arguments: [94, 95] as [UInt64], [1, 2, 3, 4])
  func older(seed: UInt64, format: Int) throws {
    // Each came with the next format of stores.
    let modelled = try ModelledStore(seed: seed, format: format + 1)
    try modelled.grow(25, branchLimit: 1)
    let content = try modelled.bundleContent(format: format)
    let file = try modelled.folder.file(
      "old.bundle", WrittenBundle.file(content, format: format, in: modelled.folder))
    let summary = try BundleSummary(ofBundleAt: file)
    #expect(summary.commitCount == modelled.history.count)
    #expect(summary.added[.estimates] == modelled.history.flatMap(\.change.added).count { $0.relation == .estimates })
    let copy = modelled.folder.path("copy.aufdb")
    #expect(try Store.apply(file, to: copy).commitCount == modelled.history.count)
    try modelled.expectSame(in: copy, "seed \(seed)")
    // What it was made of sends nothing more: it has the very same commits.
    #expect(try Store.apply(modelled.bundle(), to: copy) == TransferReport(), "seed \(seed)")
  }

  @Test("A format that the content isn't of is refused", arguments: [1, 2])
  func mislabelled(format: Int) throws {
    let modelled = try ModelledStore(seed: 96, format: 2)
    try modelled.grow(8, branchLimit: 1)
    let content = try modelled.bundleContent(format: 3 - format)
    try expectRefused(
      WrittenBundle.file(content, format: format, in: modelled.folder), in: modelled.folder, "labelled \(format)")
  }

  @Test(
    "A relation that the bundle's format doesn't know is damage",
    arguments: [Relation.rewardHeads, .progress, .queries, .definitions])
  func lateRelations(relation: Relation) throws {
    let modelled = try ModelledStore(seed: 97)
    let row = modelled.generator.row(of: relation, in: ModelState())
    try modelled.commit(ModelChange(added: [#require(row)]))
    let first = relation == .definitions ? 5 : relation == .queries ? 4 : 3
    let content = try modelled.bundleContent(format: 2)
    for format in 2...5 {
      let bytes = try WrittenBundle.file(content, format: format, in: modelled.folder)
      guard format < first else {
        let good = try modelled.folder.file("good\(format).bundle", bytes)
        try Store.apply(good, to: modelled.folder.path("new\(format).aufdb"))
        continue
      }
      let message = try expectRefused(bytes, in: modelled.folder, "\(relation)")
      #expect(message?.contains("a commit changed an unknown relation") == true)
    }
  }

  private static let estimate: [StoredValue] = [
    .text("s"), .text("p"), .text("m"), .integer(0), .real(0.5), .real(0), .real(1),
  ]
  private static let prompt: [StoredValue] = [.text("p"), .null, .text("q"), .text("text"), .null]
  private static let heads = StoredValue.blob([0, 0, 0x80, 0x3F]).canonicalBytes

  /// A bundle of one commit that bears one row, all digests right.
  ///
  /// - Parameters:
  ///   - late: what follows the row's first columns in the bundle.
  ///   - canonical: what follows them in the canonical bytes.
  private func bundle(
    _ relation: Relation, _ first: [StoredValue], late: [UInt8], canonical: [UInt8], in folder: ScratchFolder
  ) throws -> [UInt8] {
    let values = first.flatMap(\.canonicalBytes)
    let change =
      WrittenBundle.text(relation.name) + WrittenBundle.count(1) + ReferenceSHA256.digest(values + canonical)
      + WrittenBundle.count(0) + ReferenceSHA256.digest([])
    let commit = CommitContent(
      parents: [], author: "a", milliseconds: 1, message: "m", operation: "{}",
      changeDigest: ReferenceSHA256.digest(change))
    let row = WrittenBundle.count(1) + [UInt8(relation.rawValue)] + WrittenBundle.count(1) + values + late
    return try WrittenBundle.file(
      WrittenBundle.beginning([commit]) + row + WrittenBundle.count(0), format: 2, in: folder)
  }

  @discardableResult
  private func expectRefused(
    _ bytes: [UInt8], in folder: ScratchFolder, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String? {
    let file = try folder.file("bad.bundle", bytes)
    let error = #expect(throws: AufdbError.self, comment, sourceLocation: sourceLocation) {
      try Store.apply(file, to: folder.path("new.aufdb"))
    }
    #expect(error?.kind == .badData && error?.hint != nil, comment, sourceLocation: sourceLocation)
    #expect(try !folder.names().contains { $0.hasPrefix("new.aufdb") }, comment, sourceLocation: sourceLocation)
    return error?.message
  }

  @Test("Damaged late columns", arguments: Relation.allCases.filter { $0 == .prompts || $0 == .estimates })
  func damaged(relation: Relation) throws {
    let folder = try ScratchFolder()
    let first = relation == .estimates ? Self.estimate : Self.prompt
    let heads = Self.heads
    let (order, row) = ("a row's late columns are out of order", "a row of \(relation.name) is none")
    let text = StoredValue.text("x").canonicalBytes
    let one: [(late: [UInt8], canonical: [UInt8], message: String)] = [
      ([2, 0] + heads + [0] + heads, [5, 0] + heads, order), ([2, 0] + heads + [1] + heads, [5, 0] + heads, order),
      ([1, 1] + heads, [5, 1] + heads, order), ([1, 255] + heads, [5, 255] + heads, order),
      ([255, 0] + heads, [5, 0] + heads, order), ([1, 0, 0], [5, 0, 0], "a late column has no value"),
      ([1, 0, 5, 0], [5, 0, 5, 0], "a value has an unknown type"), ([1, 0] + text, [5, 0] + text, row),
      ([1, 0] + StoredValue.integer(1).canonicalBytes, [5, 0] + StoredValue.integer(1).canonicalBytes, row),
      ([0], [5, 0] + heads, "are not its own"), ([0], [0], "are not its own"),
      ([1, 0] + heads, [], "are not its own"), ([1, 0] + heads, heads, "are not its own"),
    ]
    let none: [(late: [UInt8], canonical: [UInt8], message: String)] = [
      ([1, 0] + text, [5, 0] + text, order), ([1, 0] + heads, [], order), ([2, 0] + text + [1] + text, [], order),
    ]
    for (late, canonical, message) in relation == .estimates ? one : none {
      let bytes = try bundle(relation, first, late: late, canonical: canonical, in: folder)
      let found = try expectRefused(bytes, in: folder, "\(late)")
      #expect(found?.contains(message) == true, "\(late): \(found ?? "")")
    }
    // And the good ones are good.
    let good = relation == .estimates ? [([0], []), ([1, 0] + heads, [5, 0] + heads)] : [([0], [])]
    for (index, (late, canonical)) in (good as [([UInt8], [UInt8])]).enumerated() {
      let bytes = try bundle(relation, first, late: late, canonical: canonical, in: folder)
      let copy = folder.path("good\(index).aufdb")
      #expect(try Store.apply(folder.file("good.bundle", bytes), to: copy).commitCount == 1)
      let values = try Store(copy, for: .reading).contents(at: .head)[relation]?.first?.values
      let last: [StoredValue] = relation == .prompts ? [] : [index == 0 ? .null : .blob([0, 0, 0x80, 0x3F])]
      #expect(values == first + last)
    }
  }
}

// Stores and bundles that earlier aufdbs made (Tests/Fixtures), read by this one: the same commits, the same rows.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Stores and bundles of every format")
struct FormatFixtureTests {
  private static let storeFormats = 1...Int(StoreFile.formatVersion)
  let stage: CommandStage

  init() throws { stage = try CommandStage(bare: ()) }

  /// Puts the fixture's store in place.
  private func unpack(_ fixture: FormatFixture) throws -> String {
    let source = try ByteSource(path: fixture.store.path(percentEncoded: false))
    var (bytes, piece): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = try piece.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return try stage.file("store.aufdb", bytes)
  }

  /// Holds a store to what is written down, at the tips of all branches.
  private func expect(
    _ fixture: FormatFixture, in path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let store = try Store(path, for: .reading)
    #expect(try store.verify().problems == [], sourceLocation: sourceLocation)
    for (branch, commits) in fixture.branches {
      let log = try store.log(Revision(branch)).map(\.id.description)
      #expect(log == commits, "\(branch)", sourceLocation: sourceLocation)
      for (name, table) in fixture.tables[branch] ?? [:] {
        let run = CommandStage.run(["query", path, table.sql, "--at", branch, "--format", "jsonl"])
        let rows = run.output.split(separator: "\n").map(String.init)
        #expect(rows == table.rows, "\(branch), \(name): \(run.error)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test("The current formats have a fixture each, and every fixture is small")
  func everyFormat() throws {
    let fixtures = try Self.storeFormats.map { try FormatFixture(format: $0) }
    for (format, fixture) in zip(Self.storeFormats, fixtures) {
      #expect(fixture.format == format)
      let names = fixture.tables["main"]?.keys.sorted()
      #expect(names == AddedObjects.relations(ofFormat: format).map(\.name).sorted())
      for (name, table) in fixture.tables["main"] ?? [:] where format > 2 || name != "embeddings" {
        #expect(!table.rows.isEmpty, "format \(format), \(name)")
      }
    }
    #expect(fixtures.compactMap(\.bundle) == Array(BundleFormat.knownVersions))
    for name in try FileManager.default.contentsOfDirectory(atPath: FormatFixture.folder.path) {
      let size = try FileManager.default.attributesOfItem(atPath: FormatFixture.folder.appending(path: name).path)[
        .size]
      #expect(try #require(size as? Int) < 100_000, "\(name)")
    }
  }

  @Test("A store is upgraded, is sound, shows what it showed, and goes on", arguments: storeFormats)
  func store(format: Int) throws {
    let fixture = try FormatFixture(format: format)
    let store = try unpack(fixture)
    let current = Int(StoreFile.formatVersion)
    if format < current {
      for verb in ["log", "stats", "verify", "show"] {
        try stage.expectRefused(
          [verb, store], exitCode: 65,
          error: "{}/store.aufdb has format version \(format), and this aufdb knows \(current)",
          hint: "`aufdb upgrade STORE` brings it up to date; keep a copy")
      }
      let run = CommandStage.run(["upgrade", store])
      #expect(run.exitCode == 0 && run.output == "")
      let commitCount = Set(fixture.branches.values.joined()).count
      let message = "upgraded from format version \(format) to \(current): \(commitCount) commits, "
      #expect(run.error.hasPrefix(message), "\(run.error)")
    }
    #expect(
      CommandStage.run(["upgrade", store]).error == "nothing to do: the store has format version \(current) already\n")
    try expect(fixture, in: store)
    // It takes new rows, on both branches.
    for branch in ["main", "side"] {
      try stage.expectDone(
        "import", store, stage.file("c.jsonl", CommandStage.completions.replacing(#":"p"#, with: #":"new"#)),
        "--branch",
        branch)
    }
    try stage.expectDone("verify", store)
    for (branch, commits) in fixture.branches {
      #expect(try Store(store, for: .reading).commit(Revision("\(branch)~1")).id.description == commits.first)
    }
  }

  @Test("A bundle makes a store that is sound, and shows what its sender showed", arguments: BundleFormat.knownVersions)
  func bundle(version: Int) throws {
    let path = FormatFixture.bundle(version)
    #expect(try Data(contentsOf: URL(filePath: path)).starts(with: "\(BundleFormat.magic)\(version)\n".utf8))
    let fixture = try #require(
      Self.storeFormats.compactMap { try? FormatFixture(format: $0) }.first { $0.bundle == version })
    let store = stage.path("applied.aufdb")
    try stage.expectDone("bundle", "apply", store, path)
    try expect(fixture, in: store)
    // The store of that time has all of it already, in the same commits.
    let old = try unpack(fixture)
    try stage.expectDone("upgrade", old)
    try stage.expectDone("bundle", "apply", old, path)
    try expect(fixture, in: old)
  }
}

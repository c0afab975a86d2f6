// Files of an export: how many, with which rows, compressed how, and always the same bytes.

import Foundation
import Testing

@testable import Aufdb

@Suite("Files of exports")
struct ExportShardTests {
  @Test("so many files with evenly many rows, in order", arguments: [1, 2, 3, 7, 19, 20, 21, 500])
  func count(shards: Int) throws {
    let store = try TestStore()
    try store.addPairs(20)
    let whole = try store.export(to: "whole").folder.rows()
    let (folder, report) = try store.export { $0.sharding = .count(shards) }
    #expect(report.files.count == min(shards, 20))
    #expect(try folder.rows() == whole)
    let counts = report.files.map(\.rowCount)
    #expect(try #require(counts.max()) - #require(counts.min()) <= 1)
    #expect(
      report.files.last?.path
        == "data/train-\(digits(report.files.count - 1))-of-\(digits(report.files.count)).jsonl.zst")
  }

  private func digits(_ number: Int) -> String {
    String(repeating: "0", count: 5 - String(number).count) + String(number)
  }

  @Test("each split has so many files of its own, or fewer")
  func splits() throws {
    let store = try TestStore()
    try store.addPairs(50)
    let (folder, report) = try store.export {
      $0.sharding = .count(4)
      $0.splits = [ExportSplit("train", 0.98), ExportSplit("test", 0.02)]
    }
    for split in report.splits {
      let files = report.files.filter { $0.split == split.name }
      #expect(files.count == min(4, split.rowCount))
      #expect(files.reduce(0) { $0 + $1.rowCount } == split.rowCount)
    }
    #expect(try folder.names("data") == report.files.map { String($0.path.dropFirst(5)) }.sorted())
  }

  @Test(
    "every compression holds the same rows, and the card loads it",
    arguments: [(Compression.Codec.zstd, ".zst"), (.gzip, ".gz"), (.none, "")])
  func compression(codec: Compression.Codec, fileExtension: String) throws {
    let store = try TestStore()
    try store.addPairs(20)
    let whole = try store.export(to: "whole").folder.rows()
    let (folder, report) = try store.export { $0.codec = codec }
    #expect(try folder.rows() == whole)
    #expect(report.files.map(\.path) == ["data/train-00000-of-00001.jsonl\(fileExtension)"])
    #expect(report.files[0].sizeBytes == (try folder.contents()[report.files[0].path]?.count))
    #expect(try folder.text("README.md").contains("path: data/train-*.jsonl\(fileExtension)\n"))
    #expect(try folder.text("README.md").contains("zstandard") == (codec == .zstd))
    #expect(try folder.text("manifest.json").contains("\"codec\": \"\(codec)\""))
    if codec == .none { #expect(report.files[0].sizeBytes == report.files[0].contentBytes) }
  }

  /// More than one job of the compressor: megabytes that don't repeat.
  private func largeStore() throws -> TestStore {
    let store = try TestStore()
    var state: UInt64 = 1
    try store.addPairs(12) { _ in
      var text = ""
      for _ in 0..<10_000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += String(state >> 16, radix: 36)
      }
      return text
    }
    return store
  }

  @Test("one thread and two give the same bytes")
  func threads() throws {
    let store = try largeStore()
    var contents: [[String: Data]] = []
    for threadCount in [1, 2, 2] {
      contents.append(
        try store.export {
          $0.threadCount = threadCount
          // Jobs of 512 KiB.
          $0.splits = [ExportSplit("train", 0.93)] + (0..<14).map { ExportSplit("part\($0)", 0.005) }
          $0.force = true
        }.folder.contents())
    }
    #expect(contents[0].values.reduce(0) { $0 + $1.count } > 1_200_000, "several jobs")
    #expect(contents[0] == contents[1])
    #expect(contents[1] == contents[2])
  }

  @Test(
    "impossible files",
    arguments: [
      (.zstd, 0, nil, "there is no zstd level 0"), (.zstd, 20, nil, "there is no zstd level 20"),
      (.gzip, 10, nil, "there is no gzip level 10"), (nil, 20, nil, "there is no zstd level 20"),
      (Compression.Codec.none, 3, nil, "without compression there is no level"),
      (nil, nil, .size(bytes: 0), "a file can't hold 0 bytes"), (nil, nil, .count(0), "a split can't have 0 files"),
      (nil, nil, .count(100_000), "a split can't have 100000 files"),
    ] as [(Compression.Codec?, Int?, ExportOptions.Sharding?, String)])
  func refused(codec: Compression.Codec?, level: Int?, sharding: ExportOptions.Sharding?, message: String) throws {
    let store = try TestStore()
    try store.addPairs(1)
    let error = #expect(throws: AufdbError.self) {
      try store.export {
        $0.codec = codec
        $0.level = level
        if let sharding { $0.sharding = sharding }
      }
    }
    #expect(error?.kind == .usage)
    #expect(error?.message == message)
    #expect(try store.leftovers() == [])
  }

  @Test("every level of every codec works, and changes no row")
  func levels() throws {
    let store = try TestStore()
    try store.addPairs(5)
    let whole = try store.export(to: "whole").folder.rows()
    for codec in Compression.Codec.allCases {
      for level in codec.levels ?? 1...1 where [1, 6, 9, 19].contains(level) {
        let folder = try store.export {
          $0.codec = codec
          $0.level = codec.levels == nil ? nil : level
          $0.force = true
        }.folder
        #expect(try folder.rows() == whole)
      }
    }
  }
}

// The options of an export as JSON and back, and the same export again from its own manifest.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Options of exports")
struct ExportOptionsTests {
  private func read(_ json: String) throws -> ExportOptions {
    try Array(json.utf8).withUnsafeBytes {
      try ExportOptions(json: $0, format: .dpo, directory: "out", revision: "main~1")
    }
  }

  @Test("there and back", arguments: 0..<100 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var options = ExportOptions(format: .dpo, directory: "out", revision: "main~1")
    func sometimes() -> Bool { Bool.random(using: &generator) }
    options.aggregation = sometimes() ? Aggregation.allCases.randomElement(using: &generator) : nil
    options.judges = Array(["a \"b\"", "\u{e4}", "c"].prefix(options.aggregation == nil ? 1 : 3))
    options.methods = sometimes() ? ["drts", "x"] : []
    options.condition = sometimes() ? "a = 'b'\n-- \u{1F600}" : nil
    options.keepTies = sometimes()
    options.minMargin = sometimes() ? Double.random(in: -5...5, using: &generator) : nil
    options.maxCharacters = sometimes() ? Int.random(in: 1...1_000_000, using: &generator) : nil
    options.dedupes = sometimes()
    options.decontamination = sometimes() ? ["eval/a.jsonl", "b.txt"] : []
    options.gramLength = Int.random(in: 1...20, using: &generator)
    options.hasMargin = sometimes()
    options.system = sometimes() ? "Be\tbrief." : nil
    options.splits = sometimes() ? [ExportSplit("train", 0.95), ExportSplit("test", 0.05)] : options.splits
    options.splitSeed = Int64.random(in: .min ... .max, using: &generator)
    options.sharding = sometimes() ? .count(7) : .size(bytes: 12345)
    options.codec = Compression.Codec.allCases.randomElement(using: &generator)
    options.level = options.codec == Compression.Codec.none ? nil : Int.random(in: 1...9, using: &generator)
    let again = try read(options.json)
    #expect(again == options)
    #expect(again.json == options.json)
  }

  @Test("codec and level that nobody asked for are named, and mean the same")
  func defaults() throws {
    let options = ExportOptions(format: .dpo, directory: "out", revision: "main~1")
    var named = options
    (named.codec, named.level) = (.zstd, 3)
    #expect(try read(options.json) == named)
    #expect(try read("{}") == options)
  }

  @Test(
    "what can't be an option",
    arguments: [
      (#"{"color":"red"}"#, .badData, "there is no option 'color' of an export"),
      (#"{"aggregate":"median"}"#, .badData, "the option aggregate can't be 'median'"),
      (#"{"level":30}"#, .usage, "there is no zstd level 30"),
      (#"{"judges":"a"}"#, .badData, "expected an array, found a string"),
      ("[]", .badData, "expected an object, found an array"),
    ] as [(String, AufdbError.Kind, String)])
  func refused(json: String, kind: AufdbError.Kind, message: String) {
    let error = #expect(throws: AufdbError.self) { try read(json) }
    #expect(error?.kind == kind)
    #expect(error?.message == message)
  }

  @Test("an export made again from its manifest's options is the same, byte for byte", arguments: 0..<4)
  func again(variant: Int) throws {
    let store = try TestStore()
    try store.addPairs(60)
    let file = try store.folder.file("eval.txt", Array("question 7\n".utf8))
    let folder = try store.export(variant % 2 == 0 ? .dpo : .rm) { options in
      options.splits = [ExportSplit("train", 0.75), ExportSplit("test", 0.25)]
      options.splitSeed = -3
      options.sharding = variant < 2 ? .count(3) : .size(bytes: 1000)
      options.codec = variant == 0 ? .gzip : nil
      options.hasMargin = variant == 1
      options.system = "Be brief."
      options.decontamination = [file]
      options.condition = "prompt_id <> 'p005'"
    }.folder
    let data = try Data(contentsOf: URL(filePath: folder.path + "/manifest.json"))
    let manifest = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let format = try #require((manifest["format"] as? String).flatMap(ExportFormat.init(rawValue:)))
    let revision = try Revision(#require(manifest["revision"] as? String))
    let json = try JSONSerialization.data(withJSONObject: #require(manifest["options"]))
    let options = try json.withUnsafeBytes {
      try ExportOptions(json: $0, format: format, directory: store.folder.path("again"), revision: revision)
    }
    let report = try store.reading().export(options)
    #expect(report.rowCount == 58)
    #expect(try store.exported("again").contents() == folder.contents())
  }
}

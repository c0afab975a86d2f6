// Whatever is changed in an export's folder is found; and nothing outside it is looked at.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Verification of exports")
struct ExportVerificationTests {
  /// An export of 30 pairs in a format, checked while it was written.
  private func export(
    _ format: ExportFormat, _ change: (inout ExportOptions) -> Void = { _ in }
  ) throws -> ExportedFolder {
    let store = try TestStore()
    try store.addPairs(30)
    if format == .completions {
      var options = CompletionsOptions(directory: store.folder.path("out"))
      options.checks = true
      _ = try store.reading().exportCompletions(options)
      return store.exported()
    }
    return try store.export(format) {
      $0.checks = true
      change(&$0)
    }.folder
  }

  private func findings(_ folder: ExportedFolder) throws -> [String] {
    try ExportVerification(ofFolder: folder.path).findings
  }

  private func replace(_ folder: ExportedFolder, _ file: String, _ old: String, _ new: String) throws {
    var text = try folder.text(file)
    try #require(text.contains(old), "\(text)")
    text = text.replacingOccurrences(of: old, with: new)
    try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(file)"))
  }

  @Test("an export as it was written has no findings", arguments: ExportFormat.allCases)
  func sound(format: ExportFormat) throws {
    let folder = try export(format)
    let verification = try ExportVerification(ofFolder: folder.path + "/")
    #expect(verification.findings == [])
    #expect(verification.format == format)
    #expect(verification.rowCount == (format == .kto || format == .completions ? 60 : 30))
    #expect(verification.commit?.count == 64)
  }

  @Test("so has one of several splits, files, a margin and a system message", arguments: ExportFormat.training)
  func soundWithOptions(format: ExportFormat) throws {
    let folder = try export(format) {
      $0.splits = [ExportSplit("train", 0.5), ExportSplit("test", 0.5)]
      $0.hasMargin = true
      if format != .strings { $0.system = "Be kind." }
      if format == .llamaFactory { $0.style = .alpaca } else { $0.sharding = .count(3) }
      if format == .rm { $0.codec = .gzip }
    }
    #expect(try findings(folder) == [])
  }

  @Test("a flipped bit in any data file is found", arguments: 1...12 as ClosedRange<UInt64>)
  func flippedBit(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let format = try #require(ExportFormat.allCases.randomElement(using: &random))
    let folder = try export(format)
    let name = try #require(try folder.names("data").randomElement(using: &random))
    let url = URL(filePath: "\(folder.path)/data/\(name)")
    var data = try Data(contentsOf: url)
    data[Int.random(in: 0..<data.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    try data.write(to: url)
    #expect(try findings(folder).contains { $0.hasPrefix("data/\(name) has the SHA-256 ") }, "seed \(seed)")
  }

  @Test("a file cut off anywhere is found", arguments: 1...8 as ClosedRange<UInt64>)
  func truncation(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let format = try #require(ExportFormat.allCases.randomElement(using: &random))
    let folder = try export(format)
    let name = try #require(try folder.names("data").randomElement(using: &random))
    let url = URL(filePath: "\(folder.path)/data/\(name)")
    let data = try Data(contentsOf: url)
    try data.prefix(Int.random(in: 0..<data.count, using: &random)).write(to: url)
    #expect(try findings(folder).contains { $0.contains(" bytes, not \(data.count)") }, "seed \(seed)")
  }

  @Test("a manifest changed anywhere never stops the check", arguments: 1...60 as ClosedRange<UInt64>)
  func changedManifest(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let folder = try export(.nemo)
    let url = URL(filePath: "\(folder.path)/manifest.json")
    var data = try Data(contentsOf: url)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<data.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: data[place] = UInt8.random(in: 0...255, using: &random)
      case 1: data = data.prefix(place)
      default: data.insert(contentsOf: Array("9e99".utf8), at: place)
      }
      if data.isEmpty { break }
    }
    try data.write(to: url)
    _ = try ExportVerification(ofFolder: folder.path)
  }

  @Test("what is missing, and what is too many, is found")
  func otherFiles() throws {
    let folder = try export(.dpo) { $0.codec = Compression.Codec.none }
    let path = "\(folder.path)/data/train-00000-of-00001.jsonl"
    try Data().write(to: URL(filePath: "\(folder.path)/data/notes.txt"))
    try Data().write(to: URL(filePath: "\(folder.path)/.gitattributes"))
    #expect(try findings(folder) == ["data/notes.txt is not in manifest.json"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/data/notes.txt")
    try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)/aside")
    #expect(try findings(folder) == ["data/train-00000-of-00001.jsonl is missing"])
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "../aside")
    #expect(try findings(folder) == ["data/train-00000-of-00001.jsonl is a symbolic link"])
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(try findings(folder) == ["data/train-00000-of-00001.jsonl is a folder"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/data")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/data", withDestinationPath: "/")
    #expect(try findings(folder) == ["data/train-00000-of-00001.jsonl is a symbolic link"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/README.md")
    #expect(try findings(folder).last == "README.md: README.md is missing")
    try FileManager.default.removeItem(atPath: "\(folder.path)/manifest.json")
    #expect(try findings(folder) == ["manifest.json: manifest.json is missing"])
    #expect(throws: AufdbError.self) { try ExportVerification(ofFolder: folder.path + "x") }
  }

  @Test("a changed extra file is found")
  func extraFile() throws {
    let folder = try export(.llamaFactory)
    try replace(folder, "dataset_info.json", "true", "null")
    #expect(try findings(folder).contains { $0.hasPrefix("dataset_info.json has the SHA-256 ") })
  }

  @Test("another export's manifest is found")
  func otherManifest() throws {
    let folder = try export(.dpo)
    let other = try export(.rm)
    try Data(other.text("manifest.json").utf8).write(to: URL(filePath: "\(folder.path)/manifest.json"))
    let findings = try findings(folder)
    #expect(findings.contains { $0.contains("SHA-256") })
    #expect(findings.contains("README.md doesn't name the columns as they are"))
  }

  @Test(
    "a manifest that leads outside, or says what can't be, is found",
    arguments: [
      (
        #""path": "data/train-00000-of-00001.jsonl""#, #""path": "../out/data/train-00000-of-00001.jsonl""#,
        "is no place inside"
      ),
      (#""path": "data/train-00000-of-00001.jsonl""#, #""path": "/etc/passwd""#, "is no place inside"),
      (#""path": "data/train-00000-of-00001.jsonl""#, #""path": "data/./x""#, "is no place inside"),
      (#""path": "data/train-00000-of-00001.jsonl""#, #""path": "data/x\u0000""#, "is no place inside"),
      (#""path": "data/train-00000-of-00001.jsonl""#, #""path": """#, "is no place inside"),
      (#""rows": 30,"#, #""rows": 99999999999999999999999,"#, "rows is too large"),
      (#""rows": 30,"#, #""rows": 9223372036854775807,"#, "rows, not 9223372036854775807"),
      (#""rows": 30,"#, #""rows": -30,"#, "rows is negative"),
      (#""rows": 30,"#, #""rows": 31,"#, "has 30 rows, not 31"),
      (#""bytes": "#, #""bytes": 1"#, " bytes, not 1"),
      (#""content_bytes": "#, #""content_bytes": 1"#, " bytes of rows, not 1"),
      (#""format": "nemo""#, #""format": "other""#, "there is no format 'other'"),
      (#""format": "nemo""#, #""format": "dpo""#, "the column context stands where source should"),
      (#""margin": false"#, #""margin": true"#, "the column margin is missing"),
      (#""commit": ""#, #""commit": "0"#, "names no commit"),
      (#""files": ["#, #""files": 0, "x": ["#, "expected an array"),
    ])
  func badManifest(old: String, new: String, finding: String) throws {
    let folder = try export(.nemo)
    try replace(folder, "manifest.json", old, new)
    let findings = try findings(folder)
    #expect(
      findings.contains { $0.contains(finding) || $0.contains("manifest.json: ") && finding == "expected an array" },
      "\(findings)")
  }

  @Test(
    "a card that names other columns or rows is found",
    arguments: [
      ("num_examples: 30", "num_examples: 31", "README.md names 31 rows in train, not 30"),
      ("- name: train\n", "- name: test\n", "README.md names no rows in train, not 30"),
      ("dtype: float64", "dtype: string", "README.md doesn't name the columns as they are"),
      ("  - name: source\n    dtype: string\n", "", "README.md doesn't name the columns as they are"),
      ("---\n", "", "README.md has no front matter"),
      ("license: other", "license: [", "README.md has a front matter that is no YAML"),
    ])
  func badCard(old: String, new: String, finding: String) throws {
    let folder = try export(.dpo)
    try replace(folder, "README.md", "license: other", "license: mit")
    #expect(try findings(folder) == [])
    try replace(folder, "README.md", "license: mit", "license: other")
    try replace(folder, "README.md", old, new)
    #expect(try findings(folder) == [finding])
  }

  @Test(
    "a line that is no row is found",
    arguments: [
      ("{", "the text ends early"), ("[]", "the line is an array, not an object"), ("{}", "the column a is missing"),
      (#"{"a":"x","n":1.0,"l":[["x"]]}"#, nil), (#"{"a":null,"n":1e3,"l":[]}"#, nil),
      (#"{"n":1.0,"a":"x","l":[]}"#, "the column n stands where a should"),
      (#"{"a":"x","n":1,"l":[]}"#, "n is 1, a number without a point"),
      (#"{"a":"x","n":null,"l":[]}"#, "n is null, not a number"),
      (#"{"a":"x","n":1.0,"l":[[1]]}"#, "l[][] is a number, not a string"),
      (#"{"a":"x","n":1.0,"l":[],"z":1}"#, "there is a column z too many"),
      (#"{"a":"x","n":1.0,"l":[]} x"#, "something follows"), (#"{"a":"x","a":1}"#, "twice"),
    ] as [(String, String?)])
  func rows(line: String, finding: String?) throws {
    var check = RowCheck([
      Column("a", .text, isNullable: true), Column("n", .number), Column("l", .list(.list(.text))),
    ])
    var line = line
    let found = line.withUTF8 { check.finding(in: Bytes($0)) }
    #expect((found == nil) == (finding == nil), "\(found ?? "nothing")")
    if let finding, finding.hasPrefix("the ") || finding.hasPrefix("n ") || finding.hasPrefix("l") {
      #expect(found == finding || finding == "the text ends early")
    }
  }
}

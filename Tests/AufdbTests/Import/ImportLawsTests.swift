// What holds for every import: again changes nothing; what carries the bytes, and how they are split, doesn't matter.

import Testing

@testable import Aufdb

@Suite("Laws of import") struct ImportLawsTests {
  static let completions = [
    completionsLine("p1", [completion("a", score: 3), completion("b", score: 4.5), completion("c")]),
    completionsLine("p2", prompt: "An emoji \u{1F642}", [completion("a", "", score: 0), completion("b", score: -1)]),
    completionsLine(
      "p3", [completion("a", "one", more: #""sample":0"#), completion("a", "two", more: #""sample":1"#)]),
  ]
  static let estimates = [
    estimateLine("p1", "a", 0.25, -1, 1), estimateLine("p1", "b", 0.5, 0, 1), estimateLine("p2", "a", 1, 0.5, 1.5),
  ]

  @Test("an import twice changes nothing")
  func twice() throws {
    let store = try ImportFixture()
    let files = [
      try store.file("completions.jsonl", Self.completions), try store.file("estimates.jsonl", Self.estimates),
    ]
    let first = try store.importFiles(files)
    let (head, everything) = (try store.head(), try store.everything())
    #expect(first.commit == head)
    #expect(first.report.recordCount == 6)
    #expect(first.report.added == [.prompts: 3, .responses: 7, .scores: 4, .snapshots: 1, .estimates: 3])
    #expect(first.report.retired == [:])
    #expect(first.report.unchangedCount == 0)

    let second = try store.importFiles(files)
    #expect(second.commit == nil)
    #expect(second.report.recordCount == 6)
    #expect(second.report.added == [:])
    #expect(second.report.unchangedCount == 3 + 7 + 4 + 3)
    let third = try store.importFiles(files.reversed(), replaces: true)
    #expect(third.commit == nil, "a replacement of equals is no change either")
    #expect(try store.head() == head)
    #expect(try store.everything() == everything)
    #expect(try store.isSound())
  }

  @Test("plain, zstd and gzip give the same commit", arguments: [Compression.zstd(), .gzip()])
  func compressions(_ compression: Compression) throws {
    let plain = try ImportFixture()
    let text = Self.completions.map { $0 + "\n" }.joined()
    let expected = try plain.importFiles([plain.folder.file("x", Array(text.utf8))])

    let compressed = try ImportFixture()
    let bytes = try compressed.folder.compressed(Array(text.utf8), compression)
    let found = try compressed.importFiles([compressed.folder.file("x", bytes)])
    #expect(found.report == expected.report)
    #expect(try compressed.everything() == plain.everything())
    #expect(found.commit?.id == expected.commit?.id, "the same content and context give the same commit")
  }

  @Test("line ends, blank lines, a byte order mark and a missing last newline change nothing")
  func lineEnds() throws {
    let plain = try ImportFixture()
    try plain.importLines(Self.completions)
    let odd = try ImportFixture()
    let text = "\u{FEFF}" + Self.completions.joined(separator: "\r\n \t\r\n\n")
    let (commit, report) = try odd.importFiles([odd.folder.file("lines.jsonl", Array(text.utf8))])
    #expect(report.recordCount == 3)
    #expect(try commit?.id == plain.head().id)
  }

  @Test("white space and escapes in the JSON change nothing")
  func spelling() throws {
    let plain = try ImportFixture()
    let (first, _) = try plain.importLines([
      completionsLine("p", prompt: "\u{E9}\u{1F642}/", [completion("a", "x\ny", more: #""extra":[1,{"k":"\#u{E9}"}]"#)])
    ])
    let spaced = #"""
       { "completions" : [ { "extra" : [ 1 , { "k" : "\u00e9" } ] , "response_text" : "x\ny" , "model" : "\u0061" } ] ,
         "prompt" : "\u00E9\ud83d\ude42\/" , "prompt_id" : "\u0070" }
      """#.replacing("\n", with: "")
    let (second, report) = try plain.importLines([spaced])
    #expect(first != nil && second == nil)
    #expect(report.unchangedCount == 2)
  }

  @Test("the order of lines and the split over files and commits don't matter to what is there")
  func orderAndSplit() throws {
    let whole = try ImportFixture()
    try whole.importLines(Self.completions)
    let expected = try whole.everything()

    let reversed = try ImportFixture()
    try reversed.importLines(Self.completions.reversed())
    #expect(try reversed.everything() == expected)

    let split = try ImportFixture()
    let (head, tail) = (Array(Self.completions[..<1]), Array(Self.completions[1...]))
    try split.importFiles([split.file("1.jsonl", head), split.file("2.jsonl", tail)])
    #expect(try split.everything() == expected)
    #expect(try split.commitCount() == 2, "several files, one commit")

    let stepwise = try ImportFixture()
    for line in Self.completions { try stepwise.importLines([line]) }
    #expect(try stepwise.everything() == expected)
    #expect(try stepwise.everything(at: "main~1")[.prompts]?.count == 2)
  }

  @Test("a prompt's responses may come in several lines, each with the prompt")
  func promptAgain() throws {
    let store = try ImportFixture()
    let (_, report) = try store.importLines([
      completionsLine("p", [completion("a", score: 1)]), completionsLine("p", [completion("b", score: 2)]),
      completionsLine("p", []),
    ])
    #expect(report.added == [.prompts: 1, .responses: 2, .scores: 2])
    #expect(report.unchangedCount == 2)
  }

  @Test("the commit says what was imported, and from which files")
  func commitNote() throws {
    let store = try ImportFixture()
    let (commit, _) = try store.importFiles(
      [store.file("c.jsonl", Self.completions), store.file("base.v2.jsonl", Self.estimates)], judge: "gpt")
    #expect(
      commit?.message == "Import 3 prompts, 7 responses, 4 scores, 1 snapshot, 3 estimates from c.jsonl, base.v2.jsonl")
    #expect(
      commit?.operation == #"{"verb":"import","parameters":{"as":["completions","estimates"],"#
        + #""files":["c.jsonl","base.v2.jsonl"],"judge":"gpt","replace":false}}"#)
    #expect(try store.texts("SELECT DISTINCT judge FROM scores") == ["gpt"])
    #expect(try store.texts("SELECT DISTINCT snapshot FROM estimates") == ["base"])
  }
}

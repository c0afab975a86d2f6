// Filters by themselves: what they refuse, and what manifest and card say of them. What they leave out is held to a
// model (ExportModelTests).

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Filters of exports")
struct ExportFilterTests {
  private func store() throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      for (index, judge) in ["ada", "bob", "cy"].enumerated() {
        try change.addPrompt("p\(index)", "question \(index)", source: index == 0 ? "web" : "books")
        try change.addResponse("p\(index)", "a", "yes, \(index)")
        try change.addResponse("p\(index)", "b", "no")
        for other in ["ada", "bob", "cy"].prefix(index + 1) {
          try change.addLabel(
            "p\(index)", chosen: "a", rejected: "b", judge: other, scores: (Double(index), 0),
            method: judge == "cy" ? "drts" : nil, batch: judge == "cy" ? 1 : nil)
        }
      }
    }
    return store
  }

  @Test("the manifest has each filter that was asked for, with how many it left out")
  func manifest() throws {
    let (folder, report) = try store().export {
      $0.judges = ["ada"]
      $0.condition = "prompts.source = 'books' AND labels.batch IS NULL"
      $0.maxCharacters = 5000
    }
    #expect(report.rowCount == 1)
    let text = try folder.text("manifest.json")
    let manifest = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let filters = try #require(manifest["filters"] as? [String: [String: Any]])
    #expect(filters.keys.sorted() == ["judge", "max_chars", "where"])
    #expect(filters["judge"]?["omitted"] as? Int == 3)
    #expect(filters["judge"]?["value"] as? [String] == ["ada"])
    #expect(filters["where"]?["omitted"] as? Int == 2)
    #expect(filters["max_chars"]?["value"] as? Int == 5000)
    #expect(try folder.text("README.md").contains("only pairs whose prompt and longer response have 5000 characters"))
  }

  @Test(
    "a wrong condition is shown with its place",
    arguments: [
      ("sorce = 'web'", "no such column: sorce", "did you mean source?\nsorce = 'web'\n^"),
      ("judge = 'ada'\n\tAND\n  batch ==== 1", #"near "==": syntax error"#, "  batch ==== 1\n          ^"),
      ("judge = ", "near \")\": syntax error", "judge = \n        ^"),
      ("\u{e4} = 1 AND nowhere(1)", "no such column: \u{e4}", "\u{e4} = 1 AND nowhere(1)\n^"),
      ("'\u{e4}' = 1 AND nowhere(1)", "no such function: nowhere", "beside SQLite's own functions there are"),
      ("prompt_id IN (SELECT prompt_id FROM lables)", "no such table: lables", "did you mean labels?"),
    ])
  func wrongCondition(condition: String, message: String, hint: String) throws {
    let store = try store()
    let error = #expect(throws: AufdbError.self) {
      try store.export {
        $0.condition = condition
        $0.aggregation = .majority
      }
    }
    #expect(error?.kind == .refused)
    #expect(error?.message == "--where: \(message)")
    #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
    #expect(try store.leftovers() == [])
  }

  @Test(
    "a condition can read, and nothing else",
    arguments: [
      "1) UNION SELECT 1 FROM sqlite_master WHERE (load_extension('x')", "writefile('x', 'y')",
      "1); DROP TABLE ref; --",
    ])
  func hostileCondition(condition: String) throws {
    let store = try store()
    let before = try store.folder.bytes("store.aufdb")
    let error = #expect(throws: AufdbError.self) {
      try store.export {
        $0.condition = condition
        $0.judges = ["ada"]
      }
    }
    #expect(error?.kind == .refused || error?.kind == .usage)
    #expect(try store.folder.bytes("store.aufdb") == before)
    #expect(try store.leftovers() == [])
  }

  private static let impossibleOptions: [(change: @Sendable (inout ExportOptions) -> Void, message: String)] = [
    ({ $0.judges = ["ada", "bob"] }, "labels of 2 judges don't make one training set by themselves"),
    ({ $0.methods = ["drts", "drts"] }, "--method drts is given twice"),
    ({ $0.minMargin = .nan }, "a margin can't be nan"),
    ({ $0.maxCharacters = 0 }, "a row can't have 0 characters at most"),
    ({ $0.gramLength = 0 }, "0 words in a row can't be compared"),
    ({ $0.threadCount = 3 }, "3 threads can't compress a file"),
  ]

  @Test("impossible options", arguments: 0..<6)
  func impossible(index: Int) throws {
    let store = try store()
    let error = #expect(throws: AufdbError.self) {
      try store.export(.dpo, to: "out", Self.impossibleOptions[index].change)
    }
    #expect(error?.kind == .usage)
    #expect(error?.message == Self.impossibleOptions[index].message)
  }

  @Test("a method that no label is of is refused by name")
  func unknownMethod() throws {
    let store = try store()
    let error = #expect(throws: AufdbError.self) {
      try store.export {
        $0.methods = ["drst"]
        $0.judges = ["ada"]
      }
    }
    #expect(error?.kind == .refused)
    #expect(error?.message == "no label was asked for by the method 'drst'")
    #expect(error?.hint == "methods of labels: drts")
  }

  @Test("lengths are counted in Unicode scalars, of messages their contents, and with the system message that is added")
  func characters() throws {
    let store = try TestStore()
    // 3 scalars in the prompt, 5 in the longer response; escapes count as what they stand for.
    try store.commit { change in
      try change.addPrompt("text", "\u{e4}\u{1F600}?")
      try change.addPrompt(
        "messages", #"[{"role":"system","content":"s"},{"role":"user","content":"\u00e4\n"}]"#, format: "messages")
      for promptID in ["text", "messages"] {
        try change.addResponse(promptID, "a", "abcd\u{1F600}")
        try change.addResponse(promptID, "b", "b")
        try change.addLabel(promptID, chosen: "b", rejected: "a")
      }
    }
    func count(_ most: Int, system: String? = nil) throws -> Int {
      try store.export {
        $0.maxCharacters = most
        $0.system = system
        $0.force = true
      }.report.rowCount
    }
    #expect(try count(8) == 2)
    #expect(throws: AufdbError.self) { try count(7) }
    // Only the text gets it.
    #expect(try count(8, system: "be brief") == 1)
    #expect(try count(16, system: "be brief") == 2)
  }

  @Test("scalars are counted right wherever they lie", arguments: 0..<10 as Range<UInt64>)
  func scalarCount(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let text = (0..<Int.random(in: 0...3000, using: &generator)).map { _ in
        ["a", "\u{e4}", "\u{4e2d}", "\u{1F600}", "\u{0}"].randomElement(using: &generator) ?? ""
      }.joined()
      let bytes = Array(("x" + text).utf8)
      bytes.withUnsafeBytes { bytes in
        #expect(UnsafeRawBufferPointer(rebasing: bytes[1...]).scalarCount == text.unicodeScalars.count)
      }
    }
  }
}

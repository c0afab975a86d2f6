// Texts that lesser tools cut, mend or reject come out of the store byte for byte as they went in.

import Testing

@testable import Aufdb

@Suite("Awkward texts") struct AwkwardTextTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let text: String

    init(_ name: String, _ text: String) { (testDescription, self.text) = (name, text) }
  }

  static let cases: [Case] = [
    Case("empty", ""), Case("blank", " \t\r\n "), Case("NUL alone", "\0"), Case("NUL inside", "before\0after\0\0end"),
    Case("control characters", (1..<32).map { String(UnicodeScalar($0)) }.joined() + "\u{7F}\u{80}\u{9F}"),
    Case("line separators", "a\u{2028}b\u{2029}c\u{85}d\r\ne\rf"), Case("quotes", #"'"`\"\\/"#),
    Case("SQL", "'; DROP TABLE prompts; --"),
    Case("emoji", "👩🏽‍🚀🏳️‍🌈🇩🇪👍🏿"), Case("right to left", "مرحبا \u{202E}abc\u{202C} שלום"),
    Case("combining", "e\u{301} \u{E9} \u{1E9B}\u{323}"), Case("beyond the BMP", "\u{10FFFF}\u{1F600}\u{20000}"),
    Case("noncharacters", String(decoding: [0xFFFE, 0xFFFF, 0xFDD0] as [UInt16], as: UTF16.self)),
    Case("a byte order mark", "\u{FEFF}x\u{FEFF}"),
    Case("JSON in JSON", #"{"prompt_id":"x","completions":[]}"#), Case("looks like a number", "1e999"),
    Case("30 kB", String(repeating: "Wörter, 漢字 und 🙂\n", count: 1000)),
    Case("half a megabyte", String(repeating: "\0\u{10FFFF}", count: 100_000)),
  ]

  /// Escapes every UTF-16 unit, as Python's json.dumps does beyond ASCII.
  private static func escaped(_ text: String) -> String {
    "\"" + text.utf16.map { "\\u" + ("000" + String($0, radix: 16)).suffix(4) }.joined() + "\""
  }

  @Test("are exact in every column", arguments: cases)
  func exact(_ example: Case) throws {
    let text = example.text
    let store = try ImportFixture()
    for (promptID, json) in [("raw", text.quoted), ("escaped", Self.escaped(text))] {
      try store.importLines([
        #"{"prompt_id":"\#(promptID)","source":\#(json),"prompt":\#(json),"completions":[{"model":"m","#
          + #""response_text":\#(json),"system_prompt":\#(json),"principle":\#(json),"critique":\#(json),"#
          + #""overall_score":1}]}"#
      ])
    }
    let columns = [
      "source", "prompt", "response", "system_prompt", "principle", "critique",
    ]
    let rows = try store.rows(
      """
      SELECT \(columns.joined(separator: ", ")) FROM prompts JOIN responses USING (prompt_id)
      JOIN scores USING (prompt_id)
      """)
    #expect(rows.count == 2)
    for row in rows {
      for (column, value) in zip(columns, row) {
        guard case .text(let found) = value else {
          Issue.record("\(column) is \(value)")
          continue
        }
        // Strings that are canonically equal are equal in Swift: bytes tell.
        #expect(found.utf8.elementsEqual(text.utf8), "\(column)")
      }
    }
    #expect(try store.isSound())
  }

  @Test("are exact inside messages and other JSON", arguments: cases)
  func exactInJSON(_ example: Case) throws {
    let text = example.text
    let store = try ImportFixture()
    let json = text.quoted
    try store.importLines([
      #"{"prompt_id":"p","prompt":[{"role":"user","content":\#(json)}],"extra":\#(json),"completions":[{"model":"m","#
        + #""response_text":"","annotations":{"honesty":{"Rationale":\#(json)}}}]}"#
    ])
    func stored(_ column: String, of relation: Relation) throws -> JSONValue {
      try .reading(#require(try store.texts("SELECT \(column) FROM \(relation.name)").first?.flatMap(\.self)))
    }
    let found = [
      try stored("prompt", of: .prompts)[0]?["content"], try stored("metadata", of: .prompts)["extra"],
      try stored("aspects", of: .scores)["honesty"]?["Rationale"],
    ]
    for value in found {
      guard case .string(let found) = value else {
        Issue.record("\(String(describing: value)) is not a text")
        continue
      }
      #expect(found.utf8.elementsEqual(text.utf8))
    }
  }

  @Test("names are exact too, and told apart by their bytes")
  func names() throws {
    let store = try ImportFixture()
    let names = [
      "e\u{301}", "\u{E9}", "É", "a b", "a/b:c", "👩🏽‍🚀", " ", "\u{2028}", "'", "%s",
      String(repeating: "n", count: 5000),
    ]
    let (_, report) = try store.importLines(
      names.map { completionsLine($0, names.map { completion($0, score: 1) }) })
    #expect(report.added[.prompts] == names.count)
    #expect(report.added[.responses] == names.count * names.count)
    let found = Set(try store.texts("SELECT prompt_id FROM prompts").map { Array($0?.utf8 ?? "".utf8) })
    #expect(found == Set(names.map { Array($0.utf8) }))
    let (_, estimates) = try store.importLines(
      names.flatMap { name in names.map { estimateLine(name, $0, 1, 0, 2) } }, snapshot: "s")
    #expect(estimates.added[.estimates] == names.count * names.count)
    // Each response against the next: some are canonically equal and yet two, in one prompt and from prompt to prompt.
    let lines = names.flatMap { name in
      zip(names, names.dropFirst()).map { labelLine(name, $0, over: $1, judge: name) }
    }
    let (_, labels) = try store.importLines(lines)
    #expect(labels.added[.labels] == lines.count && labels.unchangedCount == 0)
    #expect(try store.importLines(lines).commit == nil)
    let judges = Set(try store.texts("SELECT judge FROM labels").map { Array($0?.utf8 ?? "".utf8) })
    #expect(judges == Set(names.map { Array($0.utf8) }))
  }
}

extension JSONValue {
  fileprivate subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  fileprivate subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}

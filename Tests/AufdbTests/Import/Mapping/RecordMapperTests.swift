// Records under other names: what they become, and that mapping what was renamed gives back the same store.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Mapped records") struct RecordMapperTests {
  private static func rewritten(_ record: String, _ maps: [String]) throws -> String {
    let mapper = try #require(RecordMapper(maps.map(FieldMap.init)))
    return Array(record.utf8).withUnsafeBytes { String(decoding: mapper.rewritten($0), as: UTF8.self) }
  }

  static let cases: [(record: String, maps: [String], expected: String)] = [
    (#"{"a":1}"#, ["model=a"], #"{"model":1}"#),
    (#"{"a":{"b":[1, {"c":"x"}]}}"#, ["model=a.b[1].c"], #"{"a":{"b":[1, {"c":"x"}]},"model":"x"}"#),
    (#"{"a":1,"model":2,"b":3}"#, ["model=a"], #"{"b":3,"model":1}"#),
    (#"{"model":2}"#, ["model=a"], #"{"model":2}"#),
    (#"{"a":null,"model":2}"#, ["model=a"], #"{"model":null}"#),
    (#"{"chosen":1,"rejected":2}"#, ["chosen=rejected", "rejected=chosen"], #"{"chosen":2,"rejected":1}"#),
    (#"{"a":1}"#, ["model=a", "source=a"], #"{"model":1,"source":1}"#),
    (#"{"model":1}"#, ["model=model"], #"{"model":1}"#),
    (#"{"a.b":{"c d":1}}"#, [#"model="a.b"."c d""#], #"{"a.b":{"c d":1},"model":1}"#),
    (#"{"\u0061":"\u00e9"}"#, ["model=a"], #"{"model":"\u00e9"}"#),
    (#"{"a":[1]}"#, ["model=a[1]", "source=a.b", "judge=a[0].x"], #"{"a":[1]}"#),
    (#"{"a":{"b":1}}"#, ["model=a[0]", "source=a.c"], #"{"a":{"b":1}}"#), ("{}", ["model=a"], "{}"),
    (
      #"{"ans":[{"t":"x","m":1},7,{"response_text":"y"}]}"#,
      ["completions=ans", "completions[].response_text=t"],
      #"{"completions":[{"m":1,"response_text":"x"},7,{"response_text":"y"}]}"#
    ),
    (
      #"{"completions":[{"o":{"t":"x"}}]}"#, ["completions[].response_text=o.t"],
      #"{"completions":[{"o":{"t":"x"},"response_text":"x"}]}"#
    ),
    (
      #"{"prompt":[{"from":"user","value":"x"}],"completions":"x"}"#,
      ["prompt[].role=from", "prompt[].content=value", "completions[].model=m"],
      #"{"prompt":[{"role":"user","content":"x"}],"completions":"x"}"#
    ),
    // Left to the importer's own errors.
    (#"[1]"#, ["model=a"], #"[1]"#), (#"{"a":1"#, ["model=a"], #"{"a":1"#),
    (#"{"a":1,"a":2}"#, ["model=a"], #"{"a":1,"a":2}"#),
    (#"{"a":1} x"#, ["model=a"], #"{"a":1} x"#), ("", ["model=a"], ""),
    (#"{"completions":[{"t":1,"t":2}]}"#, ["completions[].model=t"], #"{"completions":[{"t":1,"t":2}]}"#),
  ]

  @Test("a record gets the names that import knows", arguments: cases)
  func records(_ record: String, _ maps: [String], _ expected: String) throws {
    #expect(try Self.rewritten(record, maps) == expected)
  }

  @Test("no maps, no mapper")
  func none() { #expect(RecordMapper([]) == nil) }

  /// A new name, which may need quotes in a path; and the path.
  private static func name(_ index: Int, _ generator: inout SeededGenerator) -> (key: String, path: String) {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: ("f\(index)", "f\(index)")
    case 1: ("f.\(index) x", "\"f.\(index) x\"")
    case 2: ("f\"\(index)", #""f\"\#(index)""#)
    default: ("größe\(index)", "größe\(index)")
    }
  }

  @Test("mapping the inverse of a renaming gives the same store", arguments: [UInt64](1...12))
  func inverse(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let fields = ["prompt_id", "prompt", "completions", "source"]
    let elementFields = ["model", "response_text", "overall_score", "principle"]
    var maps: [FieldMap] = []
    // Each field keeps its name or gets another.
    func spellings(_ fields: [String], _ list: String) throws -> [String: (String) -> String] {
      var spellings: [String: (String) -> String] = [:]
      for (index, field) in fields.enumerated() {
        let (key, path) = Self.name(index, &generator)
        let isRenamed = Bool.random(using: &generator)
        spellings[field] = { "\((isRenamed ? key : field).quoted):\($0)" }
        if isRenamed { maps.append(try FieldMap("\(list)\(field)=\(path)")) }
      }
      return spellings
    }
    let (outer, inner) = (try spellings(fields, ""), try spellings(elementFields, "completions[]."))
    func record(_ number: Int, _ outer: [String: (String) -> String], _ inner: [String: (String) -> String]) -> String {
      let completions = (0..<3).map { index in
        let values = ["m\(index)".quoted, "answer \(number)\n\(index)".quoted, "\(index).5", "be \"good\"".quoted]
        return "{" + zip(elementFields, values).map { inner[$0]?($1) ?? "" }.joined(separator: ",") + "}"
      }
      let values = [
        "p\(number)".quoted, "ask \(number)".quoted, "[\(completions.joined(separator: ", "))]", "s".quoted,
      ]
      return "{" + zip(fields, values).map { outer[$0]?($1) ?? "" }.joined(separator: ",") + #","more":[1, 2]}"#
    }
    func plain(_ fields: [String]) -> [String: (String) -> String] {
      Dictionary(uniqueKeysWithValues: fields.map { field in (field, { "\(field.quoted):\($0)" }) })
    }
    let (original, renamed) = (try ImportFixture(), try ImportFixture())
    try original.importLines((0..<5).map { record($0, plain(fields), plain(elementFields)) })
    let file = try renamed.file("lines.jsonl", (0..<5).map { record($0, outer, inner) })
    let options = ImportOptions(files: [file], maps: maps)
    let (commit, _) = try renamed.writing { try $0.importFiles(options, context: ImportFixture.context()) }
    #expect(
      try renamed.everything() == original.everything(), "seed \(seed): \(maps.map { "\($0.field)=\($0.pathText)" })")
    let noted = try #require(commit?.operation)
    #expect(noted.contains(#""map":{"#) == !maps.isEmpty, "seed \(seed)")
  }
}

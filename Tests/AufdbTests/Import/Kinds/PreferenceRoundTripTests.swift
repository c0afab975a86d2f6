// What this program exports for trainers comes in again as it was: prompts of several turns, system messages, and texts
// that lesser tools cut.

import Testing

@testable import Aufdb

@Suite("Round trips of preferences") struct PreferenceRoundTripTests {
  static let prompts: [(id: String, prompt: String)] = [
    ("text", "\"A text\u{0}\u{1F642}\\ \u{2028}\""),
    ("only", #"[{"role":"user","content":"alone"}]"#),
    ("turns", conversation("one", "two", "three")), ("system", conversation(system: "Be \"brief\".", "q", "a", "q2")),
    ("odd", #"[{"role":"system","content":""},{"role":"user","content":"\u0000é🙂"}]"#),
    ("system only", #"[{"role":"system","content":"alone"}]"#),
  ]

  @Test("dpo and rm", arguments: [ExportFormat.dpo, .rm])
  func exports(_ format: ExportFormat) throws {
    // A prompt that ends with no question is none for DPO, which has the answer follow it.
    let count = format == .dpo ? Self.prompts.count - 1 : Self.prompts.count
    let made = Self.prompts.prefix(count)
    let store = try TestStore()
    try store.commit { change in
      for (id, prompt) in made {
        try change.addPrompt(id, prompt, format: prompt.hasPrefix("[") ? "messages" : "text", source: "made")
        try change.addResponse(id, "a", "yes\r\n\u{7F} \(id)")
        try change.addResponse(id, "b", "")
        try change.addResponse(id, "b", sample: 1, "no {\"x\": [\(id)]}")
        try change.addLabel(id, chosen: "b", rejected: "a", samples: (1, 0), scores: (2, nil))
      }
    }
    let rows = try store.export(format).folder.rows()
    #expect(rows.count == count)

    let empty = try ImportFixture()
    let (_, report) = try empty.importLines(rows, as: .preferences)
    #expect(report.added == [.prompts: count, .responses: 2 * count, .labels: count])
    let prompts = made.sorted { $0.id < $1.id }
    let expected = prompts.map { id, prompt in
      id == "only" ? "only made alone text" : "\(id) made \(prompt) \(prompt.hasPrefix("[") ? "messages" : "text")"
    }
    #expect(
      try empty.lines("SELECT prompt_id, source, prompt, format FROM prompts ORDER BY prompt_id").map { Array($0.utf8) }
        == expected.map { Array($0.utf8) })
    #expect(
      try empty.texts("SELECT response FROM responses WHERE model = 'a' ORDER BY prompt_id").map {
        Array(($0 ?? "").utf8)
      }
        == prompts.map { Array("yes\r\n\u{7F} \($0.id)".utf8) })
    #expect(try empty.lines("SELECT DISTINCT chosen_score, rejected_score, judge FROM labels") == ["2.0 . overall"])

    // Into the store that they came from: the prompts and responses are the ones that are there.
    let file = try store.folder.file("rows.jsonl", Array(rows.map { $0 + "\n" }.joined().utf8))
    let options = ImportOptions(files: [file], judge: "again")
    let again = try Store(store.path, for: .writing(waitSeconds: 0, command: "test"))
      .importFiles(options, context: ImportFixture.context())
    #expect(again.report.added == [.labels: count])
    #expect(again.report.unchangedCount == 3 * count)
  }

  @Test("awkward texts are exact in every place of a pair", arguments: AwkwardTextTests.cases)
  func awkward(_ example: AwkwardTextTests.Case) throws {
    let json = example.text.quoted
    let store = try ImportFixture()
    try store.importLines([
      #"{"prompt_id":"p","source":\#(json),"prompt":\#(json),"chosen":\#(json),"rejected":"","extra":\#(json)}"#,
      #"{"prompt_id":"q","chosen":[{"role":"user","content":\#(json)},{"role":"assistant","content":\#(json)}],"#
        + #""rejected":[{"role":"user","content":\#(json)},{"role":"assistant","content":"-"}]}"#,
      #"{"prompt_id":"r","prompt":[{"role":"system","content":\#(json)},{"role":"user","content":""}],"chosen":"c","#
        + #""rejected":"r","chosen_model":"c","rejected_model":"r"}"#,
    ])
    let texts = try store.texts(
      """
      SELECT source FROM prompts WHERE prompt_id = 'p' UNION ALL SELECT prompt FROM prompts WHERE prompt_id IN ('p', 'q')
      UNION ALL SELECT response FROM responses WHERE prompt_id IN ('p', 'q') AND model = 'unknown' AND sample = 0
      """)
    #expect(texts.count == 5)
    for text in texts { #expect(text?.utf8.elementsEqual(example.text.utf8) == true) }
    let messages = try #require(try store.texts("SELECT prompt FROM prompts WHERE prompt_id = 'r'").first ?? nil)
    guard case .array(let list) = try JSONValue.reading(messages), case .object(let members)? = list.first,
      case .string(let content)? = members.last?.value
    else { throw AufdbError(.badData, "not a list of messages") }
    #expect(content.utf8.elementsEqual(example.text.utf8))
    #expect(try store.isSound())
  }
}

// Single responses, with their prompt and without it; and the numbers that responses get which come without one.

import Testing

@testable import Aufdb

@Suite("Import of responses") struct ResponsesImportTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  @Test("every field has its place")
  func golden() throws {
    let (_, report) = try store.importLines([
      #"{"prompt_id":"p","source":"s","prompt":"q","model":"a","response":"r","system_prompt":"be","principle":"do"}"#,
      #"{"x":[1, 2],"prompt_id":"p","model":"a","response_text":"r2","sample":1,"y":null}"#,
      #"{"prompt_id":"m","prompt":[{"content":"c","role":"system"},{"role":"user","content":"u"}],"model":"a","#
        + #""response":""}"#,
      #"{"prompt_id":"t","prompt":[{"content":"only","role":"user"}],"source":null,"model":"b","response":"x"}"#,
    ])
    #expect(report.added == [.prompts: 3, .responses: 4])
    #expect(
      try store.prompts() == [
        #"m . [{"role":"system","content":"c"},{"role":"user","content":"u"}] messages ."#, "p s q text .",
        "t . only text .",
      ])
    #expect(
      try store.lines("SELECT prompt_id, model, sample, response, system_prompt, principle, metadata FROM responses")
        == ["p a 0 r be do .", #"p a 1 r2 . . {"x":[1,2],"y":null}"#, "m a 0  . . .", "t b 0 x . . ."])
  }

  @Test("a prompt that is there need not be said again, and is compared as far as it is")
  func promptThere() throws {
    try store.importLines([#"{"prompt_id":"p","source":"s","prompt":"q","extra":1,"completions":[]}"#])
    let error = try store.refusal(of: [#"{"prompt_id":"x","model":"a","response":"r"}"#])
    #expect(error?.message == "there is no prompt 'x'")
    #expect(error?.hint == "add `prompt` to the line, or import the prompt first")
    try store.importLines([
      #"{"prompt_id":"p","model":"a","response":"r"}"#, #"{"prompt_id":"p","prompt":"q","model":"b","response":"r"}"#,
      #"{"prompt_id":"p","prompt":"q","source":"s","model":"c","response":"r"}"#,
    ])
    #expect(try store.responses() == ["p a 0 r", "p b 0 r", "p c 0 r"])
    for fields in [#""prompt":"Q""#, #""prompt":"q","source":"t""#, #""prompt":[{"role":"assistant","content":"q"}]"#] {
      let error = try store.refusal(of: [#"{"prompt_id":"p",\#(fields),"model":"a","response":"r"}"#])
      #expect(error?.message == "the prompt 'p' is there already with another content", "\(fields)")
    }
    let line = #"{"prompt_id":"p","model":"a","response":"R"}"#
    #expect(
      try store.refusal(of: [line])?.message == "the response of a to 'p' is there already with another content")
    #expect(try store.importLines([line], replaces: true).report.retired == [.responses: 1])
  }

  @Test("without a prompt_id the text is the prompt, and another text of the model is another response")
  func derived() throws {
    func line(_ text: String, _ model: String = "a", more: String = "") -> String {
      #"{"prompt":"q","model":\#(model.quoted),"response":\#(text.quoted)\#(more)}"#
    }
    let lines = [
      line("1"), line("2", more: #","source":"late""#), line("1", more: #","x":1"#), line("1", "b"), line("3"),
    ]
    let (_, report) = try store.importLines(lines)
    let id = derivedID("q")
    #expect(try store.responses() == ["\(id) a 0 1", "\(id) a 1 2", "\(id) a 2 3", "\(id) b 0 1"])
    #expect(report.unchangedCount == 4 + 1, "the prompt four times, and a response")
    #expect(try store.texts("SELECT source FROM prompts") == [nil], "the first stays")
    #expect(try store.importLines(lines.reversed()).commit == nil)
    try store.importLines([line("7", more: #","sample":7"#), line("8")])
    #expect(try store.responses().suffix(3) == ["\(id) a 7 7", "\(id) a 8 8", "\(id) b 0 1"])
  }

  @Test("so it is for a model that nobody knows, under any prompt")
  func unknownModel() throws {
    func line(_ text: String) -> String {
      #"{"prompt_id":"p","prompt":"q","model":"unknown","response":\#(text.quoted)}"#
    }
    try store.importLines([line("a"), line("b"), line("a"), line("c")])
    #expect(try store.responses() == ["p unknown 0 a", "p unknown 1 b", "p unknown 2 c"])
    #expect(try store.importLines([line("c"), line("b")]).commit == nil)
  }

  @Test("a prompt's messages make its id whatever the order of their keys; a text alone is a text")
  func messages() throws {
    let lists = [
      #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#,
      #"[ {"content":"a", "role":"user"}, {"content":"\u0062", "role":"assistant"} ]"#,
    ]
    for list in lists { try store.importLines([#"{"prompt":\#(list),"model":"m","response":"r"}"#]) }
    #expect(try store.texts("SELECT prompt_id FROM prompts") == [derivedID(lists[0])])
    try store.importLines([#"{"prompt":"q","model":"m","response":"r"}"#])
    let only = #"{"prompt":[{"role":"user","content":"q"}],"model":"m","response":"r"}"#
    #expect(try store.importLines([only]).commit == nil)
  }
}

// Every field of a completions line: which forms it takes, and what becomes of it in the store.

import Testing

@testable import Aufdb

@Suite("Fields of completions") struct CompletionsFieldTests {
  /// What `column` holds after a line with these fields of the prompt was imported.
  private func prompt(_ column: String, _ fields: String) throws -> String? {
    let store = try ImportFixture()
    try store.importLines([#"{"prompt_id":"p",\#(fields),"completions":[]}"#])
    return try store.texts("SELECT \(column) FROM prompts").first?.flatMap(\.self)
  }

  /// What `column` holds after a line with one completion with these fields.
  private func completion(_ column: String, of relation: Relation, _ fields: String) throws -> [String?] {
    let store = try ImportFixture()
    try store.importLines([
      #"{"prompt_id":"p","prompt":"q","completions":[{"model":"m","response_text":"r"\#(fields)}]}"#
    ])
    return try store.texts("SELECT \(column) FROM \(relation.name)")
  }

  @Test("a prompt is a text or a list of messages")
  func prompts() throws {
    #expect(try prompt("prompt", #""prompt":"What?""#) == "What?")
    #expect(try prompt("format", #""prompt":"What?""#) == "text")
    #expect(try prompt("prompt", #""prompt":"""#) == "")
    let messages = #"[ {"role":"system","content":""}, {"content":"a\u0000\u00e9","role":"user","name":"x"} ]"#
    #expect(
      try prompt("prompt", #""prompt":\#(messages)"#)
        == #"[{"role":"system","content":""},{"content":"a\u0000é","role":"user","name":"x"}]"#)
    #expect(try prompt("format", #""prompt":\#(messages)"#) == "messages")
  }

  @Test("a source is a text, null, or not there")
  func sources() throws {
    #expect(try prompt("source", #""prompt":"q","source":"s""#) == "s")
    #expect(try prompt("source", #""prompt":"q","source":"""#) == "")
    #expect(try prompt("source", #""prompt":"q","source":null"#) == nil)
    #expect(try prompt("source", #""prompt":"q""#) == nil)
  }

  @Test("fields of the prompt that have no column are kept as they came")
  func promptMetadata() throws {
    #expect(try prompt("metadata", #""prompt":"q""#) == nil)
    let others = #""x":{"b":1.50,"a":[null,true,"\u2028"]},"y":1e400,"correct_answers":["a"],"messages":[]"#
    #expect(
      try prompt("metadata", #""x" : {"b":1.50,"a":[null, true,"\u2028"]},"prompt":"q","y":10000000000000000000001"#)
        == #"{"x":{"b":1.50,"a":[null,true,"\u2028"]},"y":10000000000000000000001}"#)
    #expect(throws: AufdbError.self, "a number that no double holds") { try prompt("metadata", others) }
  }

  static let scores: [(json: String, score: String?)] = [
    ("7", "7.0"), ("7.25", "7.25"), ("-0.0", "0.0"), ("1e2", "100.0"), ("0.1", "0.1"), ("\"8\"", "8.0"),
    ("\"7.5\"", "7.5"), ("\"-1e-3\"", "-0.001"), ("123456789012345678", "1.2345678901234568e+17"),
    ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
  ]

  @Test("an overall score is a number, or a text that is one", arguments: scores)
  func numericScores(json: String, score: String?) throws {
    #expect(try completion("score", of: .scores, #","overall_score":\#(json)"#) == [score])
  }

  @Test("an overall score that says nothing is none", arguments: ["\"\"", "\"N/A\"", "null"])
  func noScores(json: String) throws {
    #expect(try completion("score", of: .scores, #","overall_score":\#(json)"#) == [])
    #expect(try completion("response", of: .responses, #","overall_score":\#(json)"#) == ["r"])
    #expect(
      try completion("score", of: .scores, #","overall_score":\#(json),"critique":"so so""#) == [nil],
      "a critique alone is a judgement, too")
  }

  @Test(
    "a text that isn't a number is no score",
    arguments: ["n/a", "NaN", "nan", "Infinity", "1e999", "7,5", "7.5/10", "0x10", " ", "７", "+5", ".5"])
  func badScores(text: String) throws {
    let store = try ImportFixture()
    let line =
      #"{"prompt_id":"p","prompt":"q","completions":[{"model":"m","response_text":"r","overall_score":"#
      + text.quoted + "}]}"
    let error = try store.refusal(of: [line])
    #expect(error?.message == "overall_score is the text \"\(text)\", which isn't a number")
    #expect(error?.kind == .badData)
  }

  static let aspects = [
    #"{"honesty":{"Rating":"5","Rationale":"Sure."},"helpfulness":{"Rating":"N/A","Rationale":""}}"#,
    #"[{"honesty":{"Rating":"5","Rationale":"Sure."}},{"truthfulness":{"Rating":"4","Rationale":"é\n\u0000"}}]"#,
    #"{"honesty":{"1":0.0,"2":0.05,"3":0.15,"4":0.5,"5":0.3}}"#,
  ]

  @Test("annotations are kept in either form", arguments: aspects)
  func annotations(json: String) throws {
    #expect(try completion("aspects", of: .scores, #","annotations":\#(json)"#) == [json])
    #expect(try completion("score", of: .scores, #","annotations":\#(json)"#) == [nil])
  }

  @Test("annotations that hold nothing are none", arguments: ["null", "[]", "{}", "[ ]", "{ }", "[\t]"])
  func noAnnotations(json: String) throws {
    #expect(try completion("aspects", of: .scores, #","annotations":\#(json)"#) == [])
    #expect(try completion("aspects", of: .scores, #","annotations":\#(json),"overall_score":1"#) == [nil])
  }

  @Test("messages are kept where there are any", arguments: ["null", "[]", #"[{"role":"user","content":"q"}]"#])
  func messages(json: String) throws {
    let expected = json.count > 4 ? #"{"messages":\#(json)}"# : nil
    #expect(try completion("metadata", of: .responses, #","messages":\#(json)"#) == [expected])
  }

  @Test("fields of a completion that have no column are kept as they came, in their order")
  func metadata() throws {
    let fields = #","z":"\ud83d\ude42\"\\","a" : [ ],"fine-grained_score":4.750,"n":null"#
    #expect(
      try completion("metadata", of: .responses, fields)
        == [#"{"z":"🙂\"\\","a":[],"fine-grained_score":4.750,"n":null}"#])
  }

  @Test("the texts about a completion are texts or null", arguments: ["system_prompt", "principle"])
  func texts(column: String) throws {
    #expect(try completion(column, of: .responses, #","\#(column)":"x\u0000y""#) == ["x\0y"])
    #expect(try completion(column, of: .responses, #","\#(column)":"""#) == [""])
    #expect(try completion(column, of: .responses, #","\#(column)":null"#) == [nil])
    #expect(try completion(column, of: .responses, "") == [nil])
  }

  @Test("a sample is a whole number, 0 where it isn't given")
  func samples() throws {
    #expect(try completion("sample", of: .responses, "") == ["0"])
    #expect(try completion("sample", of: .responses, #","sample":3"#) == ["3"])
    #expect(try completion("sample", of: .scores, #","sample":3,"overall_score":1"#) == ["3"])
  }
}

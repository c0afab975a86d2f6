// Preference sets in each shape that they are published in: what they become.

import Testing

@testable import Aufdb

@Suite("Import of preferences") struct PreferencesImportTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  private func importing(_ lines: [String], judge: String? = nil) throws -> ImportReport {
    try store.importLines(lines, judge: judge).report
  }

  @Test("UltraFeedback made pairs: a text beside whole conversations, and nobody knows the models")
  func binarized() throws {
    let line =
      #"{"prompt":"Name a tree.","prompt_id":"t1","chosen":\#(conversation("Name a tree.", "Oak")),"#
      + #""rejected":\#(conversation("Name a tree.", "Stone")),"messages":\#(conversation("Name a tree.", "Oak")),"#
      + #""score_chosen":8.5,"score_rejected":2.0}"#
    let report = try importing([line])
    #expect(report.added == [.prompts: 1, .responses: 2, .labels: 1])
    #expect(try store.prompts() == ["t1 . Name a tree. text ."])
    #expect(try store.responses() == ["t1 unknown 0 Oak", "t1 unknown 1 Stone"])
    #expect(try store.labels() == ["t1 unknown 0 8.5 unknown 1 2.0 overall 0"])
    // The same prompt once more, with another pair that has a response in common, and with the pair turned round.
    let others = [line.replacing("Stone", with: "Moss"), line]
    #expect(try importing(others).added == [.responses: 1, .labels: 1])
    #expect(try store.responses() == ["t1 unknown 0 Oak", "t1 unknown 1 Stone", "t1 unknown 2 Moss"])
    let turned = line.replacing("Oak", with: "?").replacing("Stone", with: "Oak").replacing("?", with: "Stone")
    #expect(
      try store.refusal(of: [turned])?.message
        == "overall's label of unknown (sample 1) and unknown for 't1' is there already and differs")
  }

  @Test("the cleaned ones: ratings and models with hyphens, and no ids")
  func cleaned() throws {
    let line =
      #"{"source":"made","prompt":"Count to 2.","chosen":\#(conversation("Count to 2.", "1 2")),"chosen-rating":5.0,"#
      + #""chosen-model":"big","rejected":\#(conversation("Count to 2.", "2 1")),"rejected-rating":"1.5","#
      + #""rejected-model":"small","helpful":true}"#
    _ = try importing([line], judge: "panel")
    let id = derivedID("Count to 2.")
    #expect(try store.prompts() == [#"\#(id) made Count to 2. text {"helpful":true}"#])
    #expect(try store.responses() == ["\(id) big 0 1 2", "\(id) small 0 2 1"])
    #expect(try store.labels() == ["\(id) big 0 5.0 small 0 1.5 panel 0"])
  }

  @Test("a mixture without models: the conversations of several turns are the prompt")
  func mixture() throws {
    func line(_ last: String) -> String {
      #"{"id":"x-\#(last)","source":"mix","prompt":"And then?","chosen":"#
        + conversation(system: "Be brief.", "Tell.", "Once.", "And then?", last)
        + #","rejected":\#(conversation(system: "Be brief.", "Tell.", "Once.", "And then?", "No."))}"#
    }
    _ = try importing([line("More."), line("Less.")])
    let prompt = conversation(system: "Be brief.", "Tell.", "Once.", "And then?")
    let id = derivedID(prompt)
    #expect(try store.prompts() == [#"\#(id) mix \#(prompt) messages {"id":"x-More."}"#])
    #expect(try store.responses() == ["\(id) unknown 0 More.", "\(id) unknown 1 No.", "\(id) unknown 2 Less."])
    #expect(
      try store.labels() == ["\(id) unknown 0 . unknown 1 . overall 0", "\(id) unknown 2 . unknown 1 . overall 0"])
  }

  /// One pair in the shapes of this program's exports, and of others like them.
  static let shapes = [
    #""prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"y"}],"#
      + #""rejected":[{"role":"assistant","content":"n"}]"#,
    #""chosen":\#(conversation("q", "y")),"rejected":\#(conversation("q", "n"))"#,
    #""chosen":\#(conversation("q", "y")),"rejected":\#(conversation("q", "n")),"margin":1.0"#,
    #""prompt":"q","chosen":"y","rejected":"n""#,
    #""prompt":"q","chosen":[{"content":"y","role":"assistant"}],"rejected":"n""#,
    #""prompt":"q\n","chosen":\#(conversation("q", "y")),"rejected":\#(conversation("q", "n"))"#,
    #""prompt":\#(conversation("q")),"chosen":\#(conversation("q", "y")),"rejected":\#(conversation("q", "n"))"#,
    #""prompt":null,"chosen":\#(conversation("q", "y")),"rejected":\#(conversation("q", "n"))"#,
    #""prompt":"","chosen":\#(conversation("q", "y")),"rejected":\#(conversation("q", "n"))"#,
  ]

  @Test("one pair is one pair in any shape", arguments: shapes)
  func sameInAllShapes(_ shape: String) throws {
    let fields =
      #""prompt_id":"p","source":"s","chosen_model":"a","chosen_score":2.0,"rejected_model":"b","rejected_score":1.0,"#
    _ = try importing(["{\(fields)\(shape)}"])
    #expect(try store.prompts() == ["p s q text ."])
    #expect(try store.responses() == ["p a 0 y", "p b 0 n"])
    #expect(try store.labels() == ["p a 0 2.0 b 0 1.0 overall 0"])
    for other in Self.shapes { #expect(try store.importLines(["{\(fields)\(other)}"]).commit == nil, "\(other)") }

    let bare = try ImportFixture()
    try bare.importLines(["{\(shape)}"])
    #expect(try bare.prompts() == ["\(derivedID("q")) . q text ."])
  }

  static let sideFields = [
    #""chosen_model":"a","rejected_model":"b","chosen_score":2,"rejected_score":1"#,
    #""chosen-model":"a","rejected-model":"b","chosen-score":2.0,"rejected-score":"1""#,
    #""model_chosen":"a","model_rejected":"b","score_chosen":"2.0","score_rejected":1"#,
    #""model_chosen":"a","rejected-model":"b","chosen_rating":2,"rejected-rating":1"#,
    #""chosen_model":"a","rejected_model":"b","rating_chosen":2,"rating_rejected":1"#,
  ]

  @Test("models and scores go by many names", arguments: sideFields)
  func aliases(_ fields: String) throws {
    _ = try importing([#"{"prompt_id":"p","prompt":"q","chosen":"y","rejected":"n",\#(fields)}"#])
    #expect(try store.labels() == ["p a 0 2.0 b 0 1.0 overall 0"])
    #expect(try store.texts("SELECT metadata FROM prompts") == [nil])
  }

  @Test("what else a label has it has here, too")
  func labelFields() throws {
    _ = try importing([
      #"{"prompt":"q","chosen":"y","rejected":"n","judge":"ada","tie":true,"method":"drts","batch":3,"#
        + #""chosen_sample":4,"rejected_sample":2,"chosen_model":null,"chosen_score":"N/A"}"#
    ])
    #expect(
      try store.lines(
        "SELECT chosen_model, chosen_sample, chosen_score, rejected_sample, judge, tie, method, batch FROM labels")
        == ["unknown 4 . 2 ada 1 drts 3"])
    #expect(try store.responses().map { $0.dropFirst(65) } == ["unknown 2 n", "unknown 4 y"])
  }

  @Test("a pair of one and the same response has no label, and is counted")
  func oneResponse() throws {
    let line = #"{"prompt":"q","chosen":"same","rejected":"same"}"#
    let report = try importing([line, line, #"{"prompt":"q","chosen":"same","rejected":"other"}"#])
    #expect(report.oneResponseCount == 2)
    #expect(report.added == [.prompts: 1, .responses: 2, .labels: 1])
    let named = #"{"prompt":"r","chosen":"same","rejected":"same","chosen_model":"a","rejected_model":"b"}"#
    #expect(try importing([named]).added == [.prompts: 1, .responses: 2, .labels: 1])
  }

  @Test("where the names are given, another text of the model contradicts the one that is there")
  func givenNames() throws {
    func line(
      _ chosen: String, _ rejected: String, _ models: (String, String) = ("a", "b"), more: String = ""
    ) -> String {
      #"{"prompt_id":"p","prompt":"q","chosen":\#(chosen.quoted),"rejected":\#(rejected.quoted),"#
        + #""chosen_model":"\#(models.0)","rejected_model":"\#(models.1)"\#(more)}"#
    }
    _ = try importing([line("y", "n")])
    let error = try store.refusal(of: [line("yes", "n")])
    #expect(error?.message == "the response of a to 'p' is there already with another content")
    #expect(error?.hint == "add --replace to make this its new version")
    #expect(try importing([line("2", "3", ("a", "a"), more: #","judge":"j""#)]).added == [.responses: 2, .labels: 1])
    #expect(try store.responses() == ["p a 0 y", "p a 1 2", "p a 2 3", "p b 0 n"])
    #expect(try importing([line("2", "n", more: #","judge":"j""#)]).added == [.labels: 1], "found by its text")
    #expect(try store.labels().contains("p a 1 . b 0 . j 0"))
  }

  @Test("responses and prompts that came from elsewhere are the same ones, whatever else is known of them")
  func fromElsewhere() throws {
    try store.importLines([
      #"{"prompt_id":"p","source":"s","extra":1,"prompt":[{"content":"q","role":"user"}],"completions":["#
        + #"{"model":"a","response_text":"y","principle":"x","more":2},{"model":"b","response_text":"n"}]}"#
    ])
    let line =
      #"{"prompt_id":"p","prompt":"q","chosen":"y","rejected":"n","chosen_model":"a","rejected_model":"b","new":1}"#
    #expect(try importing([line]).added == [.labels: 1])
    #expect(
      try store.refusal(of: [line.replacing(#""new":1"#, with: #""source":"t""#)])?.message
        == "the prompt 'p' is there already with another content")
  }

  @Test("what an answer's message says beside its content is kept, and what its prompt's messages do, too")
  func messagesWithMore() throws {
    let user = #"{"name":"x","role":"user","content":"q"}"#
    _ = try importing([
      #"{"prompt_id":"p","chosen":[\#(user),{"role":"assistant","weight":1, "content":"y"}],"#
        + #""rejected":[\#(user),{"role":"assistant","content":"n"}]}"#
    ])
    #expect(try store.prompts() == [#"p . [{"role":"user","content":"q","name":"x"}] messages ."#])
    #expect(
      try store.lines("SELECT response, metadata FROM responses") == [#"y {"weight":1}"#, "n ."])
  }
}

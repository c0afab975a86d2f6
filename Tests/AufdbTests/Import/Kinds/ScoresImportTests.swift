// Scores of responses that are there.

import Testing

@testable import Aufdb

@Suite("Import of scores") struct ScoresImportTests {
  private let store: ImportFixture

  init() throws {
    store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a"), completion("a", "2", more: #""sample":1"#)])])
  }

  private func line(_ fields: String) -> String { #"{"prompt_id":"p","model":"a",\#(fields)}"# }

  @Test("every field has its place")
  func golden() throws {
    let lines = [
      line(#""judge":"j","score":7.5,"aspects":{"b": 1, "a":[2]},"critique":"fine""#),
      line(#""sample":1,"judge":null,"score":"8","aspects":"{\"x\": 1}""#),
      line(#""judge":"k","score":"N/A","aspects":[1]"#), line(#""judge":"l","score":null,"critique":"hm","z":{}"#),
      line(#""judge":"m","score":-0.0,"aspects":{},"critique":"""#),
    ]
    let (commit, report) = try store.importLines(lines, judge: "me")
    #expect(report.added == [.scores: 5])
    #expect(commit?.operation.contains(#""as":["scores"]"#) == true)
    #expect(commit?.operation.contains(#""judge":"me""#) == true)
    #expect(
      try store.lines("SELECT judge, model, sample, score, aspects, critique FROM scores ORDER BY judge")
        == [
          #"j a 0 7.5 {"b":1,"a":[2]} fine"#, "k a 0 . [1] .", "l a 0 . . hm", "m a 0 0.0 . ",
          #"me a 1 8.0 {"x":1} ."#,
        ])
    #expect(try store.importLines(lines.reversed(), judge: "me").commit == nil)
  }

  @Test("another score of a response by the same judge is refused, or a new version")
  func conflict() throws {
    try store.importLines([line(#""judge":"j","score":1"#)])
    for fields in [#""score":2"#, #""score":1,"aspects":[1]"#, #""score":1,"critique":"x""#] {
      let error = try store.refusal(of: [line(#""judge":"j",\#(fields)"#)])
      #expect(error?.message == "j's score of a for 'p' is there already and differs")
      #expect(error?.hint == "add --replace to make this its new version")
    }
    let (_, report) = try store.importLines([line(#""judge":"j","score":3"#)], replaces: true)
    #expect(report.added == [.scores: 1] && report.retired == [.scores: 1])
    #expect(try store.texts("SELECT score FROM scores") == ["3.0"])
  }
}

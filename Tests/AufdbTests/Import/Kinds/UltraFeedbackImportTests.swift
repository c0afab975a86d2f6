// UltraFeedback as OpenBMB published it: every field, its ids, and the scores of 10 that were meant as 1.

import Testing

@testable import Aufdb

@Suite("Import of UltraFeedback") struct UltraFeedbackImportTests {
  /// A response in the set's shape; `ratings` are those of its aspects.
  static func response(
    _ model: String, _ text: String, score: String = "7.5", ratings: [String] = ["4", "N/A"]
  ) -> String {
    let names = ["helpfulness", "honesty", "instruction_following", "truthfulness"]
    let aspects = zip(names, ratings).map { name, rating in
      #"\#(name.quoted): {"Rating":\#(rating.quoted),"Rationale":"Because."}"#
    }
    return #"{"model":\#(model.quoted),"principle":"honesty","custom_system_prompt":"Be honest.","response":"#
      + #"\#(text.quoted), "annotations": { \#(aspects.joined(separator: " , ")) },"fine-grained_score":3.5,"#
      + #""overall_score":\#(score),"critique":"So so."}"#
  }

  static func line(_ instruction: String, _ responses: [String], models: [String], more: String = "") -> String {
    let names = models.map(\.quoted).joined(separator: ",")
    return #"{"source":"made","instruction":\#(instruction.quoted),"models":[\#(names)],"completions":"#
      + #"[\#(responses.joined(separator: ","))],"correct_answers":["None"]\#(more)}"#
  }

  static let lines = [
    line("Say é.", [response("a", "é"), response("b", "e", score: #""N/A""#)], models: ["a", "b"]),
    line("Count.", [response("a", "1", score: #""2""#)], models: ["a", "c"], more: #","incorrect_answers":[1, 2]"#),
  ]

  @Test("every field has its place")
  func golden() throws {
    let store = try ImportFixture()
    let (commit, report) = try store.importLines(Self.lines)
    #expect(report.added == [.prompts: 2, .responses: 3, .scores: 3])
    #expect(commit?.operation.contains(#""as":["ultrafeedback"],"files":["lines.jsonl"],"judge":"overall""#) == true)
    let (say, count) = (derivedID("Say é."), derivedID("Count."))
    #expect(
      try store.prompts()
        == [
          #"\#(say) made Say é. text {"correct_answers":["None"]}"#,
          #"\#(count) made Count. text {"correct_answers":["None"],"incorrect_answers":[1,2],"models":["a","c"]}"#,
        ].sorted())
    #expect(
      try store.lines(
        "SELECT model, sample, response, system_prompt, principle, metadata FROM responses ORDER BY response")
        == [
          #"a 0 1 Be honest. honesty {"fine-grained_score":3.5}"#,
          #"b 0 e Be honest. honesty {"fine-grained_score":3.5}"#,
          #"a 0 é Be honest. honesty {"fine-grained_score":3.5}"#,
        ])
    let aspects =
      #"{"helpfulness":{"Rating":"4","Rationale":"Because."},"honesty":{"Rating":"N/A","Rationale":"Because."}}"#
    #expect(
      try store.lines("SELECT judge, score, aspects, critique FROM scores ORDER BY score")
        == [".", "2.0", "7.5"].map { "overall \($0) \(aspects) So so." })
  }

  @Test("an id that is given stays, and then all that the record says is compared")
  func givenID() throws {
    let store = try ImportFixture()
    let line = Self.lines[0].replacing("{\"source\"", with: #"{"prompt_id":"p","source""#)
    try store.importLines([line])
    #expect(try store.texts("SELECT prompt_id FROM prompts") == ["p"])
    #expect(try store.importLines([line]).commit == nil)
    let other = line.replacing("made", with: "elsewhere")
    #expect(try store.refusal(of: [other])?.message == "the prompt 'p' is there already with another content")
    let text = line.replacing(#""response":"e""#, with: #""response":"E""#)
    #expect(
      try store.refusal(of: [text])?.message == "the response of b to 'p' is there already with another content")
  }

  /// A score, the ratings, and whether they contradict each other.
  static let suspects: [(score: String, ratings: [String], isSuspect: Bool)] = [
    ("10", ["1", "1", "1", "1"], true), (#""10""#, ["2", "2", "2", "2"], true), ("10.0", ["1", "3", "N/A"], true),
    ("10", ["2", "2", "2", "3"], false), ("10", ["N/A", "N/A"], false), ("10", [], false), ("9", ["1"], false),
    ("1", ["1"], false), ("10", ["5", "5", "5", "5"], false),
  ]

  @Test("a 10 where the aspects say 1 is counted, and repaired where that is asked for", arguments: suspects)
  func repair(score: String, ratings: [String], isSuspect: Bool) throws {
    let line = Self.line("q", [Self.response("a", "r", score: score, ratings: ratings)], models: ["a"])
    let plain = try ImportFixture()
    let (commit, report) = try plain.importLines([line])
    #expect(report.suspectScoreCount == (isSuspect ? 1 : 0))
    #expect(commit?.message == "Import 1 prompt, 1 response, 1 score from lines.jsonl")
    let expected = try plain.texts("SELECT score FROM scores")

    let repaired = try ImportFixture()
    let (other, otherReport) = try repaired.importLines(of: [[line]]) { $0.repairsOverallScore = true }
    #expect(otherReport == report)
    #expect(try repaired.texts("SELECT score FROM scores") == (isSuspect ? ["1.0"] : expected))
    #expect(other?.message.hasSuffix(", overall scores repaired: 1") == isSuspect)
    #expect(other?.operation.contains(#""repaired":1"#) == isSuspect)

    guard isSuspect else { return }
    #expect(
      throws: AufdbError.self, "the store has the 10",
      performing: { try plain.importLines(of: [[line]]) { $0.repairsOverallScore = true } })
    try plain.importLines(of: [[line]]) { ($0.repairsOverallScore, $0.replaces) = (true, true) }
    #expect(try plain.everything()[.scores] == repaired.everything()[.scores])
  }

  @Test("annotations of any shape are kept, whatever the score", arguments: ["[1]", "5", #"{"a":[{"Rating":"1"}]}"#])
  func otherAnnotations(json: String) throws {
    let store = try ImportFixture()
    let line =
      #"{"instruction":"q","completions":[{"model":"a","response":"r","overall_score":10,"annotations":\#(json)}]}"#
    #expect(try store.importLines([line]).report.suspectScoreCount == 0)
    #expect(try store.texts("SELECT aspects FROM scores") == [json])
  }
}

// The rows of an export, byte for byte.

import Foundation
import Testing

@testable import Aufdb

@Suite("Exported rows")
struct ExportRowTests {
  /// One pair on a prompt of text, one on a list of messages that has more than a role and a content.
  private func store() throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      // The label of the later prompt comes first: the order of rows is that of their prompts.
      try change.addPrompt("p2", "Why?", source: "made")
      try change.addResponse("p2", "big", "Because.")
      try change.addResponse("p2", "small", "No idea.")
      try change.addLabel("p2", chosen: "big", rejected: "small", scores: (9, 2.5))
      try change.addPrompt(
        "p1",
        """
        [ {"content": "Be brief.", "role": "system", "name": null}, {"role":"user","content":"2+2?","tools":[1]} ]
        """, format: "messages")
      try change.addResponse("p1", "big", "4")
      try change.addResponse("p1", "big", sample: 1, "22")
      try change.addLabel("p1", chosen: "big", rejected: "big", samples: (0, 1))
    }
    return store
  }

  @Test("dpo: the prompt's messages, and the two answers alone")
  func dpo() throws {
    let (folder, report) = try store().export(.dpo)
    #expect(
      try folder.rows().sorted() == [
        #"{"prompt_id":"p1","source":null,"#
          + #""prompt":[{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"}],"#
          + #""chosen":[{"role":"assistant","content":"4"}],"rejected":[{"role":"assistant","content":"22"}],"#
          + #""chosen_model":"big","chosen_score":null,"rejected_model":"big","rejected_score":null}"#,
        #"{"prompt_id":"p2","source":"made","prompt":[{"role":"user","content":"Why?"}],"#
          + #""chosen":[{"role":"assistant","content":"Because."}],"#
          + #""rejected":[{"role":"assistant","content":"No idea."}],"#
          + #""chosen_model":"big","chosen_score":9.0,"rejected_model":"small","rejected_score":2.5}"#,
      ])
    #expect(report.rowCount == 2)
    #expect(report.labelCount == 2)
    #expect(report.judges == ["overall"])
    #expect(report.omissions == nil)
  }

  @Test("rm: two whole conversations and no prompt")
  func rm() throws {
    let (folder, _) = try store().export(.rm)
    let system = #"{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"}"#
    #expect(
      try folder.rows().sorted() == [
        #"{"prompt_id":"p1","source":null,"chosen":[\#(system),{"role":"assistant","content":"4"}],"#
          + #""rejected":[\#(system),{"role":"assistant","content":"22"}],"#
          + #""chosen_model":"big","chosen_score":null,"rejected_model":"big","rejected_score":null}"#,
        #"{"prompt_id":"p2","source":"made","#
          + #""chosen":[{"role":"user","content":"Why?"},{"role":"assistant","content":"Because."}],"#
          + #""rejected":[{"role":"user","content":"Why?"},{"role":"assistant","content":"No idea."}],"#
          + #""chosen_model":"big","chosen_score":9.0,"rejected_model":"small","rejected_score":2.5}"#,
      ])
  }

  @Test("an empty list of messages stays one, where the answer alone is a conversation")
  func noMessages() throws {
    let store = try TestStore()
    try store.addPairs(1)
    try store.commit { change in
      try change.addPrompt("q", "[]", format: "messages")
      try change.addResponse("q", "a", "yes")
      try change.addResponse("q", "b", "no")
      try change.addLabel("q", chosen: "a", rejected: "b")
    }
    let row = try #require(try store.export(.rm).folder.rows().last)
    #expect(try JSONSerialization.jsonObject(with: Data(row.utf8)) is [String: Any])
    #expect(row.contains(#""chosen":[{"role":"assistant","content":"yes"}]"#))
    let report = try store.export(.dpo, to: "dpo").report
    #expect(report.rowCount == 1)
    #expect(report.omitted[.turnOrder] == 1)
  }

  /// A text and a name for it, which is what a test's report shows.
  struct AwkwardText: CustomTestStringConvertible {
    let testDescription: String
    let text: String
  }

  static let awkwardTexts = [
    AwkwardText(testDescription: "NUL", text: "a\u{0}b\u{0}"),
    AwkwardText(testDescription: "line separators", text: "line\u{2028}and\u{2029}end"),
    AwkwardText(testDescription: "emoji", text: "👩🏽‍🚀🇩🇪"),
    AwkwardText(testDescription: "right to left", text: "\u{5E9}\u{5DC}\u{5D5}\u{5DD} \u{202E}back"),
    AwkwardText(testDescription: "escapes", text: "\"\\\n\r\t\u{8}\u{C}\u{7F}"),
    AwkwardText(testDescription: "90 kB", text: String(repeating: "長い答え。", count: 6_000)),
  ]

  @Test("awkward text comes out as it went in", arguments: awkwardTexts)
  func awkwardText(_ awkward: AwkwardText) throws {
    let text = awkward.text
    let store = try TestStore()
    try store.commit { change in
      try change.addPrompt("p " + text.prefix(40), text, source: text)
      try change.addResponse("p " + text.prefix(40), "m" + text.prefix(40), text + "!")
      try change.addResponse("p " + text.prefix(40), "b", text)
      try change.addLabel("p " + text.prefix(40), chosen: "m" + text.prefix(40), rejected: "b", judge: "j")
    }
    for format in [ExportFormat.dpo, .rm] {
      let rows = try store.export(format, to: format.rawValue).folder.rows()
      #expect(rows.count == 1)
      let row = try #require(try JSONSerialization.jsonObject(with: Data(rows[0].utf8)) as? [String: Any])
      #expect(row["prompt_id"] as? String == "p " + text.prefix(40))
      #expect(row["source"] as? String == text)
      #expect(row["chosen_model"] as? String == "m" + text.prefix(40))
      let conversation = try #require(row["chosen"] as? [[String: String]])
      #expect(conversation.last == ["role": "assistant", "content": text + "!"])
      let prompt = format == .dpo ? row["prompt"] as? [[String: String]] : Array(conversation.dropLast())
      #expect(prompt == [["role": "user", "content": text]])
    }
  }

  @Test("progress is told every thousand labels")
  func progress() throws {
    let store = try TestStore()
    try store.addPairs(2001)
    var told: [ExportProgress] = []
    let options = ExportOptions(format: .dpo, directory: store.folder.path("out"))
    _ = try store.reading().export(options) { told.append($0) }
    #expect(told.map(\.labelsRead) == [1000, 2000])
    #expect(told.allSatisfy { $0.labelCount == 2001 })
  }
}

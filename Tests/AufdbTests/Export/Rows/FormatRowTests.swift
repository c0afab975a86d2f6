// The rows of every format, byte for byte, and what a format can't say.

import Foundation
import Testing

@testable import Aufdb

@Suite("Rows of every format")
struct FormatRowTests {
  private static let origin = #"{"prompt_id":"p1","source":"made","#
  private static let bareOrigin = #"{"prompt_id":"p1","#
  private static let bareModels = #""chosen_model":"big","rejected_model":"small"}"#
  private static let models =
    #""chosen_model":"big","chosen_score":9.0,"rejected_model":"small","rejected_score":2.5}"#
  private static let long = messagesJSON(
    messageJSON("system", "Be brief."), messageJSON("user", "2+2?"), messageJSON("assistant", "4"),
    messageJSON("user", "Why?"))
  private static let longTurns =
    #"{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"},"#
    + #"{"role":"assistant","content":"4"},{"role":"user","content":"Why?"}"#

  private func rows(_ layout: RowLayout, _ messages: String? = nil) throws -> [String] {
    let (rows, omission) = try PairFixture(messages: messages).rows(layout)
    #expect(omission == nil)
    return rows
  }

  @Test("kto: two rows a pair, the chosen response first")
  func kto() throws {
    let prompt = #""prompt":[{"role":"user","content":"Why?"}],"#
    #expect(
      try rows(RowLayout(format: .kto)) == [
        Self.origin + prompt + #""completion":[{"role":"assistant","content":"Because."}],"#
          + #""label":true,"model":"big","score":9.0}"#,
        Self.origin + prompt + #""completion":[{"role":"assistant","content":"No idea."}],"#
          + #""label":false,"model":"small","score":2.5}"#,
      ])
  }

  @Test("strings: three texts")
  func strings() throws {
    #expect(
      try rows(RowLayout(format: .strings)) == [
        Self.origin + #""prompt":"Why?","chosen":"Because.","rejected":"No idea.","# + Self.models
      ])
  }

  @Test("llama-factory, sharegpt: turns of human and gpt, the system message apart")
  func sharegpt() throws {
    let answers =
      #""chosen":{"from":"gpt","value":"Because."},"rejected":{"from":"gpt","value":"No idea."},"#
    #expect(
      try rows(RowLayout(format: .llamaFactory)) == [
        Self.bareOrigin + #""conversations":[{"from":"human","value":"Why?"}],"# + answers + #""system":"","#
          + Self.bareModels
      ])
    #expect(
      try rows(RowLayout(format: .llamaFactory, style: .sharegpt), Self.long) == [
        Self.bareOrigin
          + #""conversations":[{"from":"human","value":"2+2?"},{"from":"gpt","value":"4"},"#
          + #"{"from":"human","value":"Why?"}],"# + answers + #""system":"Be brief.","# + Self.bareModels
      ])
  }

  @Test("llama-factory, alpaca: a question, and a system message")
  func alpaca() throws {
    let layout = RowLayout(format: .llamaFactory, style: .alpaca)
    let answers = #""instruction":"Why?","input":"","chosen":"Because.","rejected":"No idea.","#
    #expect(try rows(layout) == [Self.bareOrigin + answers + #""system":"","# + Self.bareModels])
    let messages = messagesJSON(messageJSON("system", "Be brief."), messageJSON("user", "Why?"))
    #expect(try rows(layout, messages) == [Self.bareOrigin + answers + #""system":"Be brief.","# + Self.bareModels])
    #expect(try PairFixture(messages: Self.long).rows(layout).omission == .severalTurns)
  }

  @Test("nemo: ranks")
  func nemo() throws {
    #expect(
      try rows(RowLayout(format: .nemo), Self.long) == [
        Self.bareOrigin + #""context":[\#(Self.longTurns)],"completions":["#
          + #"{"rank":0,"completion":[{"role":"assistant","content":"Because."}]},"#
          + #"{"rank":1,"completion":[{"role":"assistant","content":"No idea."}]}],"# + Self.bareModels
      ])
  }

  @Test("ultrafeedback-binarized: the last question as a text, and three whole conversations")
  func ultrafeedbackBinarized() throws {
    let whole = { (answer: String) in #"[\#(Self.longTurns),{"role":"assistant","content":"\#(answer)"}]"# }
    #expect(
      try rows(RowLayout(format: .ultrafeedbackBinarized), Self.long) == [
        #"{"prompt":"Why?","prompt_id":"p1","chosen":\#(whole("Because.")),"rejected":\#(whole("No idea.")),"#
          + #""messages":\#(whole("Because.")),"score_chosen":9.0,"score_rejected":2.5,"source":"made","#
          + #""chosen_model":"big","rejected_model":"small"}"#
      ])
  }

  @Test("a margin is the last column of every row", arguments: RowLayout.all)
  func margin(_ layout: RowLayout) throws {
    var layout = layout
    layout.hasMargin = true
    for row in try rows(layout) { #expect(row.hasSuffix(#","margin":6.5}"#), "\(row)") }
  }

  @Test("a system message is put before prompts that have none", arguments: RowLayout.all)
  func system(_ layout: RowLayout) throws {
    guard layout.format != .strings else { return }
    var layout = layout
    layout.system = "Be \"kind\"."
    for row in try rows(layout) { #expect(row.contains(#"Be \"kind\"."#), "\(row)") }
    let messages = messagesJSON(messageJSON("system", "Be brief."), messageJSON("user", "Why?"))
    for row in try rows(layout, messages) { #expect(!row.contains("kind"), "\(row)") }
  }

  @Test("a row has the columns that the card names, in that order and of those types", arguments: RowLayout.all)
  func columns(_ layout: RowLayout) throws {
    for hasMargin in [false, true] {
      var layout = layout
      layout.hasMargin = hasMargin
      for row in try rows(layout) {
        var check = RowCheck(layout.columns)
        var line = row
        #expect(line.withUTF8 { check.finding(in: Bytes($0)) } == nil)
      }
    }
  }

  @Test(
    "prompts that a format can't say are left out by reason",
    arguments: [
      (
        messagesJSON(messageJSON("user", "a"), messageJSON("tool", "b")),
        [nil, nil, nil, .unknownRole, .unknownRole, .unknownRole, nil, .turnOrder]
      ),
      (
        messagesJSON(messageJSON("user", "a"), messageJSON("assistant", "b")),
        [.turnOrder, nil, .turnOrder, .severalTurns, .turnOrder, .turnOrder, .turnOrder, .turnOrder]
      ),
      (
        messagesJSON(messageJSON("system", "a")),
        [.turnOrder, nil, .turnOrder, .severalTurns, .turnOrder, .turnOrder, .turnOrder, .turnOrder]
      ),
      (
        messagesJSON(messageJSON("system", "a"), messageJSON("user", "b")),
        [nil, nil, nil, .severalTurns, nil, nil, nil, nil]
      ),
      (
        messagesJSON(messageJSON("user", "a"), messageJSON("user", "b")),
        [nil, nil, nil, .severalTurns, .turnOrder, .turnOrder, nil, nil]
      ),
      (
        messagesJSON(messageJSON("user", "a"), messageJSON("system", "b"), messageJSON("user", "c")),
        [nil, nil, nil, .severalTurns, .turnOrder, .turnOrder, nil, nil]
      ),
      (
        messagesJSON(messageJSON("developer", "a"), messageJSON("user", "b")),
        [nil, nil, nil, .unknownRole, .unknownRole, .unknownRole, nil, nil]
      ),
      (messagesJSON(messageJSON("user", "a")), [nil, nil, nil, nil, nil, nil, nil, nil]),
      ("[]", [.turnOrder, nil, .turnOrder, .severalTurns, .turnOrder, .turnOrder, .turnOrder, .turnOrder]),
    ] as [(String, [OmissionReason?])])
  func omissions(messages: String, reasons: [OmissionReason?]) throws {
    try #require(reasons.count == RowLayout.all.count)
    for (layout, reason) in zip(RowLayout.all, reasons) {
      let (rows, omission) = try PairFixture(messages: messages).rows(layout)
      #expect(omission == reason, "\(layout.format)")
      #expect(rows.isEmpty == (reason != nil))
    }
  }

  @Test("options that a format can't have are refused")
  func refusals() throws {
    func isRefused(_ layout: RowLayout, keepTies: Bool = false) -> Bool {
      do throws(AufdbError) {
        try layout.check(keepTies: keepTies)
        return false
      } catch {
        return error.kind == .usage && error.hint != nil
      }
    }
    #expect(isRefused(RowLayout(format: .dpo, style: .alpaca)))
    #expect(isRefused(RowLayout(format: .strings, system: "s")))
    #expect(isRefused(RowLayout(format: .kto), keepTies: true))
    #expect(isRefused(RowLayout(format: .nemo), keepTies: true))
    for layout in RowLayout.all { #expect(!isRefused(layout)) }
    #expect(!isRefused(RowLayout(format: .dpo, system: "s"), keepTies: true))
  }

  @Test("dataset_info.json, golden", arguments: LlamaFactoryStyle.allCases)
  func datasetInfo(_ style: LlamaFactoryStyle) throws {
    let files = RowLayout(format: .llamaFactory, style: style).extraFiles(splits: [("train", "data/t.jsonl")])
    #expect(files.map(\.name) == ["dataset_info.json"])
    let columns =
      style == .sharegpt
      ? #""chosen":"chosen","messages":"conversations","rejected":"rejected","system":"system""#
      : #""chosen":"chosen","prompt":"instruction","query":"input","rejected":"rejected","#
        + #""system":"system""#
    let tags =
      style == .sharegpt
      ? #","tags":{"assistant_tag":"gpt","content_tag":"value","function_tag":"function_call","#
        + #""observation_tag":"observation","role_tag":"from","system_tag":"system","user_tag":"human"}"# : ""
    let expected =
      #"{"train":{"columns":{\#(columns)},"file_name":"data/t.jsonl","formatting":"\#(style.rawValue)","#
      + #""ranking":true\#(tags)}}"#
    #expect(files[0].text == IndentedJSON.text(of: expected))
    #expect(RowLayout(format: .dpo).extraFiles(splits: [("train", "data/t.jsonl")]).isEmpty)
  }

  @Test("the features of nested columns, as datasets writes them")
  func features() {
    #expect(
      RowLayout(format: .nemo).features.contains(
        """
          - name: completions
            list:
            - name: rank
              dtype: int64
            - name: completion
              list:
              - name: role
                dtype: string
              - name: content
                dtype: string

        """))
    #expect(
      Column("on: \"x\"", .list(.list(.json))).yaml(indent: 0) == "- name: \"on: \\\"x\\\"\"\n  list:\n    list: json\n"
    )
    #expect(Column("off", .json).yaml(indent: 2) == "  - name: \"off\"\n    dtype: json\n")
    #expect(
      RowLayout(format: .llamaFactory).features.contains(
        "  - name: chosen\n    struct:\n    - name: from\n      dtype: string\n    - name: value\n      dtype: string\n"
      ))
    #expect(RowLayout(format: .kto).features.contains("  - name: label\n    dtype: bool\n"))
  }
}

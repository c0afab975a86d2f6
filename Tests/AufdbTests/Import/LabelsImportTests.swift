// Labels: every form of a line, whom they speak of, whose they are, and what happens where one is there already.

import Testing

@testable import Aufdb

@Suite("Import of labels") struct LabelsImportTests {
  private let store: ImportFixture

  init() throws {
    store = try ImportFixture()
    try store.importLines([
      completionsLine("p", [completion("a"), completion("b"), completion("c"), completion("a", more: #""sample":1"#)]),
      completionsLine("q", [completion("a"), completion("b")]),
    ])
  }

  private func rows() throws -> [[SQLValue]] { try store.rows("SELECT * FROM labels ORDER BY prompt_id, judge") }

  /// The row of a label on prompt p.
  private static func row(
    _ chosen: (String, Int64), _ rejected: (String, Int64), judge: String = "ada", tie: Int64 = 0,
    scores: (SQLValue, SQLValue) = (.null, .null), method: SQLValue = .null, batch: SQLValue = .null
  ) -> [SQLValue] {
    [
      .text("p"), .text(chosen.0), .integer(chosen.1), .text(rejected.0), .integer(rejected.1), .text(judge),
      .integer(tie), scores.0, scores.1, method, batch, .null,
    ]
  }

  static let forms: [(fields: String, row: [SQLValue])] = [
    (#""chosen_model":"a","rejected_model":"b""#, row(("a", 0), ("b", 0))),
    (#""chosen":"a","rejected":"b""#, row(("a", 0), ("b", 0))),
    (#""rejected":"b","chosen_model":"c""#, row(("c", 0), ("b", 0))),
    (#""chosen":{"model":"a"},"rejected":{"model":"b","sample":0}"#, row(("a", 0), ("b", 0))),
    (#""chosen":{"sample":1,"model":"a"},"rejected":{"model":"a"}"#, row(("a", 1), ("a", 0))),
    (#""chosen":{"model":"a","text":["x"]},"rejected":"a","rejected_sample":1"#, row(("a", 0), ("a", 1))),
    (#""chosen_sample":1,"chosen":{"model":"a"},"rejected_model":"c","rejected_sample":0"#, row(("a", 1), ("c", 0))),
    (#""chosen":"a","rejected":"b","tie":true"#, row(("a", 0), ("b", 0), tie: 1)),
    (#""chosen":"a","rejected":"b","tie":1"#, row(("a", 0), ("b", 0), tie: 1)),
    (#""chosen":"a","rejected":"b","tie":false"#, row(("a", 0), ("b", 0))),
    (#""chosen":"a","rejected":"b","tie":0"#, row(("a", 0), ("b", 0))),
    (
      #""chosen":"a","rejected":"b","chosen_score":8,"rejected_score":-0.0"#,
      row(("a", 0), ("b", 0), scores: (.real(8), .real(0)))
    ),
    (
      #""chosen":"a","rejected":"b","rejected_score":0.1,"chosen_score":null"#,
      row(("a", 0), ("b", 0), scores: (.null, .real(0.1)))
    ),
    (
      #""chosen":"a","rejected":"b","method":"drts","batch":3,"note":{"judge":[]}"#,
      row(("a", 0), ("b", 0), method: .text("drts"), batch: .integer(3))
    ),
    (#""chosen":"a","rejected":"b","method":null,"batch":null"#, row(("a", 0), ("b", 0))),
  ]

  @Test("every form of a line", arguments: forms)
  func form(fields: String, row: [SQLValue]) throws {
    let line = #"{"judge":"ada",\#(fields),"prompt_id":"p"}"#
    // Told by its keys as well as by name.
    let (commit, report) = try store.importLines([line])
    #expect(report.added == [.labels: 1] && report.recordCount == 1)
    #expect(commit?.changes == [Commit.Change(relation: .labels, added: 1, retired: 0)])
    #expect(try rows() == [row])
    #expect(try store.importLines([line], as: .labels).commit == nil)
    #expect(try store.isSound())
  }

  @Test("rows that a query gives can come in again, exactly")
  func queriedRows() throws {
    try store.importLines([
      labelLine("p", "a", over: "b", more: #""tie":true,"chosen_score":0.1,"rejected_score":0.1"#),
      labelLine("p", "c", over: "a", more: #""rejected_sample":1,"method":"drts","batch":2"#),
      labelLine("q", "b", over: "a", judge: "j\u{E9}\"\\", more: #""chosen_score":1e300"#),
      labelLine("q", "b", over: "a", judge: "eve", more: #""details":{"orders": [{"first": 0.81}, 1e-9]}"#),
    ])
    let columns = Relation.labels.columns.map { "'\($0)', \($0)" }.joined(separator: ", ")
    let lines = try store.texts("SELECT json_object(\(columns)) FROM labels").compactMap(\.self)
    #expect(try store.importLines(lines).report.unchangedCount == 4)
    let other = try ImportFixture()
    try other.importLines([
      completionsLine("p", [completion("a"), completion("b"), completion("c"), completion("a", more: #""sample":1"#)]),
      completionsLine("q", [completion("a"), completion("b")]),
    ])
    try other.importLines(lines)
    #expect(try other.everything()[.labels] == store.everything()[.labels])
  }

  @Test("details are JSON; a line without them says nothing about those that are there")
  func details() throws {
    func line(_ details: String) -> String { labelLine("p", "a", over: "b", more: #""details":\#(details)"#) }
    try store.importLines([line(#"{"a": [1, "x y"]}"#)])
    #expect(try store.texts("SELECT details FROM labels") == [#"{"a":[1,"x y"]}"#])
    for same in [labelLine("p", "a", over: "b"), line("null"), line("\"\""), line(#""{\"a\":[1,\"x y\"]}""#)] {
      #expect(try store.importLines([same]).report.unchangedCount == 1, "\(same)")
    }
    #expect(try store.refusal(of: [line(#"{"a":2}"#)])?.message.contains("is there already and differs") == true)
    #expect(
      try store.refusal(of: [line(#""{oops""#)])?.message.hasPrefix("details is a text that is no JSON: ") == true)
    #expect(try store.isSound())
  }

  @Test("a judge that was given is whose the lines are that name none, and no others")
  func judges() throws {
    let lines = [
      labelLine("p", "a", over: "b", judge: nil), labelLine("p", "a", over: "c", judge: nil, more: #""judge":null"#),
      labelLine("p", "b", over: "a", judge: "bob"),
    ]
    let hint = "add it to the line, or name one for all such lines with --judge NAME"
    for line in lines[..<2] {
      let error = try store.refusal(of: [lines[2], line])
      #expect(
        error
          == AufdbError(
            .badData, "judge is missing", hint: hint, at: .init(file: store.folder.path("lines.jsonl"), line: 2)))
    }
    #expect(try store.count(.labels) == 0)
    let (commit, report) = try store.importLines(lines, judge: "Äda")
    #expect(report.added == [.labels: 3])
    #expect(try rows().map { $0[5] } == [.text("bob"), .text("Äda"), .text("Äda")])
    #expect(commit?.operation.contains(#""judge":"Äda""#) == true)
    #expect(try store.importLines(lines, judge: "eve").report.added == [.labels: 2])
    for name in ["", "a\nb", "\u{7F}"] {
      let error = try store.refusal(of: lines, judge: name)
      #expect(error?.kind == .usage)
      #expect(error?.message == "a judge's name can't be empty or hold control characters")
    }
  }

  @Test("labels of responses that aren't there are refused")
  func unknownResponse() throws {
    let cases = [
      (labelLine("r", "a", over: "b"), "there is no response of a (sample 0) to the prompt 'r'"),
      (labelLine("P", "a", over: "b"), "there is no response of a (sample 0) to the prompt 'P'"),
      (labelLine("q", "c", over: "b"), "there is no response of c (sample 0) to the prompt 'q'"),
      (labelLine("q", "b", over: "c"), "there is no response of c (sample 0) to the prompt 'q'"),
      (
        labelLine("p", "b", over: "a", more: #""rejected_sample":2"#),
        "there is no response of a (sample 2) to the prompt 'p'"
      ),
      (
        labelLine("q", "a", over: "b", more: #""chosen_sample":1"#),
        "there is no response of a (sample 1) to the prompt 'q'"
      ),
    ]
    for (line, message) in cases {
      let error = try store.refusal(of: [labelLine("p", "a", over: "b"), line], replaces: true)
      #expect(
        error
          == AufdbError(
            .badData, message, hint: "import the completions first",
            at: .init(file: store.folder.path("lines.jsonl"), line: 2)))
    }
    #expect(try store.count(.labels) == 0)
  }

  @Test("a response isn't better than itself")
  func sameResponse() throws {
    let same = try store.refusal(of: [labelLine("p", "a", over: "a")])
    #expect(same?.message == "chosen and rejected are the same response, that of a")
    #expect(same?.kind == .badData && same?.place?.line == 1)
    let sample = #""chosen_sample":1,"rejected_sample":1,"tie":true"#
    let tie = try store.refusal(of: ["", labelLine("p", "a", over: "a", more: sample)])
    #expect(tie?.message == "chosen and rejected are the same response, that of a (sample 1)")
    #expect(tie?.place?.line == 2)
  }

  static let changes: [(line: String, name: String)] = [
    (labelLine("p", "b", over: "a", more: #""chosen_score":2,"rejected_score":1"#), "ada's label of b and a for 'p'"),
    (labelLine("p", "a", over: "b"), "ada's label of a and b for 'p'"),
    (labelLine("p", "a", over: "b", more: #""chosen_score":2,"rejected_score":1.5"#), "ada's label of a and b for 'p'"),
    (labelLine("p", "a", over: "b", more: #""chosen_score":1,"rejected_score":2"#), "ada's label of a and b for 'p'"),
    (
      labelLine("p", "a", over: "b", more: #""chosen_score":2,"rejected_score":1,"tie":1"#),
      "ada's label of a and b for 'p'"
    ),
    (
      labelLine("p", "a", over: "b", more: #""chosen_score":2,"rejected_score":1,"method":"drts""#),
      "ada's label of a and b for 'p'"
    ),
    (
      labelLine("p", "a", over: "b", more: #""chosen_score":2,"rejected_score":1,"batch":1"#),
      "ada's label of a and b for 'p'"
    ),
    (
      labelLine("p", "a", over: "a", judge: "Bob B.", more: #""chosen_sample":1"#),
      "Bob B.'s label of a (sample 1) and a for 'p'"
    ),
  ]

  @Test("a label that differs from the store's is refused, or becomes its new version", arguments: changes)
  func replace(line: String, name: String) throws {
    let base = [
      labelLine("p", "a", over: "b", more: #""chosen_score":2,"rejected_score":1"#),
      labelLine("p", "a", over: "a", judge: "Bob B.", more: #""rejected_sample":1"#), labelLine("q", "a", over: "b"),
    ]
    try store.importLines(base)
    let (old, head) = (try store.everything(), try store.head())
    let error = try store.refusal(of: [base[2], line])
    #expect(
      error
        == AufdbError(
          .badData, "\(name) is there already and differs", hint: "add --replace to make this its new version",
          at: .init(file: store.folder.path("lines.jsonl"), line: 2)))
    #expect(try store.head() == head)
    #expect(try store.everything() == old)

    let (commit, report) = try store.importLines([base[2], line], replaces: true)
    #expect(report.added == [.labels: 1] && report.retired == [.labels: 1] && report.unchangedCount == 1)
    #expect(commit?.changes == [Commit.Change(relation: .labels, added: 1, retired: 1)])
    #expect(commit?.message == "Import 1 label from lines.jsonl")
    #expect(try store.count(.labels) == 3)
    #expect(try store.everything() != old)
    #expect(try store.everything(at: "main~1") == old, "the old version stays where it was")
    #expect(try store.importLines([line], replaces: true).commit == nil, "the new version is what is there now")
    try store.importLines(base, replaces: true)
    #expect(try store.everything() == old, "and back again")
    #expect(try store.isSound())
  }

  @Test("the same label twice in an import is fine if the two are equal, and refused if they differ")
  func twice() throws {
    let line = labelLine("p", "a", over: "b", more: #""chosen_score":2.0"#)
    let equal = #"{"judge":"ada","prompt_id":"p","rejected":"b","chosen":{"model":"a"},"chosen_score":2}"#
    let head = try store.head()
    for other in [labelLine("p", "b", over: "a"), labelLine("p", "a", over: "b")] {
      for replaces in [false, true] {
        let error = try store.refusal(of: [line, labelLine("q", "a", over: "b"), other], replaces: replaces)
        #expect(error?.kind == .badData)
        #expect(error?.message.hasSuffix(" for 'p' is there already and differs") == true)
        #expect(error?.hint == "it stands twice in this import, and the two differ")
        #expect(error?.place == .init(file: store.folder.path("lines.jsonl"), line: 3))
        #expect(try store.head() == head)
      }
    }
    let (_, report) = try store.importLines([line, equal, line])
    #expect(report.added == [.labels: 1] && report.unchangedCount == 2)

    // A replacement that comes twice is one; one that is taken back, or goes two ways, is none.
    let new = labelLine("p", "b", over: "a")
    #expect(try store.refusal(of: [new, line], replaces: true)?.place?.line == 2)
    #expect(try store.refusal(of: [new, labelLine("p", "b", over: "a", more: #""tie":1"#)], replaces: true) != nil)
    #expect(try store.importLines([new, new], replaces: true).report.retired == [.labels: 1])
  }

  @Test("two ties of a pair are equal whichever response each calls chosen; what isn't a tie has a direction")
  func ties() throws {
    let tie = labelLine("p", "a", over: "b", more: #""tie":true,"chosen_score":1,"rejected_score":2"#)
    let swapped = labelLine("p", "b", over: "a", more: #""tie":true,"chosen_score":2,"rejected_score":1"#)
    let crossed = labelLine("p", "b", over: "a", more: #""tie":true,"chosen_score":1,"rejected_score":2"#)
    #expect(try store.importLines([tie, swapped]).report.unchangedCount == 1)
    #expect(try store.importLines([swapped], replaces: true).commit == nil)
    #expect(try rows().first?[1] == .text("a"), "as the first one said it")
    #expect(try store.refusal(of: [crossed])?.message == "ada's label of b and a for 'p' is there already and differs")
    #expect(try store.importLines([crossed], replaces: true).report.retired == [.labels: 1])
  }

  @Test("labels of other judges, prompts, pairs and samples don't meet")
  func keys() throws {
    let lines = [
      labelLine("p", "a", over: "b"), labelLine("p", "b", over: "a", judge: "Ada"), labelLine("q", "b", over: "a"),
      labelLine("p", "b", over: "c"), labelLine("p", "c", over: "a"),
      labelLine("p", "b", over: "a", more: #""rejected_sample":1"#),
      labelLine("p", "c", over: "a", more: #""rejected_sample":1"#),
      labelLine("p", "a", over: "a", more: #""chosen_sample":1"#),
    ]
    let (commit, report) = try store.importLines(lines)
    #expect(report.added == [.labels: lines.count])
    #expect(commit?.message == "Import 8 labels from lines.jsonl")
    #expect(
      commit?.operation
        == #"{"verb":"import","parameters":{"as":["labels"],"files":["lines.jsonl"],"replace":false}}"#)
    #expect(try store.isSound())
  }
}

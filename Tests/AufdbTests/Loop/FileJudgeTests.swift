// People as judges: pairs go out into a file, answers come back in any order, partly, and twice.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Files of answers") struct FileJudgeTests {
  private let store: ImportFixture
  private var path: String { store.folder.path("pairs.jsonl") }

  init() throws {
    store = try ImportFixture()
    try store.importLines(
      (0..<6).map { completionsLine("p\($0)", [completion("a"), completion("b"), completion("c")]) })
    try store.select(SelectOptions(method: "random", seed: 1))
  }

  private func judge(isBlind: Bool = false, replaces: Bool = false) -> Judge {
    .file(JudgeFile(path, name: "ada", isBlind: isBlind, replaces: replaces))
  }

  private func lines() throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func write(_ lines: [String]) throws { _ = try store.file("pairs.jsonl", lines) }

  private func answered(_ line: String, _ choice: String) -> String {
    line.replacing(#""choice":null"#, with: #""choice":"\#(choice)""#)
  }

  /// Swaps what a line calls first and second.
  private func swapped(_ line: String) -> String {
    line.replacing(#""first":{"#, with: #""x":{"#).replacing(#""second":{"#, with: #""first":{"#)
      .replacing(#""x":{"#, with: #""second":{"#)
  }

  private func expectRefused(_ error: String, line: Int, _ lines: [String], replaces: Bool = false) throws {
    try write(lines)
    let before = try (store.head(), store.everything())
    let thrown = #expect(throws: AufdbError.self) { try store.annotate(judge(replaces: replaces)) }
    #expect(thrown?.message == error && thrown?.place == .init(file: path, line: line), "\(thrown as Any)")
    #expect(try store.head() == before.0 && store.everything() == before.1)
  }

  @Test("pairs are written once, and answers come back in any order, partly and twice", arguments: [false, true])
  func roundTrip(isBlind: Bool) throws {
    let out = try store.annotate(judge(isBlind: isBlind))
    #expect(out.commit == nil && out.report.writtenCount == 6 && out.report.withoutVerdictCount == 6)
    let lines = try lines()
    #expect(lines.count == 6)
    #expect(lines.allSatisfy { $0.contains("prompt_id") != isBlind && $0.contains(#""model""#) != isBlind })
    #expect(try store.folder.names().filter { $0.hasSuffix(".tmp") } == [])

    try write([answered(lines[4], "second"), lines[1], answered(lines[0], "first"), answered(lines[0], "first")])
    let some = try store.annotate(judge())
    #expect(some.report.labelCount == 2 && some.report.withoutVerdictCount == 4 && some.report.absentCount == 3)
    try write(lines.reversed().map { answered($0, $0 == lines[4] ? "second" : $0 == lines[3] ? "tie" : "first") })
    let all = try store.annotate(judge())
    #expect(all.report == AnnotateReport(labelCount: 4, tieCount: 1, alreadyLabelledCount: 2))
    let again = try store.annotate(judge())
    #expect(again.commit == nil && again.report == AnnotateReport(alreadyLabelledCount: 6))
    // Nothing is pending, so no file is made.
    try FileManager.default.removeItem(atPath: path)
    #expect(try store.annotate(judge()).report == AnnotateReport(alreadyLabelledCount: 6))
    #expect(!FileManager.default.fileExists(atPath: path))
    // What was labelled as "first" is what the line showed first.
    for (index, line) in lines.enumerated() where index != 3 {
      let chosen = try #require(
        try store.texts("SELECT chosen_model FROM labels WHERE prompt_id = 'p\(index)' AND judge = 'ada'").first)
      let shown = line.components(separatedBy: #""second":"#)
      #expect(shown[index == 4 ? 1 : 0].contains("\(chosen ?? "") answers"))
    }
    #expect(try store.isSound())
  }

  @Test("a line's own first and second count, and it may say who answered")
  func swappedLines() throws {
    try store.annotate(judge())
    let lines = try lines()
    let firsts = try store.texts("SELECT first_model FROM selections ORDER BY prompt_id")
    try write([
      answered(swapped(lines[0]), "second"), answered(lines[0], "first"), swapped(lines[0]),
      answered(swapped(lines[1]), "second").replacing(#""choice""#, with: #""annotator":"bob","choice""#),
    ])
    #expect(try store.annotate(judge()).report.labelCount == 2)
    let labels = try store.texts("SELECT judge || ' ' || chosen_model FROM labels ORDER BY prompt_id")
    #expect(labels == ["ada \(firsts[0] ?? "")", "bob \(firsts[1] ?? "")"])
    // Bob's opinion isn't Ada's: the pair is still hers to answer.
    try write([answered(lines[1], "tie")])
    #expect(try store.annotate(judge()).report.labelCount == 1)
    #expect(try store.count(.labels) == 3)
  }

  @Test("answers that make no sense, or contradict each other, are refused by line")
  func refusals() throws {
    try store.annotate(judge())
    let lines = try lines()
    let models = try store.rows("SELECT first_model, second_model FROM selections WHERE prompt_id = 'p0'")[0]
    guard case .text(let a) = models[0], case .text(let b) = models[1] else { return }
    try expectRefused(
      "the answer on \(a) and \(b) for 'p0' is not that of line 1", line: 2,
      [answered(lines[0], "first"), answered(lines[0], "tie")])
    try expectRefused(
      "the answer on \(b) and \(a) for 'p0' is not that of line 1", line: 3,
      [answered(lines[0], "first"), lines[1], answered(swapped(lines[0]), "first")])
    let other = answered(lines[0], "first").replacing(#""p0""#, with: #""p9""#)
    try expectRefused("the pair is not selected: \(a) and \(b) for 'p9'", line: 2, [lines[1], other])
    try expectRefused("unexpected 'x'", line: 2, [lines[0], "x"])
    try expectRefused("choice is \"left\", not first, second, tie or null", line: 1, [answered(lines[0], "left")])
    try expectRefused("choice is missing", line: 1, [lines[0].replacing(#","choice":null"#, with: "")])
    try expectRefused("prompt_id is missing", line: 1, [#"{"choice":"first"}"#])
    try expectRefused(
      "id is \"12\", not the 32 digits that stood there", line: 1, [#"{"id":"12","choice":"first"}"#])
    let id = String(repeating: "0", count: 32)
    try expectRefused(
      "the pair is not selected: that of the id \(id)", line: 1, [#"{"id":"\#(id)","choice":"first"}"#])
    try expectRefused("annotator and judge stand in one line", line: 1, [#"{"annotator":"x","judge":"y"}"#])
  }

  @Test("an answer that differs from the label is refused, or replaces it")
  func replacing() throws {
    try store.annotate(judge())
    let lines = try lines()
    try write([answered(lines[0], "first")])
    try store.annotate(judge())
    let models = try store.rows("SELECT first_model, second_model FROM selections WHERE prompt_id = 'p0'")[0]
    guard case .text(let a) = models[0], case .text(let b) = models[1] else { return }
    try expectRefused(
      "ada's label of \(a) and \(b) for 'p0' is there already and differs", line: 1, [answered(lines[0], "second")])
    let (commit, report) = try store.annotate(judge(replaces: true))
    #expect(report.labelCount == 1)
    #expect(commit?.changes == [Commit.Change(relation: .labels, added: 1, retired: 1)])
    #expect(try store.texts("SELECT chosen_model FROM labels") == [b])
  }

  @Test("files that can't be read or made")
  func files() throws {
    try write([])
    #expect(throws: AufdbError(.badData, "the file is empty", at: .init(file: path))) { try store.annotate(judge()) }
    let missing = Judge.file(JudgeFile(store.folder.path("no/pairs.jsonl"), name: "ada"))
    let error = #expect(throws: AufdbError.self) { try store.annotate(missing) }
    #expect(error?.kind == .cannotCreateOutput)
    #expect(throws: AufdbError.self) { try Judge("file:-") }
    #expect(try Judge("file:runs/ada.jsonl.zst").name == "ada")
  }
}

// Labels beside what else a store has: other kinds of files, other branches, what annotates and what exports; and what
// it costs to replace a few of many.

import GRDBSQLite
import Testing

@testable import Aufdb

@Suite("Imported labels among others") struct LabelsAmongOthersTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  private static let completions = [
    completionsLine("p", [completion("a", score: 1), completion("b", score: 2), completion("c")]),
    completionsLine("q", [completion("a", score: 4), completion("b", score: 3)]),
  ]

  private func importLines(_ lines: [String], to branch: String, replaces: Bool = false) throws -> Commit? {
    let file = try store.file("\(branch).jsonl", lines)
    let context = CommitContext(branch: branch, author: "tester", milliseconds: 1_700_000_000_000)
    return try store.writing {
      try $0.importFiles(ImportOptions(files: [file], replaces: replaces), context: context).commit
    }
  }

  @Test("labels may come with their completions in one import, a file for each, but not before them")
  func withCompletions() throws {
    let completions = try store.file("c.jsonl", Self.completions)
    let labels = try store.file("l.jsonl", [labelLine("p", "a", over: "b"), labelLine("q", "b", over: "a")])
    #expect(throws: AufdbError.self) { try store.importFiles([labels, completions]) }
    #expect(try store.count(.prompts) == 0)
    let (commit, _) = try store.importFiles([completions, labels], judge: "gpt")
    #expect(commit?.message == "Import 2 prompts, 5 responses, 4 scores, 2 labels from c.jsonl, l.jsonl")
    #expect(commit?.operation.contains(#""as":["completions","labels"]"#) == true)
    #expect(commit?.operation.contains(#""judge":"gpt""#) == true)
    #expect(try store.texts("SELECT DISTINCT judge FROM labels") == ["ada"])
    #expect(try store.texts("SELECT DISTINCT judge FROM scores") == ["gpt"])
  }

  @Test("a selection with an imported label counts as labelled, and the label can be exported")
  func annotateAndExport() throws {
    try store.importLines(Self.completions)
    try store.select(SelectOptions(method: "random", seed: 1))
    let pairs = try store.texts("SELECT first_model || second_model FROM selections WHERE prompt_id = 'q'")
    #expect(pairs == ["ab"] || pairs == ["ba"])
    try store.importLines(
      [labelLine("q", "b", over: "a", judge: "overall", more: #""method":"random","batch":1"#)])
    let (_, report) = try store.annotate(.scores(judge: "overall"))
    #expect(report.alreadyLabelledCount == 1)
    #expect(try store.texts("SELECT chosen_model FROM labels WHERE prompt_id = 'q'") == ["b"])
    let folder = store.folder.path("dpo")
    let export = try Store(store.path, for: .reading).export(
      ExportOptions(format: .dpo, directory: folder, judges: ["overall"]))
    #expect(export.rowCount >= 1)
  }

  @Test("each branch has labels of its own, about the responses that it sees")
  func branches() throws {
    try store.importLines(Self.completions)
    try store.importLines([labelLine("p", "a", over: "b")])
    try store.writing { _ = try $0.createRef(.branch, RefName("other")) }
    #expect(try importLines([labelLine("p", "b", over: "a")], to: "other", replaces: true) != nil)
    #expect(try store.texts("SELECT chosen_model FROM labels", at: "other") == ["b"])
    #expect(try store.texts("SELECT chosen_model FROM labels", at: "main") == ["a"])
    #expect(try importLines([labelLine("p", "b", over: "a")], to: "other") == nil)
    #expect(try importLines([labelLine("p", "a", over: "b")], to: "main") == nil)

    // Only one of the two has the response of z.
    #expect(try importLines([completionsLine("z", [completion("z"), completion("a")])], to: "other") != nil)
    #expect(try importLines([labelLine("z", "z", over: "a")], to: "other") != nil)
    let error = #expect(throws: AufdbError.self) { try importLines([labelLine("z", "z", over: "a")], to: "main") }
    #expect(error?.message == "there is no response of z (sample 0) to the prompt 'z'")
    #expect(try store.isSound())
  }

  @Test("a branch from an old commit sees the labels that were replaced since, and replaces them anew")
  func oldBranch() throws {
    try store.importLines(Self.completions)
    try store.importLines([labelLine("p", "a", over: "b"), labelLine("q", "a", over: "b")])
    try store.importLines([labelLine("p", "b", over: "a")], replaces: true)
    try store.writing { _ = try $0.createRef(.branch, RefName("old"), at: "main~1") }
    #expect(try importLines([labelLine("p", "a", over: "b")], to: "old") == nil)
    let tie = labelLine("p", "a", over: "b", more: #""tie":true"#)
    #expect(throws: AufdbError.self) { try importLines([tie], to: "old") }
    #expect(try importLines([tie], to: "old", replaces: true) != nil)
    #expect(try importLines([tie], to: "old", replaces: true) == nil)
    let states = "SELECT group_concat(chosen_model || tie, ' ') FROM (SELECT * FROM labels ORDER BY prompt_id)"
    #expect(try store.texts(states, at: "old") == ["a1 a0"])
    #expect(try store.texts(states, at: "main") == ["b0 a0"])
    #expect(try store.isSound())
  }

  /// How many steps SQLite's machine takes to replace ten labels of so many, a label a prompt.
  private static func stepsToReplaceTen(of count: Int) throws -> Int {
    let store = try ImportFixture()
    let prompts = (0..<count).map { "p\($0)" }
    try store.importLines(prompts.map { completionsLine($0, [completion("a"), completion("b")]) })
    try store.importLines(prompts.map { labelLine($0, "a", over: "b") })
    let file = try store.file(
      "new.jsonl", stride(from: 0, to: count, by: count / 10).map { labelLine("p\($0)", "b", over: "a") })
    let steps = VirtualMachineSteps()
    try store.writing { writer in
      try writer.withConnection { steps.watch($0) }
      let options = ImportOptions(files: [file], replaces: true)
      #expect(try writer.importFiles(options, context: ImportFixture.context()).report.retired == [.labels: 10])
      try writer.withConnection { sqlite3_progress_handler($0.handle, 0, nil, nil) }
    }
    return steps.count
  }

  @Test("to replace a few labels costs what these few cost, however many there are")
  func replacementCost() throws {
    let (few, many) = (try Self.stepsToReplaceTen(of: 50), try Self.stepsToReplaceTen(of: 1000))
    #expect(few > 100 && Double(many) < 1.1 * Double(few), "\(few) steps among 50, \(many) among 1000")
  }
}

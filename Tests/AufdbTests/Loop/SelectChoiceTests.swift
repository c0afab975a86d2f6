// Which prompts are asked, and what is not picked again.

import AufdbAcquisition
import Testing

@testable import Aufdb

@Suite("Choice of prompts") struct SelectChoiceTests {
  private let store: ImportFixture

  /// Six prompts with three scored responses each, c best and a worst; odd ones have another source.
  init() throws {
    store = try ImportFixture()
    try store.importLines(
      (1...6).map { number in
        sourcedLine(
          "p\(number)", number % 2 == 1 ? "odd" : "even",
          [completion("a", score: 1), completion("b", score: 3), completion("c", score: 5)])
      })
  }

  private func pairs(batch: Int) throws -> [String?] {
    try store.texts(
      "SELECT prompt_id || ' ' || first_model || second_model FROM selections WHERE batch = \(batch) ORDER BY 1")
  }

  @Test("prompts that have a label are passed over, whoever gave it, unless one judge is named")
  func unlabelled() throws {
    try store.importLines(
      [labelLine("p1", "a", over: "b", judge: "ann"), labelLine("p2", "b", over: "a", judge: "bob")])
    let (_, report) = try store.select(SelectOptions(method: "maxmin"))
    #expect(report.selectedCount == 4 && report.promptCount == 4 && report.labelledCount == 2)
    #expect(try pairs(batch: 1) == ["p3 ca", "p4 ca", "p5 ca", "p6 ca"])
    let (_, byAnn) = try store.select(SelectOptions(method: "greedy", parameters: ["by": "scores"], labelsBy: "ann"))
    #expect(byAnn.selectedCount == 5 && byAnn.labelledCount == 1)
    #expect(try store.select(SelectOptions(method: "random", labelsBy: "nobody")).report.selectedCount == 6)
  }

  @Test("--all asks every prompt, and takes the next best pair where the best is settled")
  func all() throws {
    try store.importLines([labelLine("p1", "a", over: "c", judge: "ann")])
    try store.select(SelectOptions(method: "maxmin", limit: 2, order: .random))
    let (_, second) = try store.select(SelectOptions(method: "maxmin", prompts: .all))
    #expect(second.selectedCount == 6 && second.labelledCount == 0)
    let firstPrompts = try store.texts("SELECT prompt_id FROM selections WHERE batch = 1")
    for pair in try pairs(batch: 2) {
      let id = pair?.prefix(2).description
      // Of equally wide pairs that are left, (b, a) comes before (c, b).
      #expect(pair?.suffix(2) == (id == "p1" || firstPrompts.contains(id) ? "ba" : "ca"))
    }
    try store.select(SelectOptions(method: "maxmin", prompts: .all))
    try store.select(SelectOptions(method: "maxmin", prompts: .all))
    let (commit, last) = try store.select(SelectOptions(method: "maxmin", prompts: .all))
    #expect(commit == nil && last.exhaustedCount == 6, "a prompt of three has three pairs")
    #expect(try store.texts("SELECT max(n) FROM (SELECT count(*) AS n FROM selections GROUP BY prompt_id)") == ["3"])
    let another = try store.select(SelectOptions(method: "random", prompts: .all)).report
    #expect(another.selectedCount == 6, "what another method selected isn't in the way")
  }

  @Test("a random method's pairs never repeat, and run out when all are settled", arguments: [UInt64(1), 2, 3])
  func randomNeverRepeats(seed: UInt64) throws {
    for _ in 1...3 {
      #expect(try store.select(SelectOptions(method: "random", seed: seed, prompts: .all)).report.selectedCount == 6)
    }
    #expect(try store.select(SelectOptions(method: "random", seed: seed, prompts: .all)).report.exhaustedCount == 6)
    #expect(
      try store.texts(
        """
        SELECT count(*) FROM (SELECT DISTINCT prompt_id, min(first_model, second_model), max(first_model, second_model)
          FROM selections)
        """) == ["18"])
  }

  @Test("another judge's labels don't keep a pair from being picked for this one")
  func labelsBy() throws {
    try store.importLines(
      (1...6).map { labelLine("p\($0)", "c", over: "a", judge: "ann") })
    try store.select(SelectOptions(method: "maxmin", prompts: .all, labelsBy: "bob"))
    #expect(try pairs(batch: 1).allSatisfy { $0?.hasSuffix("ca") == true })
    try store.select(SelectOptions(method: "maxmin", prompts: .all, labelsBy: "ann", limit: 1))
    #expect(try pairs(batch: 2).allSatisfy { $0?.hasSuffix("ba") == true })
  }

  @Test("a condition on the prompts")
  func condition() throws {
    let cases = [
      ("source = 'odd'", ["p1", "p3", "p5"]), ("prompt_id IN ('p2', 'p9') -- a comment", ["p2"]),
      ("prompt_id = 'p1' OR prompt_id = 'p4'", ["p1", "p4"]),
      (
        "prompt_id NOT IN (SELECT prompt_id FROM scores WHERE model = 'b' AND score > 9) AND source = 'even'",
        ["p2", "p4", "p6"]
      ),
    ]
    for (batch, (condition, expected)) in cases.enumerated() {
      let (_, report) = try store.select(SelectOptions(method: "maxmin", prompts: .again, condition: condition))
      #expect(try pairs(batch: batch + 1).map { $0?.prefix(2).description } == expected, "\(condition)")
      #expect(report.withoutCandidatesCount == 0)
    }
    let (commit, none) = try store.select(SelectOptions(method: "maxmin", condition: "source IS NULL"))
    #expect(commit == nil && none.selectedCount == 0)
    #expect(try store.head().operation.contains(#""where":"prompt_id NOT IN"#))
  }

  @Test(
    "a condition that is none is refused, and nothing happens",
    arguments: [
      "sauce = 'odd'", "source =", "1); DELETE FROM prompts_all; --", "", "source = 'odd'; DROP TABLE prompts_all",
      "load_extension('x')", "writefile('x', 'y')", "1) UNION SELECT prompt_id FROM (DELETE FROM labels",
    ])
  func badCondition(_ condition: String) throws {
    let head = try store.head()
    let error = #expect(throws: AufdbError.self) {
      try store.select(SelectOptions(method: "maxmin", condition: condition))
    }
    #expect(error?.kind == .refused, "\(String(describing: error))")
    #expect(try store.head() == head)
    #expect(try store.isSound())
  }

  @Test("a revision's prompts are meant where another revision is looked at")
  func conditionAtRevision() throws {
    try store.importLines([sourcedLine("p7", "odd", [completion("a", score: 1), completion("b", score: 2)])])
    let old = SelectOptions(method: "maxmin", revision: Revision("main~1"), condition: "source = 'odd'")
    #expect(try store.select(old).report.selectedCount == 3)
    #expect(try store.select(SelectOptions(method: "maxmin", condition: "source = 'odd'")).report.selectedCount == 1)
  }

  @Test("the models asked for, and the prompts that lack one")
  func fixedPair() throws {
    try store.importLines([completionsLine("p9", [completion("a"), completion("b")])])
    let (_, report) = try store.select(
      SelectOptions(method: "fixed-pair", parameters: ["first-model": "a", "second-model": "c"]))
    #expect(report.selectedCount == 6 && report.skipped == [.lacksModel: 1])
    #expect(try pairs(batch: 1).allSatisfy { $0?.hasSuffix("ac") == true })
  }

  @Test("the longest response against the shortest, in characters")
  func length() throws {
    try store.importLines([
      completionsLine("q", [completion("x", "äöü€"), completion("y", "abcde"), completion("z", "🙂🙂")])
    ])
    try store.select(SelectOptions(method: "length", condition: "prompt_id = 'q'"))
    #expect(try pairs(batch: 1) == ["q yz"])
  }
}

/// A line of completions of a prompt with a source.
private func sourcedLine(_ promptID: String, _ source: String, _ completions: [String]) -> String {
  let line = completionsLine(promptID, completions)
  return "{\"source\":\(source.quoted),\(line.dropFirst())"
}

// Labels: the better one is chosen, equals are a tie, each judge labels each pair once.

import Testing

@testable import Aufdb

@Suite("Annotate") struct AnnotateTests {
  private let store: ImportFixture

  init() throws { store = try ImportFixture() }

  /// A prompt with two responses and one judge's scores of them; nil: without a score.
  private func scored(_ promptID: String, _ a: Double?, _ b: Double?) -> String {
    completionsLine(promptID, [completion("a", score: a), completion("b", score: b)])
  }

  private func labels(_ judge: String) throws -> [[SQLValue]] {
    try store.rows(
      """
      SELECT prompt_id, chosen_model, rejected_model, tie, chosen_score, rejected_score, method, batch
      FROM labels WHERE judge = '\(judge)' ORDER BY 1
      """)
  }

  @Test("the higher score is chosen, equal scores are a tie, and a missing one is no label")
  func scores() throws {
    try store.importLines([
      scored("p1", 1, 2), scored("p2", 2, 1.5), scored("p3", 3, 3), scored("p4", nil, 3), scored("p5", nil, nil),
      scored("p6", -1, -0.5), scored("p7", 0, -0.0),
    ])
    try store.select(SelectOptions(method: "random", seed: 1))
    let (commit, report) = try store.annotate(.scores(judge: "overall"))
    #expect(report == AnnotateReport(labelCount: 5, tieCount: 2, alreadyLabelledCount: 0, withoutVerdictCount: 2))
    let labels = try labels("overall")
    let (a, b): (SQLValue, SQLValue) = (.text("a"), .text("b"))
    let selected = try store.rows("SELECT first_model, second_model FROM selections ORDER BY prompt_id")
    let end: [SQLValue] = [.text("random"), .integer(1)]
    let expected: [[SQLValue]] = [
      [.text("p1"), b, a, .integer(0), .real(2), .real(1)] + end,
      [.text("p2"), a, b, .integer(0), .real(2), .real(1.5)] + end,
      [.text("p3")] + selected[2] + [.integer(1), .real(3), .real(3)] + end,
      [.text("p6"), b, a, .integer(0), .real(-0.5), .real(-1)] + end,
      [.text("p7")] + selected[6] + [.integer(1), .real(0), .real(0)] + end,
    ]
    #expect(labels == expected)
    #expect(commit?.message == "Annotate 5 pairs by overall, 2 of them ties")
    #expect(commit?.changes == [Commit.Change(relation: .labels, added: 5, retired: 0)])
    #expect(try store.isSound())
  }

  @Test("only what is pending is labelled: again does nothing, and what is new comes in later")
  func pending() throws {
    try store.importLines([scored("p1", 1, 2), scored("p2", 1, 2), scored("p3", nil, 2)])
    try store.select(SelectOptions(method: "random", seed: 1, limit: 1))
    #expect(try store.annotate(.scores(judge: "overall")).report.labelCount <= 1)
    try store.select(SelectOptions(method: "random", seed: 1))
    try store.annotate(.scores(judge: "overall"))
    let head = try store.head()
    let again = try store.annotate(.scores(judge: "overall"))
    #expect(again.commit == nil)
    #expect(again.report == AnnotateReport(labelCount: 0, tieCount: 0, alreadyLabelledCount: 2, withoutVerdictCount: 1))
    #expect(try store.head() == head)

    try store.importLines([scored("p3", 4, 2)])
    let late = try store.annotate(.scores(judge: "overall"))
    #expect(late.report == AnnotateReport(labelCount: 1, tieCount: 0, alreadyLabelledCount: 2, withoutVerdictCount: 0))
    #expect(try labels("overall").count == 3)
  }

  @Test("a pair that two methods selected, in either order, gets one label")
  func samePair() throws {
    try store.importLines([scored("p1", 1, 2), scored("p2", 2, 1)])
    try store.select(SelectOptions(method: "random", seed: 0))
    try store.select(SelectOptions(method: "maxmin"))
    for seed in 1...6 { try store.select(SelectOptions(method: "random", seed: UInt64(seed), prompts: .again)) }
    #expect(try store.texts("SELECT count(DISTINCT first_model) FROM selections WHERE prompt_id = 'p1'") == ["2"])
    let (_, report) = try store.annotate(.scores(judge: "overall"))
    #expect(report.labelCount == 2 && report.alreadyLabelledCount == 14)
  }

  @Test("two judges label the same pairs side by side")
  func judges() throws {
    try store.importLines([scored("p1", 1, 2), scored("p2", 2, 1)])
    try store.importLines([scored("p1", 9, 2), scored("p2", 5, 5)], judge: "other")
    try store.select(SelectOptions(method: "random"))
    try store.annotate(.scores(judge: "overall"))
    let (_, report) = try store.annotate(.scores(judge: "other"))
    #expect(report == AnnotateReport(labelCount: 2, tieCount: 1, alreadyLabelledCount: 0, withoutVerdictCount: 0))
    #expect(try labels("overall").map { $0[1] } == [.text("b"), .text("a")])
    #expect(try labels("other")[0][1] == .text("a"))
    try store.annotate(.random(seed: 1))
    #expect(try store.texts("SELECT count(*) FROM labels GROUP BY judge ORDER BY judge") == ["2", "2", "2"])
    #expect(try labels("random").allSatisfy { $0[4] == .null && $0[5] == .null && $0[3] == .integer(0) })
  }

  @Test("a judge among many is found")
  func manyJudges() throws {
    try store.importLines([scored("p", nil, nil)])
    for number in 10..<35 { try store.importLines([scored("p", 1, 2)], judge: "judge \(number)") }
    try store.select(SelectOptions(method: "random"))
    for name in ["judge 10", "judge 34"] {
      #expect(try store.annotate(.scores(judge: name)).report.labelCount == 1, "\(name)")
    }
  }

  @Test("a judge without scores is refused, and so is a store without selections")
  func refusals() throws {
    let error = AufdbError(
      .refused, "there are no selections to annotate on 'main'", hint: "`aufdb select STORE --method M` makes some")
    #expect(throws: error) { try store.annotate(.random(seed: 0)) }
    try store.importLines([scored("p", 1, 2)])
    #expect(throws: error) { try store.annotate(.scores(judge: "overall")) }
    try store.select(SelectOptions(method: "random"))
    let unknown = AufdbError(.refused, "there are no scores of a judge 'x'", hint: "judges here: overall")
    #expect(throws: unknown) { try store.annotate(.scores(judge: "x")) }
    for text in ["", "scores", "scores:", "Random", "random:1", "command", "command: ", "file:", "files:x"] {
      let error = AufdbError(
        .usage, "there is no judge '\(text)'", hint: "judges: scores:NAME, random, command:CMD, file:PATH")
      #expect(throws: error) { try Judge(text) }
    }
    #expect(try Judge("scores:a:b") == .scores(judge: "a:b"))
  }

  @Test("the random judge is fair, and knows no order", arguments: [UInt64(1), 2, 3])
  func random(seed: UInt64) throws {
    let lines = (0..<400).map { scored("p\($0)", 1, 2) }
    var labels: [[[SQLValue]]] = []
    for (index, lines) in [lines, lines.reversed()].enumerated() {
      let store = try ImportFixture()
      try store.importLines(Array(lines))
      // The two seeds select many pairs the other way round, and in another order.
      try store.select(SelectOptions(method: "random", seed: UInt64(index)))
      try store.annotate(.random(seed: seed))
      labels.append(try store.rows("SELECT prompt_id, chosen_model, rejected_model FROM labels ORDER BY 1"))
    }
    #expect(labels[0] == labels[1])
    let count = labels[0].count { $0[1] == .text("a") }
    // Five standard deviations of a fair coin: one seed in two million would fail.
    #expect(abs(count - 200) <= 50, "seed \(seed): a was chosen \(count) times of 400")
  }

  @Test("the random judge's seeds differ, and a seed that can't be recorded is refused")
  func randomSeeds() throws {
    try store.importLines((0..<64).map { scored("p\($0)", 1, 2) })
    try store.select(SelectOptions(method: "random"))
    var outcomes: Set<[String?]> = []
    for seed in [UInt64(0), 1, UInt64(Int64.max)] {
      let copy = try ImportFixture()
      try copy.importLines((0..<64).map { scored("p\($0)", 1, 2) })
      try copy.select(SelectOptions(method: "random"))
      let (commit, _) = try copy.annotate(.random(seed: seed))
      #expect(commit?.operation.contains(#""seed":\#(seed)"#) == true)
      outcomes.insert(try copy.texts("SELECT prompt_id || chosen_model FROM labels ORDER BY 1"))
    }
    #expect(outcomes.count == 3)
    let error = #expect(throws: AufdbError.self) { try store.annotate(.random(seed: 1 << 63)) }
    #expect(error?.kind == .usage)
  }
}

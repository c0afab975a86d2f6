// Selecting from what a store holds: counts, batches, old revisions, and what is refused.

import AufdbAcquisition
import Testing

@testable import Aufdb

@Suite("Select") struct SelectTests {
  private let store: ImportFixture

  /// p1 to p3 have three scored responses, p4 has one, p5 none; p3 has estimates of two.
  init() throws {
    store = try ImportFixture()
    try store.importLines(
      (1...3).map {
        completionsLine("p\($0)", [completion("a", score: 1), completion("b", score: 5), completion("c", score: 3)])
      }
        + [completionsLine("p4", [completion("a", score: 2), completion("b")]), completionsLine("p5", [])])
    try store.importLines([estimateLine("p3", "a", 2, 1, 3), estimateLine("p3", "c", 0, -1, 0.5)], snapshot: "s")
  }

  private func pairs() throws -> [String?] {
    try store.texts(
      "SELECT prompt_id || ' ' || first_model || second_model || batch FROM selections ORDER BY 1"
    )
  }

  @Test("prompts with too few candidates are counted, and those with none")
  func counts() throws {
    let (_, maxmin) = try store.select(SelectOptions(method: "maxmin"))
    #expect(maxmin.selectedCount == 3)
    #expect(maxmin.tooFewCount == 1, "p4 has one score")
    #expect(maxmin.withoutCandidatesCount == 1, "p5 has none")
    #expect(maxmin.judge == "overall" && maxmin.snapshot == nil && maxmin.batch == 1)
    #expect(try pairs() == ["p1 ba1", "p2 ba1", "p3 ba1"])

    let (_, drts) = try store.select(SelectOptions(method: "drts", parameters: ["beta": "0"], allowsPartial: true))
    #expect(drts.selectedCount == 1)
    #expect(drts.withoutCandidatesCount == 4)
    #expect(drts.snapshot == "s" && drts.judge == nil && drts.batch == 2)
    #expect(try pairs() == ["p1 ba1", "p2 ba1", "p3 ac2", "p3 ba1"])

    let (_, random) = try store.select(SelectOptions(method: "random"))
    #expect(random.selectedCount == 4 && random.tooFewCount == 0 && random.withoutCandidatesCount == 1)
  }

  @Test("the same again selects nothing; --again makes another batch")
  func again() throws {
    let first = try store.select(SelectOptions(method: "maxmin"))
    let second = try store.select(SelectOptions(method: "maxmin"))
    #expect(second.commit == nil)
    #expect(second.report.alreadySelectedCount == 3 && second.report.selectedCount == 0)
    #expect(try store.head() == first.commit)
    try store.importLines([completionsLine("p6", [completion("a", score: 1), completion("b", score: 2)])])
    #expect(try store.select(SelectOptions(method: "maxmin")).report.selectedCount == 1, "what is new")
    let again = try store.select(SelectOptions(method: "maxmin", prompts: .again))
    #expect(again.report.selectedCount == 4 && again.report.batch == 3)
    #expect(try store.texts("SELECT count(*) FROM selections GROUP BY batch ORDER BY batch") == ["3", "1", "4"])
    #expect(try store.select(SelectOptions(method: "random")).report.selectedCount == 5, "another method has its own")
  }

  @Test("at an old revision a method sees the scores that were there then")
  func oldRevision() throws {
    let old = try store.head().id
    try store.importLines(
      [
        completionsLine("p1", [completion("a", score: 9)]),
        completionsLine("p5", [completion("a", score: 1), completion("b", score: 2)]),
      ],
      replaces: true)
    let (commit, report) = try store.select(SelectOptions(method: "maxmin", revision: Revision("\(old)")))
    #expect(try pairs() == ["p1 ba1", "p2 ba1", "p3 ba1"])
    #expect(report.withoutCandidatesCount == 1)
    #expect(commit?.operation.contains(#""at":"\#(old)""#) == true)
    #expect(
      try commit?.parents == [store.commit("main~1").id], "it goes on top of the branch")
    let (_, now) = try store.select(SelectOptions(method: "maxmin", prompts: .again))
    #expect(try pairs() == ["p1 ac2", "p1 ba1", "p2 ba1", "p2 ba2", "p3 ba1", "p3 ba2", "p5 ba2"])
    #expect(now.withoutCandidatesCount == 0)
  }

  @Test("the newest snapshot is taken unless one is named")
  func snapshots() throws {
    try store.importLines([estimateLine("p1", "a", 0, 0, 0), estimateLine("p1", "b", 1, 1, 1)], snapshot: "newer")
    #expect(try store.select(SelectOptions(method: "drts", allowsPartial: true)).report.snapshot == "newer")
    #expect(try store.select(SelectOptions(method: "drts", snapshot: "s", allowsPartial: true)).report.snapshot == "s")
    let error = #expect(throws: AufdbError.self) {
      try store.select(SelectOptions(method: "drts", snapshot: "S"))
    }
    #expect(error == AufdbError(.refused, "there is no snapshot 'S'", hint: "snapshots here: s, newer"))
  }

  @Test("a judge must be named where there are several")
  func judges() throws {
    try store.importLines(
      [completionsLine("p1", [completion("a", score: 7), completion("c", score: 1)])], judge: "other")
    let error = #expect(throws: AufdbError.self) { try store.select(SelectOptions(method: "maxmin")) }
    #expect(
      error
        == AufdbError(
          .refused, "there are scores of 2 judges: other, overall", hint: "choose one with --judge NAME"))
    #expect(try store.select(SelectOptions(method: "maxmin", judge: "other")).report.selectedCount == 1)
    #expect(try pairs() == ["p1 ac1"])
    let unknown = #expect(throws: AufdbError.self) { try store.select(SelectOptions(method: "maxmin", judge: "x")) }
    #expect(unknown == AufdbError(.refused, "there are no scores of a judge 'x'", hint: "judges here: other, overall"))
  }

  @Test("samples of one model are candidates of their own")
  func samples() throws {
    let samples = (0...10).map {
      completion("m", "answer \($0)", score: Double($0 * 7 % 11), more: #""sample":\#($0)"#)
    }
    try store.importLines([completionsLine("samples", samples.reversed())])
    try store.select(SelectOptions(method: "maxmin"))
    #expect(
      try store.rows(
        "SELECT first_model, first_sample, second_model, second_sample FROM selections WHERE prompt_id = 'samples'")
        == [[.text("m"), .integer(3), .text("m"), .integer(0)]])
    let (_, report) = try store.annotate(.scores(judge: "overall"))
    #expect(report.labelCount == 4)
    #expect(try store.annotate(.scores(judge: "overall")).report.alreadyLabelledCount == 4)
  }

  @Test("an estimate that single precision can't hold is refused when it comes in")
  func tooLarge() throws {
    let error = try store.refusal(of: [estimateLine("p1", "a", 1e300, -1, 1e300)])
    #expect(error?.kind == .badData)
    #expect(error?.message == "reward is too large: estimates are in single precision")
  }

  static let refusals: [(SelectOptions, AufdbError)] = [
    (
      SelectOptions(method: "maxmim"),
      AufdbError(
        .usage, "there is no selection method 'maxmim'",
        hint: "known methods: " + SelectionMethods.names.nearestFirst(to: "maxmim").joined(separator: ", "))
    ),
    (
      SelectOptions(method: "maxmin", parameters: ["beta": "1"]),
      AufdbError(
        .usage, "the method maxmin has no parameter 'beta'", hint: "it has no parameters: leave this one out")
    ),
    (
      SelectOptions(method: "maxmin", snapshot: "s"),
      AufdbError(.usage, "--snapshot means nothing to the method maxmin, which needs scores", hint: "leave it out")
    ),
    (
      SelectOptions(method: "drts", judge: "overall"),
      AufdbError(
        .usage, "--judge means nothing to the method drts, which needs rewards, lower, upper",
        hint: "leave it out")
    ),
    (
      SelectOptions(method: "random", judge: "overall"),
      AufdbError(.usage, "--judge means nothing to the method random, which needs nothing", hint: "leave it out")
    ),
    (SelectOptions(method: "random", limit: 0), AufdbError(.usage, "--limit is at least 1, not 0")),
    (
      SelectOptions(method: "random", seed: 1 << 63), AufdbError(.usage, "a seed is at most 9223372036854775807")
    ),
  ]

  @Test("what makes no sense is refused", arguments: refusals.indices)
  func refused(_ index: Int) throws {
    let (options, expected) = Self.refusals[index]
    let head = try store.head()
    #expect(throws: expected) { try store.select(options) }
    #expect(try store.head() == head)
  }

  @Test("what a method needs must be there")
  func nothingThere() throws {
    let empty = try ImportFixture()
    for (method, what) in [
      ("drts", "estimates"), ("deltaucb", "estimates"), ("maxmin", "scores"), ("ultrafeedback", "scores"),
    ] {
      let error = #expect(throws: AufdbError.self) { try empty.select(SelectOptions(method: method)) }
      #expect(error?.kind == .refused)
      #expect(error?.message == "the method \(method) needs \(what), and there are none")
    }
    #expect(try empty.select(SelectOptions(method: "random")).commit == nil)
    let error = #expect(throws: AufdbError.self) {
      try store.select(SelectOptions(method: "maxmin", revision: "HEAD~9"))
    }
    #expect(error?.kind == .refused)
  }
}

// Labels of selected pairs by a model: what it must be asked, and what its answers come to.

import Testing

@testable import Aufdb

@Suite("Judging pairs") struct PairTaskTests {
  private let store: AskingStore
  private static let labels =
    "SELECT chosen_model, rejected_model, judge, tie, round(chosen_score, 6) FROM labels ORDER BY 1, 2"

  init() throws {
    store = try AskingStore()
    try store.addResponses("bad one", "good one", "so so")
    try store.change { change in
      try change.addSelection("p0", "m0", "m1")
      try change.addSelection("p0", "m1", "m0", method: "bald", batch: 2)
    }
  }

  private func prefer(_ request: ModelRequest) -> [KeptAnswer] { [.preferring(request)] }

  @Test("a pair is asked about in both orders, once, and labelled once")
  func pairwise() throws {
    let job = try store.judging("chooser")
    #expect(try store.answer(job, prefer) == 2, "the second selection is of the same pair")
    let (commit, report) = try store.annotate("chooser")
    #expect(commit != nil && report.labelCount == 1 && report.tieCount == 0 && report.failedCount == 0)
    #expect(report.disagreementCount == 0 && report.placeBias.map { abs($0) < 1e-9 } == true)
    #expect(try store.lines(Self.labels) == ["m1|m0|chooser@1|0|0.75"])
    let details = "SELECT round(details ->> '$.orders[0].first', 6), round(details ->> '$.orders[1].first', 6), "
    #expect(try store.lines(details + "details ->> '$.orders[0].mass' > 0.99 FROM labels") == ["0.25|0.75|1"])
    #expect(try store.judging("chooser").next() == nil)
    #expect(try store.annotate("chooser").commit == nil)
    #expect(try store.fixture.isSound())
  }

  @Test("orders that disagree are a tie, and the advantage of the first place is told")
  func disagreement() throws {
    try store.answer(store.judging("chooser")) { _ in [.likely(true)] }
    let report = try store.annotate("chooser").report
    #expect(report.labelCount == 1 && report.tieCount == 1 && report.disagreementCount == 1)
    #expect(report.placeBias.map { abs($0 - 0.25) < 1e-9 } == true)
    #expect(try store.lines("SELECT tie, judge FROM labels") == ["1|chooser@1"])
  }

  @Test("half an answer labels nothing, and the other half is asked later")
  func partial() throws {
    try store.answer(store.judging("chooser"), limit: 1, prefer)
    let (commit, report) = try store.annotate("chooser")
    #expect(commit == nil && report.withoutVerdictCount == 2)
    let rest = try store.judging("chooser")
    #expect(try store.answer(rest, prefer) == 1 && rest.keptBeforeCount == 1)
    #expect(try store.annotate("chooser").report.labelCount == 1)
  }

  @Test("what can't be used labels nothing, and is asked again where it is retried", arguments: ["chooser", "rater"])
  func failures(judge: String) throws {
    var isFirst = true
    let count = try store.answer(store.judging(judge)) { _ in
      defer { isFirst = false }
      return isFirst ? [.chat(.of([TokenLogprob("Neither", 0)]))] : [.refused]
    }
    let report = try store.annotate(judge).report
    #expect(report.labelCount == 0 && report.failedCount == (judge == "rater" ? 2 : 1))
    #expect(try store.judging(judge).next() == nil)
    let before = try store.fixture.commitCount()
    #expect(try store.annotate(judge).commit == nil, "it fails as before, which is nothing new")
    #expect(try store.fixture.commitCount() == before)
    let retry = try store.judging(judge, retriesFailures: true)
    #expect(
      try store.answer(retry) {
        [judge == "rater" ? .rated($0.bodyText.contains("good one") ? 4 : 3) : .preferring($0)]
      }
        == count)
    #expect(try store.annotate(judge).report.labelCount == 1)
    #expect(try store.lines("SELECT chosen_model, tie FROM labels") == ["m1|0"])
  }

  @Test("a pointwise judge's ratings become scores, and the higher one is chosen")
  func pointwise() throws {
    let aspects = try store.reading().judgeDefinition("rater").rubric.aspects.count
    let job = try store.judging("rater")
    #expect(try store.answer(job) { [.rated($0.bodyText.contains("good one") ? 4 : 3)] } == 2 * aspects)
    #expect(try store.annotate("rater").report.labelCount == 1)
    #expect(try store.lines(Self.labels) == ["m1|m0|rater@1|0|4.0"])
    #expect(
      try store.lines("SELECT model, judge, score FROM scores ORDER BY 1") == ["m0|rater@1|3.0", "m1|rater@1|4.0"])
    // A score that is there needs no question, also of another pair.
    try store.change { try $0.addSelection("p0", "m0", "m2", batch: 3) }
    let more = try store.judging("rater")
    #expect(try store.answer(more) { _ in [.rated(3)] } == aspects)
    let report = try store.annotate("rater").report
    #expect(report.labelCount == 1 && report.tieCount == 1)
    #expect(try store.rating().next() == nil, "--all-responses finds them rated")
  }

  @Test("another version of a judge labels the pair, too")
  func versions() throws {
    try store.answer(store.judging("chooser"), prefer)
    _ = try store.annotate("chooser")
    try store.define(
      """
      models: {ember: {url: "http://localhost:1/v1", model: other}}
      judges: {chooser: {endpoint: ember, rubric: preference}}
      """)
    #expect(try store.annotate("chooser").report.labelCount == 0, "no answer of the older version counts")
    #expect(try store.answer(store.judging("chooser")) { _ in [.likely(true)] } == 2)
    _ = try store.annotate("chooser")
    #expect(try store.lines("SELECT judge, tie FROM labels ORDER BY 1") == ["chooser@1|0", "chooser@2|1"])
  }
}

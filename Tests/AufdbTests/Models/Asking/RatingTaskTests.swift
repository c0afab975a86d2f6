// Ratings of a pointwise judge, and the scores that come of them.

import Testing

@testable import Aufdb

@Suite("Rating") struct RatingTaskTests {
  private let store: AskingStore
  private static let rows = "SELECT model, judge, round(score, 6) FROM scores ORDER BY 1, 2"

  init() throws { store = try AskingStore() }

  /// Rates "good" 5 and all else 2.
  private func rate(_ request: ModelRequest) -> [KeptAnswer] { [.rated(request.bodyText.contains("good one") ? 5 : 2)] }

  @Test("every response is rated, aspect by aspect, and an empty one isn't")
  func rows() throws {
    try store.addResponses("good one", "bad one", "")
    let job = try store.rating()
    let aspects = try store.reading().judgeDefinition("rater").rubric.aspects
    #expect(try store.answer(job, rate) == 2 * aspects.count)
    let (commit, counts) = try job.settle(store.context())
    #expect(counts.rowCount == 2 && counts.failedCount == 0 && commit?.message == "Rate 2 responses by rater@1")
    #expect(try store.lines(Self.rows) == ["m0|rater@1|5.0", "m1|rater@1|2.0"])
    for aspect in aspects {
      #expect(
        try store.lines("SELECT aspects -> '$.\(aspect.name).rating' FROM scores ORDER BY model").map(Double.init)
          == [5, 2])
    }
    #expect(try store.rating().next() == nil && store.rating().settle(store.context()).commit == nil)
    #expect(try store.fixture.isSound())
  }

  @Test("without a digit there is no score, but the text; it isn't asked again unless it is retried")
  func failures() throws {
    try store.addResponses("good one", "bad one")
    let job = try store.rating()
    let count = try store.answer(job) { request in
      request.bodyText.contains("bad one") ? [.chat(.of([TokenLogprob("Sorry", 0)]))] : rate(request)
    }
    let (commit, counts) = try job.settle(store.context())
    #expect(counts.rowCount == 2 && counts.failedCount == 1)
    #expect(commit?.message == "Rate 2 responses by rater@1, 1 of them without a rating")
    #expect(try store.lines(Self.rows) == ["m0|rater@1|5.0", "m1|rater@1|-"])
    let aspect = try store.reading().judgeDefinition("rater").rubric.aspects[0].name
    let text = "SELECT aspects ->> '$.\(aspect).text' FROM scores WHERE score IS NULL"
    #expect(try store.lines(text) == ["Sorry"])
    #expect(try store.rating().next() == nil)
    let idle = try store.rating { $0.retriesFailures = true }.settle(store.context())
    #expect(idle.commit == nil && idle.counts.missingCount == 1)
    let retry = try store.rating { $0.retriesFailures = true }
    #expect(try store.answer(retry, rate) == count / 2, "what can't be used is asked again, too")
    #expect(try retry.settle(store.context()).counts.rowCount == 1)
    #expect(try store.lines(Self.rows) == ["m0|rater@1|5.0", "m1|rater@1|2.0"])
  }

  @Test("a rating of which an aspect is missing waits for it")
  func partial() throws {
    try store.addResponses("good one")
    let job = try store.rating()
    try store.answer(job, limit: 2, rate)
    let (commit, counts) = try job.settle(store.context())
    #expect(commit == nil && counts.missingCount == 1)
    let rest = try store.rating()
    let aspects = try store.reading().judgeDefinition("rater").rubric.aspects.count
    #expect(try store.answer(rest, rate) == aspects - 2 && rest.keptBeforeCount == 2)
    #expect(try rest.settle(store.context()).counts.rowCount == 1)
  }

  @Test("another version of a judge rates everything anew, beside the older one's scores")
  func versions() throws {
    try store.addResponses("good one", "bad one")
    let job = try store.rating()
    let count = try store.answer(job, rate)
    _ = try job.settle(store.context())
    try store.define(
      """
      models: {ember: {url: "http://localhost:1/v1", model: other}}
      judges: {rater: {endpoint: ember, rubric: ultrafeedback}}
      """)
    let newer = try store.rating()
    #expect(try store.answer(newer) { _ in [.rated(3)] } == count && newer.keptBeforeCount == 0)
    _ = try newer.settle(store.context())
    #expect(try store.lines(Self.rows) == ["m0|rater@1|5.0", "m0|rater@2|3.0", "m1|rater@1|2.0", "m1|rater@2|3.0"])
    #expect(try store.rating("rater@1").next() == nil)
  }

  @Test("conditions choose prompts; a pairwise judge rates nothing")
  func refusals() throws {
    try store.addResponses("good one")
    #expect(try store.rating { $0.condition = "prompt_id = 'p9'" }.next() == nil)
    let error = #expect(throws: AufdbError.self) { try store.rating("chooser") }
    #expect(error?.kind == .usage && error?.message == "chooser@1 compares two responses, and rates none")
  }
}

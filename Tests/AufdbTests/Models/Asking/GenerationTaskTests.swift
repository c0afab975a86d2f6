// Responses that models are asked for, and the rows that come of them.

import Testing

@testable import Aufdb

@Suite("Generating") struct GenerationTaskTests {
  private let store: AskingStore
  private static let rows =
    "SELECT prompt_id, model, sample, response, metadata ->> 'failure' FROM responses ORDER BY 1, 2, 3"

  init() throws { store = try AskingStore() }

  private func answerAll(_ job: ModelJob) throws -> Int { try store.answer(job) { _ in [.said("yes")] } }

  @Test("each prompt gets its samples, each row says what made it, and it is one commit")
  func rows() throws {
    try store.addPrompts("What?", "Why?")
    try store.change { change in
      try change.addPrompt(
        "p2",
        #"[{"role":"user","content":"Hi"},{"role":"assistant","content":"Oh"},"#
          + #"{"role":"user","content":"So?"}]"#, format: "messages")
    }
    let job = try store.generating { options in
      options.sampleCount = 2
      options.seed = 5
      options.principles = try Principles(named: "ultrafeedback")
    }
    var bodies: [String] = []
    let count = try store.answer(job) { request in
      bodies.append(request.bodyText)
      return [.said("answer \(bodies.count)")]
    }
    #expect(count == 6 && job.questionCount == 6 && job.keptBeforeCount == 0)
    #expect(bodies.filter { $0.contains(#""content":"Oh""#) && $0.contains(#""max_tokens":20"#) }.count == 2)
    let (commit, counts) = try job.settle(store.context())
    #expect(counts.rowCount == 6 && counts.missingCount == 0 && counts.failedCount == 0)
    #expect(commit?.message == "Generate 6 responses by ember@1")
    #expect(
      commit?.operation.contains(#""model":"ember@1""#) == true && commit?.operation.contains(#""seed":5"#) == true)
    #expect(
      try store.lines(Self.rows)
        == (0..<6).map { "p\($0 / 2)|ember|\($0 % 2)|answer \($0 + 1)|-" })
    #expect(
      try store.lines("SELECT DISTINCT metadata FROM responses")
        == [#"{"completion_tokens":2,"finish_reason":"stop","made_by":"ember@1","prompt_tokens":7}"#])
    let principles = try store.lines("SELECT principle, system_prompt FROM responses")
    #expect(principles.allSatisfy { !$0.hasPrefix("-") && !$0.hasSuffix("-") })
    for (line, body) in zip(principles, bodies) {
      let prompt = try #require(line.split(separator: "|").last)
      let json = prompt.replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      #expect(body.contains(json), "the row has the prompt that was sent")
    }
    #expect(try store.fixture.isSound())
  }

  @Test("what is there isn't asked again, and what was kept is asked of nobody, on any branch")
  func once() throws {
    try store.addPrompts("a", "b", "c")
    try store.createBranch("side")
    #expect(try store.answer(store.generating(), limit: 2) { _ in [.said("yes")] } == 2)
    // That job is gone, as after a kill. Another finds what it kept, and asks for the rest.
    let second = try store.generating()
    #expect(try answerAll(second) == 1 && second.keptBeforeCount == 2)
    #expect(try second.settle(store.context()).counts.rowCount == 3)
    let third = try store.generating()
    #expect(try third.next() == nil && third.keptBeforeCount == 0)
    #expect(try third.settle(store.context()).commit == nil)
    let side = try store.generating(on: "side")
    #expect(try side.next() == nil && side.keptBeforeCount == 3)
    #expect(try side.settle(store.context("side")).commit != nil)
    #expect(try store.lines(Self.rows, at: Revision("side")) == store.lines(Self.rows))
    // More samples are further questions.
    #expect(try answerAll(store.generating { $0.sampleCount = 3 }) == 6)
  }

  @Test("what stands between keeping and settling is lost by nothing: a partial answer settles in part")
  func partial() throws {
    try store.addPrompts("a", "b", "c")
    let job = try store.generating()
    try store.answer(job, limit: 1) { _ in [.said("yes")] }
    let (commit, counts) = try job.settle(store.context())
    #expect(commit != nil && counts.rowCount == 1 && counts.missingCount == 2)
    #expect(try answerAll(store.generating()) == 2)
    #expect(try store.keptCount() == 3)
  }

  @Test("a failure is marked, isn't asked again, and is replaced where it is retried")
  func failures() throws {
    try store.addPrompts("a", "b")
    let job = try store.generating()
    try store.answer(job) { [$0.bodyText.contains(#""a""#) ? .refused : .said("yes")] }
    let (commit, counts) = try job.settle(store.context())
    #expect(counts.rowCount == 2 && counts.failedCount == 1)
    #expect(commit?.message == "Generate 2 responses by ember@1, 1 of them failures")
    #expect(try store.lines(Self.rows) == ["p0|ember|0||too long", "p1|ember|0|yes|-"])
    #expect(try store.generating().next() == nil)
    let retry = { try store.generating { $0.scope.retriesFailures = true } }
    // Without another answer there is nothing new to say.
    let idle = try retry().settle(store.context())
    #expect(idle.commit == nil && idle.counts.rowCount == 0 && idle.counts.missingCount == 1)
    let again = try retry()
    #expect(try store.answer(again) { _ in [.said("better")] } == 1)
    #expect(try again.settle(store.context()).counts.rowCount == 1)
    #expect(try store.lines(Self.rows) == ["p0|ember|0|better|-", "p1|ember|0|yes|-"])
    #expect(try retry().next() == nil)
    #expect(try store.fixture.isSound())
  }

  @Test("a failure takes no answer away, and an answer replaces a failure")
  func kept() throws {
    try store.addPrompts("a")
    let job = try store.generating()
    let question = try #require(try job.next()).questions[0]
    for answer in [KeptAnswer.refused, .said("yes"), .refused] {
      try job.keep([(question, answer)])
      try job.finishKeeping()
    }
    #expect(try job.settle(store.context()).counts.failedCount == 0)
    #expect(try store.lines(Self.rows) == ["p0|ember|0|yes|-"])
  }

  @Test("a question that stands at several rows is asked once")
  func shared() throws {
    try store.addPrompts("same", "same", "other", "same")
    let job = try store.generating()
    #expect(try answerAll(job) == 2 && job.questionCount == 2)
    #expect(try job.settle(store.context()).counts.rowCount == 4)
  }

  @Test("cut and empty responses are counted, and told in the row")
  func cutAndEmpty() throws {
    try store.addPrompts("a", "b", "c")
    var answers: [KeptAnswer] = [.said("so", "length"), .said(""), .said("", nil)]
    let job = try store.generating()
    try store.answer(job) { _ in [answers.removeFirst()] }
    let counts = try job.settle(store.context()).counts
    #expect(counts.cutCount == 1 && counts.emptyCount == 2 && counts.failedCount == 0 && counts.rowCount == 3)
    #expect(
      try store.lines("SELECT metadata ->> 'finish_reason' FROM responses ORDER BY prompt_id") == [
        "length", "stop", "-",
      ])
    // Empty is an answer: only what failed is asked again.
    #expect(try store.generating { $0.scope.retriesFailures = true }.next() == nil)
  }

  @Test("conditions choose prompts, and wrong ones are refused")
  func conditions() throws {
    try store.addPrompts("a", "b", "c")
    let job = try store.generating { $0.scope.condition = "prompt <> 'b'" }
    #expect(try answerAll(job) == 2)
    let (commit, counts) = try job.settle(store.context())
    #expect(counts.rowCount == 2 && counts.missingCount == 0)
    #expect(commit?.operation.contains(#""where":"prompt <> 'b'""#) == true)
    let error = #expect(throws: AufdbError.self) { try store.generating { $0.scope.condition = "nonsense = 1" }.next() }
    #expect(error?.kind == .refused)
    #expect(throws: AufdbError.self) { try store.generating { $0.sampleCount = 0 } }
    #expect(throws: AufdbError.self) { try store.generating { $0.seed = .max } }
  }

  @Test("another version of a model is asked anew")
  func versions() throws {
    try store.addPrompts("a", "b")
    #expect(try store.answer(store.generating(), limit: 1) { _ in [.said("old")] } == 1)
    try store.define(#"models: {ember: {url: "http://localhost:1/v1", parameters: {max_tokens: 30}}}"#)
    let job = try store.generating()
    #expect(try store.answer(job) { _ in [.said("new")] } == 2)
    _ = try job.settle(store.context())
    #expect(
      try store.lines("SELECT response, metadata ->> 'made_by' FROM responses") == ["new|ember@2", "new|ember@2"])
    // Another access is the same version.
    try store.define(#"models: {ember: {url: "http://other/v1", parameters: {max_tokens: 30}}}"#)
    #expect(try store.generating { $0.scope.condition = "prompt_id = 'p0'" }.next() == nil)
  }

  @Test("an estimate counts, and asks nothing")
  func estimate() throws {
    try store.addPrompts("a", "b", "c")
    try store.answer(store.generating(), limit: 1) { _ in [.said("yes")] }
    let estimate = try store.generating().estimate()
    #expect(estimate.requestCount == 2 && estimate.questionCount == 2 && estimate.keptBeforeCount == 1)
    #expect(estimate.outputTokens == 40 && estimate.inputTokens > 0)
    #expect(estimate.cost == (Double(estimate.inputTokens) + 400) / 1e6)
    #expect(try store.generating("flint").estimate().cost == nil)
  }
}

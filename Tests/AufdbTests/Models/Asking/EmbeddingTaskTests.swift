// Vectors of responses, several to a request.

import Testing

@testable import Aufdb

@Suite("Embedding") struct EmbeddingTaskTests {
  private let store: AskingStore

  init() throws {
    store = try AskingStore()
    try store.addResponses("one", "two", "", "four", "one", "six", "seven")
  }

  private func vector(_ text: String) -> KeptAnswer {
    .vector([Float(text.utf8.count), 0.5, -2].flatMap { withUnsafeBytes(of: $0, Array.init) }, tokens: 1)
  }

  /// The texts of a request, in their order.
  private func texts(_ request: ModelRequest) -> [String] {
    let parts = request.questions.count > 1 ? request.parts : [request]
    return parts.map { part in
      ["one", "two", "four", "six", "seven"].first { part.bodyText.contains(#""\#($0)""#) } ?? ""
    }
  }

  @Test("texts go in batches, the same one once, an empty one not at all")
  func batches() throws {
    let job = try store.embedding()
    #expect(try job.missingCount() == 6, "rows, of which two have the same text")
    var sizes: [Int] = []
    try store.answer(job) { request in
      sizes.append(request.questions.count)
      return texts(request).map(vector)
    }
    #expect(sizes == [2, 2, 1] && job.questionCount == 5)
    let (commit, counts) = try job.settle(store.context())
    #expect(counts.rowCount == 6 && counts.failedCount == 0 && commit?.message == "Embed 6 responses by mini@1")
    #expect(
      try store.lines("SELECT model, encoder, element, length(vector) FROM embeddings ORDER BY 1 LIMIT 2")
        == ["m0|mini@1|f32|12", "m1|mini@1|f32|12"]
    )
    #expect(try store.embedding().next() == nil && store.embedding().settle(store.context()).commit == nil)
    #expect(try store.fixture.isSound())
  }

  @Test("a text that failed has no vector, and is sent again where it is retried")
  func failures() throws {
    let job = try store.embedding()
    try store.answer(job) { texts($0).map { $0 == "six" ? .refused : vector($0) } }
    let counts = try job.settle(store.context()).counts
    #expect(counts.rowCount == 5 && counts.failedCount == 1 && counts.missingCount == 0)
    #expect(try store.embedding().missingCount() == 1)
    #expect(try store.embedding().next() == nil)
    let retry = try store.embedding { $0.retriesFailures = true }
    #expect(try store.answer(retry) { texts($0).map(vector) } == 1)
    #expect(try retry.settle(store.context()).counts.rowCount == 1)
  }

  @Test("what was kept of a batch is used, and the rest is asked; another version mixes with nothing")
  func partial() throws {
    try store.answer(store.embedding(), limit: 1) { texts($0).map(vector) }
    let job = try store.embedding()
    #expect(try store.answer(job) { texts($0).map(vector) } == 2 && job.keptBeforeCount == 2)
    _ = try job.settle(store.context())
    try store.define("encoders: {mini: {endpoint: ember, dimensions: 3, element: f16}}")
    let newer = try store.embedding()
    #expect(try store.answer(newer) { $0.questions.map { _ in .vector([0, 0, 0, 0, 0, 0], tokens: 1) } } == 1)
    _ = try newer.settle(store.context())
    #expect(
      try store.lines("SELECT encoder, element, count(*) FROM embeddings GROUP BY 1, 2") == [
        "mini@1|f32|6", "mini@2|f16|6",
      ]
    )
  }

  @Test("conditions choose prompts")
  func conditions() throws {
    #expect(try store.embedding { $0.condition = "prompt_id = 'p9'" }.next() == nil)
    #expect(throws: AufdbError.self) { try store.embedding { $0.condition = "((" }.next() }
  }
}

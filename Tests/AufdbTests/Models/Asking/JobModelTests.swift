// Random asking, killing and settling against a plain dictionary: nothing is lost, nothing asked twice.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Jobs as a model has them") struct JobModelTests {
  /// What a store should hold.
  private struct Model {
    /// Of each text, what was kept: a response, or nil for a failure.
    var kept: [String: String?] = [:]
    var prompts: [String: [String: String]] = ["main": [:], "side": [:]]
    var rows: [String: [String: String?]] = ["main": [:], "side": [:]]
  }

  private let store: AskingStore
  private static let branches = ["main", "side"]

  init() throws {
    store = try AskingStore()
    try store.createBranch("side")
  }

  /// The text of a request: the only words in its body that begin so.
  private func text(_ request: ModelRequest) throws -> String {
    let body = request.bodyText
    return String(try #require(body.firstMatch(of: /text-[0-9]+/)).output)
  }

  @Test("random interleavings", arguments: [UInt64(1), 2, 3, 4])
  func interleavings(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var model = Model()
    var promptNumber = 0
    for step in 0..<40 {
      let place = Comment("seed \(seed), step \(step)")
      let branch = Self.branches[Int.random(in: 0...1, using: &generator)]
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<2:
        try store.change(on: branch) { change in
          for _ in 0..<Int.random(in: 1...4, using: &generator) {
            // Few texts, so that some stand at several prompts and on both branches.
            let (id, text) = ("p\(promptNumber)", "text-\(Int.random(in: 0..<30, using: &generator))")
            promptNumber += 1
            try change.addPrompt(id, text)
            model.prompts[branch]?[id] = text
          }
        }
      case 2..<7: try ask(branch, &model, &generator, place)
      default: try settle(branch, &model, retries: Bool.random(using: &generator), place)
      }
    }
    for branch in Self.branches {
      while try ask(branch, &model, &generator, "seed \(seed)") > 0 {}
      try settle(branch, &model, retries: true, "seed \(seed)")
    }
    #expect(try store.fixture.isSound(), "seed \(seed)")
    #expect(try store.keptCount() == model.kept.count, "seed \(seed)")
  }

  /// Answers some of what a job asks, and forgets the job.
  @discardableResult
  private func ask(
    _ branch: String, _ model: inout Model, _ generator: inout SeededGenerator, _ place: Comment
  ) throws -> Int {
    let retries = Int.random(in: 0..<4, using: &generator) == 0
    let job = try store.generating(on: branch) { $0.scope.retriesFailures = retries }
    var expected = Set<String>()
    for (id, text) in model.prompts[branch] ?? [:] {
      let isMissing = model.rows[branch]?[id].map { $0 == nil && retries } ?? true
      let isKept = model.kept[text].map { $0 != nil || !retries } ?? false
      if isMissing, !isKept { expected.insert(text) }
    }
    var asked: [String] = []
    let limit = Bool.random(using: &generator) ? Int.max : Int.random(in: 0...4, using: &generator)
    try store.answer(job, limit: limit) { request in
      let text = try text(request)
      asked.append(text)
      let isFailure = Int.random(in: 0..<4, using: &generator) == 0
      let answer = "\(text) answered in \(generator.next())"
      model.kept[text] = .some(isFailure ? nil : answer)
      return [isFailure ? .refused : .said(answer)]
    }
    #expect(Set(asked).count == asked.count, place)
    #expect(Set(asked).isSubset(of: expected), place)
    if limit == .max { #expect(Set(asked) == expected, place) }
    return asked.count
  }

  private func settle(_ branch: String, _ model: inout Model, retries: Bool, _ place: Comment) throws {
    var newCount = 0
    for (id, text) in model.prompts[branch] ?? [:] {
      let old = model.rows[branch]?[id]
      guard let kept = model.kept[text], old == nil || (retries && old == .some(nil) && kept != nil) else { continue }
      model.rows[branch]?[id] = .some(kept)
      newCount += 1
    }
    let job = try store.generating(on: branch) { $0.scope.retriesFailures = retries }
    let (commit, counts) = try job.settle(store.context(branch))
    #expect((commit != nil) == (newCount > 0) && counts.rowCount == newCount, place)
    let rows = try store.lines(
      "SELECT prompt_id, response, metadata ->> 'failure' FROM responses ORDER BY 1", at: Revision(branch))
    let expected = (model.rows[branch] ?? [:]).map { id, response in
      response.map { "\(id)|\($0)|-" } ?? "\(id)||too long"
    }
    #expect(Set(rows) == Set(expected) && rows.count == expected.count, place)
  }
}

// A store for one test: made in a folder of its own, filled through the library's own writers, and gone with the test.

import Testing

@testable import Aufdb

/// A new store at a temporary path, with short ways to put rows into it. Each call of `commit` makes one commit.
final class TestStore {
  let folder: ScratchFolder
  var path: String { folder.path("store.aufdb") }
  private var milliseconds: Int64 = 0

  init() throws {
    folder = try ScratchFolder()
    try Store.create(at: path, context: context)
  }

  /// Another moment each time, so that equal contents make different commits.
  private var context: CommitContext {
    milliseconds += 1000
    return CommitContext(author: "tester", milliseconds: milliseconds)
  }

  /// Opens the store for reading.
  func reading() throws -> Store { try Store(path, for: .reading) }

  /// Changes the current branch's tip; returns the commit, which there must be.
  @discardableResult
  func commit(_ message: String = "Test", _ body: (Change) throws -> Void) throws -> Commit {
    let store = try Store(path, for: .writing(waitSeconds: 0, command: "test"))
    let (commit, _) = try store.commit(context) { change in
      try body(change)
      return (CommitNote(message: message, operation: Operation("test")), ())
    }
    return try #require(commit)
  }
}

extension Change {
  /// Adds a prompt; `format` is "text" or "messages".
  func addPrompt(_ promptID: String, _ prompt: String, format: String = "text", source: String? = nil) throws {
    let row = try writer(.prompts)
    row.text(promptID)
    row.optionalText(source)
    row.text(prompt)
    row.text(format)
    row.null()
    try row.insert()
  }

  /// Adds a response; returns its row's id.
  @discardableResult
  func addResponse(_ promptID: String, _ model: String, sample: Int = 0, _ response: String) throws -> Int64 {
    let row = try writer(.responses)
    row.text(promptID)
    row.text(model)
    row.integer(sample)
    row.text(response)
    row.null()
    row.null()
    row.null()
    return try row.insert()
  }

  /// Adds a score.
  func addScore(
    _ promptID: String, _ model: String, sample: Int = 0, judge: String = "overall", _ score: Double?
  ) throws {
    let row = try writer(.scores)
    row.text(promptID)
    row.text(model)
    row.integer(sample)
    row.text(judge)
    row.optionalReal(score)
    row.null()
    row.null()
    try row.insert()
  }

  /// Adds a selection.
  func addSelection(
    _ promptID: String, _ first: String, _ second: String, method: String = "random", batch: Int = 1,
    snapshot: String? = nil, seed: Int = 0, parameters: String = "{}"
  ) throws {
    let row = try writer(.selections)
    row.text(promptID)
    row.text(first)
    row.integer(0)
    row.text(second)
    row.integer(0)
    row.text(method)
    row.integer(batch)
    row.optionalText(snapshot)
    row.integer(seed)
    row.text(parameters)
    try row.insert()
  }

  /// Adds a label; returns its row's id. `samples` are those of the chosen and the rejected response.
  @discardableResult
  func addLabel(
    _ promptID: String, chosen: String, rejected: String, samples: (Int, Int) = (0, 0), judge: String = "overall",
    tie: Bool = false, scores: (Double?, Double?) = (nil, nil), method: String? = nil, batch: Int? = nil,
    details: String? = nil
  ) throws -> Int64 {
    let row = try writer(.labels)
    row.text(promptID)
    row.text(chosen)
    row.integer(samples.0)
    row.text(rejected)
    row.integer(samples.1)
    row.text(judge)
    row.integer(tie ? 1 : 0)
    row.optionalReal(scores.0)
    row.optionalReal(scores.1)
    row.optionalText(method)
    row.optionalInteger(batch)
    row.optionalText(details)
    return try row.insert()
  }
}

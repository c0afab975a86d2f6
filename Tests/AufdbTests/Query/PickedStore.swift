// A store for the tests of statistics: rows that refer to each other as much or as little as a test wants.

@testable import Aufdb

/// A store that a test fills row by row, on any branch.
final class PickedStore {
  private let folder: ScratchFolder
  let path: String
  private var milliseconds: Int64 = 0

  init() throws {
    folder = try ScratchFolder()
    path = folder.path("store.aufdb")
    try Store.create(at: path, context: CommitContext(author: "test", milliseconds: 0))
  }

  /// Makes one commit.
  func commit(to branch: String? = nil, _ body: (Change) throws -> Void) throws {
    milliseconds += 1
    let context = CommitContext(branch: branch, author: "test", milliseconds: milliseconds)
    _ = try writing().commit(context) { change in
      try body(change)
      return (CommitNote(message: "Test", operation: Operation("test")), ())
    }
  }

  func branch(_ name: String, at revision: Revision = .head) throws {
    try writing().createRef(.branch, RefName(name), at: revision)
  }

  func writing() throws -> Store { try Store(path, for: .writing(waitSeconds: 0, command: "test")) }
  func reading() throws -> Store { try Store(path, for: .reading) }
  func stats(at revision: Revision = .head) throws -> [SelectionStats] { try reading().selectionStats(at: revision) }
}

/// A response of a prompt: "a", or "a#1" for a sample other than 0.
struct ResponseName: Hashable {
  var model: String
  var sample = 0

  init(model: String, sample: Int) { (self.model, self.sample) = (model, sample) }

  init(_ text: String) {
    let parts = text.split(separator: "#")
    model = String(parts[0])
    if parts.count > 1 { sample = Int(parts[1]) ?? 0 }
  }
}

extension Change {
  func addEstimate(_ promptID: String, _ response: String, _ numbers: [Double], snapshot: String = "s") throws {
    let (row, response) = (try writer(.estimates), ResponseName(response))
    row.text(snapshot)
    row.text(promptID)
    row.text(response.model)
    row.integer(response.sample)
    for number in numbers { row.real(number) }
    try row.insert()
  }

  func addPick(
    _ promptID: String, _ first: String, _ second: String, by method: String, batch: Int = 1, snapshot: String? = nil,
    parameters: String = "{}"
  ) throws {
    let (row, first, second) = (try writer(.selections), ResponseName(first), ResponseName(second))
    row.text(promptID)
    row.text(first.model)
    row.integer(first.sample)
    row.text(second.model)
    row.integer(second.sample)
    row.text(method)
    row.integer(batch)
    row.optionalText(snapshot)
    row.integer(0)
    row.text(parameters)
    try row.insert()
  }

  func addVerdict(
    _ promptID: String, _ chosen: String, over rejected: String, by judge: String, tie: Bool = false,
    scores: (Double?, Double?) = (nil, nil), method: String? = nil
  ) throws {
    let (chosen, rejected) = (ResponseName(chosen), ResponseName(rejected))
    try addLabel(
      promptID, chosen: chosen.model, rejected: rejected.model, samples: (chosen.sample, rejected.sample),
      judge: judge, tie: tie, scores: scores, method: method)
  }
}

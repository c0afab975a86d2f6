// Rows that were made to do harm: what a bundle brings, digested as it should be, or another program wrote.

import Testing

@testable import Aufdb

@Suite("Hostile rows")
struct HostileRowsTests {
  private let stage: TestStore
  private let context = CommitContext(author: "tester", milliseconds: 2_000_000)

  init() throws {
    stage = try TestStore()
  }

  private func writing() throws -> Store { try Store(stage.path, for: .writing(waitSeconds: 0, command: "test")) }

  @Test("A definition of the last version that there could be is refused where another would follow it")
  func definitionVersion() throws {
    try stage.commit { change in
      let row = try change.writer(.definitions)
      row.text("model")
      row.text("ember")
      row.integer(Int64.max)
      row.text(#"{"model":"ember-3b","parameters":{}}"#)
      row.text(#"{"url":"http://localhost:1/v1"}"#)
      try row.insert()
    }
    let file = try DefinitionFile(
      yaml: #"models: {ember: {url: "http://localhost:1/v1", model: ember-4b}}"#, path: "models.yaml")
    let error = #expect(throws: AufdbError.self) { try writing().addDefinitions(file, context: context) }
    #expect(error?.kind == .badData)
  }

  @Test("A run whose counts can't be is refused", arguments: [Int.max, -1])
  func runProgress(iteration: Int) throws {
    try stage.commit { change in
      var progress = RunProgressRow()
      (progress.run, progress.iteration, progress.method) = ("r", iteration, "drts")
      try progress.insert(into: change.writer(.progress))
    }
    let error = #expect(throws: AufdbError.self) {
      try stage.reading().read(at: .head) { connection, _ in _ = try RunProgressRow.all(of: "r", in: connection) }
    }
    #expect(error?.kind == .badData)
  }
}

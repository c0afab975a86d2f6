// What an export leaves out, and what it refuses.

import Testing

@testable import Aufdb

@Suite("What exports leave out")
struct ExportOmissionTests {
  /// One good pair, and one label for each reason to leave one out.
  private func store() throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      for promptID in ["good", "tie", "empty chosen", "empty rejected", "same", "no response"] {
        try change.addPrompt(promptID, "?")
        try change.addResponse(promptID, "a", promptID == "empty chosen" ? "" : "yes")
        if promptID != "no response" {
          try change.addResponse(promptID, "b", promptID == "empty rejected" ? "" : promptID == "same" ? "yes" : "no")
        }
        try change.addLabel(promptID, chosen: "a", rejected: "b", tie: promptID == "tie")
      }
      try change.addResponse("no prompt", "a", "yes")
      try change.addResponse("no prompt", "b", "no")
      try change.addLabel("no prompt", chosen: "a", rejected: "b")
    }
    return store
  }

  @Test("each reason is counted")
  func reasons() throws {
    let (folder, report) = try store().export()
    #expect(try folder.rows().count == 1)
    #expect(report.rowCount == 1)
    #expect(report.labelCount == 7)
    #expect(
      report.omitted.filter { $0.value > 0 } == [
        .tie: 1, .missingPrompt: 1, .missingResponse: 1, .emptyResponse: 2, .identicalResponses: 1,
      ])
    #expect(
      report.omissions
        == "1 tie, 1 whose prompt is missing, 1 with a missing response, 2 with an empty response, "
        + "1 with identical responses")
    #expect(try folder.text("manifest.json").contains("\"empty_response\": 2"))
    #expect(try folder.text("README.md").contains("Of 7 labels in the store."))
    #expect(try folder.text("README.md").contains("| 2 | labels | a response is empty |"))
    #expect(report.omitted.count == OmissionReason.allCases.count)
    #expect(report.omitted.values.reduce(0, +) + report.pairCount == report.labelCount)
  }

  @Test("a tie is kept on request")
  func keptTies() throws {
    let (folder, report) = try store().export { $0.keepTies = true }
    #expect(try folder.rows().count == 2)
    #expect(report.omitted[.tie] == 0)
    #expect(try folder.text("manifest.json").contains("\"keep_ties\": true"))
  }

  @Test("responses that a later commit retired are there at the earlier one, and missing at the later")
  func retired() throws {
    let store = try TestStore()
    try store.addPairs(2)
    let commit = try store.commit { try $0.retire(.responses, 1) }
    let (folder, report) = try store.export()
    #expect(report.commit == commit.id)
    #expect(report.omitted[.missingResponse] == 1)
    #expect(try folder.rows().count == 1)
    #expect(try store.export(to: "before") { $0.revision = "main~1" }.report.rowCount == 2)
  }

  @Test("nothing to export is refused, with the reasons, and leaves no folder")
  func nothing() throws {
    let store = try TestStore()
    try store.commit { change in
      try change.addPrompt("p", "?")
      try change.addResponse("p", "a", "yes")
      try change.addResponse("p", "b", "no")
      try change.addResponse("p", "c", "")
      try change.addLabel("p", chosen: "a", rejected: "b", tie: true)
      try change.addLabel("p", chosen: "a", rejected: "c")
    }
    let error = #expect(throws: AufdbError.self) { try store.export() }
    #expect(error?.kind == .refused)
    #expect(error?.message == "none of the 2 labels can be exported: 1 tie, 1 with an empty response")
    #expect(error?.hint == "--keep-ties exports ties, too")
    #expect(try store.leftovers() == [])
  }

  @Test("a store without labels is refused, with what to do")
  func noLabels() throws {
    let store = try TestStore()
    let error = #expect(throws: AufdbError.self) { try store.export() }
    #expect(error?.kind == .refused)
    #expect(error?.message == "there are no labels to export")
    #expect(error?.hint?.contains("`aufdb annotate`") == true)
    #expect(try store.leftovers() == [])
  }

  @Test("labels of several judges: one must be chosen, and it must be one of them")
  func judges() throws {
    let store = try TestStore()
    try store.addPairs(3)
    try store.commit { try $0.addLabel("p001", chosen: "b", rejected: "a", judge: "a person") }
    let unclear = #expect(throws: AufdbError.self) { try store.export() }
    #expect(unclear?.kind == .refused)
    #expect(unclear?.message == "labels of 2 judges: a person, overall")
    #expect(unclear?.hint == "choose one with --judge NAME, or join them with --aggregate majority")
    let unknown = #expect(throws: AufdbError.self) { try store.export { $0.judges = ["nobody"] } }
    #expect(unknown?.kind == .refused)
    #expect(unknown?.message == "the judge 'nobody' has no labels")
    #expect(unknown?.hint == "judges with labels: a person, overall")
    #expect(try store.leftovers() == [])
    let (folder, report) = try store.export { $0.judges = ["a person"] }
    #expect(report.judges == ["a person"])
    let rows = try folder.rows()
    #expect(rows.count == 1)
    #expect(rows[0].contains(#""chosen_model":"b""#))
    #expect(try store.export(to: "other") { $0.judges = ["overall"] }.report.rowCount == 3)
  }

  @Test("impossible options are refused", arguments: [(0, 1), (20, 1), (3, 0)])
  func options(level: Int, shardBytes: Int) throws {
    let store = try TestStore()
    try store.addPairs(1)
    let error = #expect(throws: AufdbError.self) {
      try store.export {
        $0.level = level
        $0.sharding = .size(bytes: shardBytes)
      }
    }
    #expect(error?.kind == .usage)
    #expect(try store.leftovers() == [])
  }

  @Test("an unknown revision is refused")
  func unknownRevision() throws {
    let store = try TestStore()
    let error = #expect(throws: AufdbError.self) { try store.export { $0.revision = "nowhere" } }
    #expect(error?.kind == .refused)
    #expect(try store.leftovers() == [])
  }
}

// Estimates whose lines name their snapshot.

import Testing

@testable import Aufdb

@Suite("Snapshots that lines name") struct SnapshotLinesTests {
  private let store: ImportFixture

  init() throws {
    store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a"), completion("b")])])
  }

  private func line(_ model: String, _ reward: Double, in snapshot: String?, more: String = "") -> String {
    let name = snapshot.map { #","snapshot":\#($0.quoted)"# } ?? ""
    return #"{"prompt_id":"p","model":"\#(model)","reward":\#(reward),"lower":0,"upper":1\#(name)\#(more)}"#
  }

  private func estimates() throws -> [String] {
    try store.lines("SELECT snapshot, model, reward FROM estimates ORDER BY snapshot, model")
  }

  @Test("one file may hold several, and those of lines that name none")
  func several() throws {
    let lines = [
      line("a", 0.5, in: "x"), line("a", 0.25, in: "e\u{301}"), line("b", 0.75, in: nil), line("b", 0.125, in: "x"),
      line("a", 0, in: "\u{E9}"),
    ]
    let (commit, report) = try store.importLines(lines, named: "base.jsonl")
    #expect(report.added == [.snapshots: 4, .estimates: 5])
    #expect(commit?.operation.contains("\"snapshot\"") == false)
    #expect(
      try estimates() == ["base b 0.75", "e\u{301} a 0.25", "x a 0.5", "x b 0.125", "\u{E9} a 0.0"])
    #expect(try store.importLines(lines.reversed(), named: "base.jsonl").commit == nil)
    #expect(
      try store.importLines([line("a", 1, in: nil)], snapshot: "x2").report.added == [.snapshots: 1, .estimates: 1])
    let error = try store.refusal(of: [line("a", 1, in: "x")], snapshot: "other")
    #expect(error?.message == "the estimate of a for 'p' in the snapshot 'x' is there already and differs")
  }

  @Test("each has heads of its own number")
  func heads() throws {
    let lines = [
      line("a", 0, in: "x", more: #","heads":[1]"#), line("a", 0, in: "y", more: #","heads":[1,2]"#),
      line("b", 0, in: "x", more: #","heads":[3]"#),
    ]
    try store.importLines(lines)
    let error = try store.refusal(of: [line("b", 0, in: "y", more: #","heads":[1]"#)])
    #expect(error?.message == "heads has 1 numbers, and those before it in the snapshot 'y' have 2")
  }

  @Test("a snapshot comes with its first estimate, and null names none")
  func withFirst() throws {
    #expect(try store.refusal(of: [line("z", 0, in: "x")]) != nil)
    #expect(try store.count(.snapshots) == 0)
    try store.importLines([line("a", 0, in: nil, more: #","snapshot":null"#)], named: "n.jsonl")
    #expect(try estimates() == ["n a 0.0"])
    for (json, message) in [("5", "snapshot is a number, not a text"), (#""""#, "snapshot is empty")] {
      let error = try store.refusal(of: [line("a", 0, in: nil, more: #","snapshot":\#(json)"#)])
      #expect(error?.message == message)
    }
  }
}

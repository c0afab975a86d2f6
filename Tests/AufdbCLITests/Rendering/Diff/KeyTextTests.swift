// Keys as people read them: one form for each table, and the direction of a label.

import Testing

@testable import Aufdb
@testable import AufdbCLI

@Suite("Keys of changed rows")
struct KeyTextTests {
  private static let estimate: [SQLValue] = [
    .text("base"), .text("p1"), .text("a"), .integer(2), .real(0), .real(0), .real(0),
  ]

  @Test(
    "Every table",
    arguments: [
      (.prompts, Rows.prompt("p1", "q"), "p1"), (.responses, Rows.response("p1", "a", "yes"), "p1  a"),
      (.responses, Rows.response("p1", "a", sample: 3, "yes"), "p1  a#3"),
      (.embeddings, Rows.embedding("p1", "a", [0]), "p1  a  (mini)"),
      (.embeddings, Rows.embedding("p1", nil, [0]), "p1  (mini)"),
      (.scores, Rows.score("p1", "a", 1), "p1  a  (overall)"),
      (.snapshots, [.text("base"), .text("import"), .null], "base"),
      (.estimates, estimate, "p1  a#2  (base)"),
      (.selections, Rows.selection("p1", "b", "a", batch: 4), "p1  a vs b  (drts, batch 4)"),
      (.labels, Rows.label("p1", "b", "a", samples: (1, 0)), "p1  a vs b#1  (overall)"),
      (.rewardHeads, Rows.rewardHead("first", state: [0]), "first"),
      (.progress, Rows.progress("nightly", 3), "nightly  (iteration 3)"),
      (.queries, [.text("weekly"), .text("SELECT 1"), .null], "weekly"),
      (.definitions, [.text("judge"), .text("helpful"), .integer(2), .text("{}"), .text("{}")], "judge helpful@2"),
    ] as [(Relation, [SQLValue], String)])
  func keys(_ relation: Relation, _ row: [SQLValue], _ text: String) {
    for change in [RowChange(relation, old: nil, new: row), RowChange(relation, old: row, new: nil)] {
      #expect(change.keyText == text)
      if relation != .labels { #expect(change.headline == text) }
    }
  }

  @Test(
    "A label says what it prefers now, or preferred",
    arguments: [
      (nil, Rows.label("p1", "b", "a"), "p1  b > a  (overall)"),
      (Rows.label("p1", "b", "a"), nil, "p1  b > a  (overall)"),
      (Rows.label("p1", "b", "a"), Rows.label("p1", "a", "b"), "p1  a > b  (overall)"),
      (nil, Rows.label("p1", "b", "a", samples: (2, 0), tie: true), "p1  a = b#2  (overall)"),
      (nil, Rows.label("p1", "a", "a", samples: (1, 0), judge: "x"), "p1  a#1 > a  (x)"),
    ] as [([SQLValue]?, [SQLValue]?, String)])
  func labels(_ old: [SQLValue]?, _ new: [SQLValue]?, _ text: String) {
    #expect(RowChange(.labels, old: old, new: new).headline == text)
  }

  @Test("What isn't a text looks as in a table") func otherValues() {
    #expect(SQLValue.null.shortText == "NULL")
    #expect(SQLValue.real(8).shortText == "8.0")
    #expect(SQLValue.blob([0, 255]).shortText == "x'00ff' (2 bytes)")
    #expect(SQLValue.blob([UInt8](repeating: 7, count: 768)).shortText == "x'0707070707070707…' (768 bytes)")
    #expect(SQLValue.text("a\nb").shortText == "a\nb")
  }
}

// Counting changed rows: each counts once, and what a label became is told by what is chosen.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Diff in numbers")
struct DiffStatTests {
  private static func label(
    _ chosen: String, _ rejected: String, tie: Bool = false, samples: (Int64, Int64) = (0, 0),
    score: Double? = nil, judge: String = "overall"
  ) -> [SQLValue] {
    [
      .text("p1"), .text(chosen), .integer(samples.0), .text(rejected), .integer(samples.1), .text(judge),
      .integer(tie ? 1 : 0), score.map { .real($0) } ?? .null, .null, .null, .null,
    ]
  }

  @Test(
    "What became of a label",
    arguments: [
      (nil, label("a", "b"), .added), (label("a", "b"), nil, .retracted),
      (label("a", "b"), label("b", "a"), .flipped),
      (label("a", "a", samples: (0, 1)), label("a", "a", samples: (1, 0)), .flipped),
      (label("a", "b", score: 1), label("b", "a", score: 2), .flipped),
      (label("a", "b"), label("a", "b", score: 1), .modified),
      // What a tie calls chosen means nothing.
      (label("a", "b"), label("a", "b", tie: true), .modified),
      (label("a", "b"), label("b", "a", tie: true), .modified),
      (label("a", "b", tie: true), label("b", "a"), .modified),
      (label("a", "b", tie: true), label("b", "a", tie: true), .modified),
      // Two names to a store, though one to Unicode.
      (label("\u{E9}", "e\u{301}"), label("e\u{301}", "\u{E9}"), .flipped),
    ] as [([SQLValue]?, [SQLValue]?, LabelChange)])
  func labels(_ old: [SQLValue]?, _ new: [SQLValue]?, _ expected: LabelChange) {
    #expect(RowChange(.labels, old: old, new: new).labelChange == expected)
  }

  @Test("Only labels become something") func otherRelations() {
    #expect(RowChange(.snapshots, old: nil, new: [.text("s"), .text("import"), .null]).labelChange == nil)
  }

  @Test("Judges stand in order of their bytes, and are told apart by them") func judges() {
    var stat = DiffStat()
    for judge in ["b", "e\u{301}", "a", "\u{E9}", "b", "B"] {
      stat.count(RowChange(.labels, old: nil, new: Self.label("a", "b", judge: judge)))
    }
    #expect(stat.labels.map { Array($0.judge.utf8) } == ["B", "a", "b", "e\u{301}", "\u{E9}"].map { Array($0.utf8) })
    #expect(stat.labels.map(\.added) == [1, 1, 2, 1, 1])
    #expect(stat.rows == [.labels: DiffStat.Rows(added: 6)])
  }

  @Test("Nothing counted is nothing") func empty() {
    #expect(DiffStat().rows.isEmpty && DiffStat().labels.isEmpty)
  }

  @Test(
    "A label counts once, by judge as in all; the inverse diff has added and removed the other way around",
    arguments: 1...5 as ClosedRange<UInt64>)
  func laws(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let changes = (0..<400).map { _ in Self.randomChange(using: &generator) }
    var (stat, inverse) = (DiffStat(), DiffStat())
    for change in changes {
      stat.count(change)
      inverse.count(change.inverse)
    }
    for relation in Relation.allCases {
      let ofIt = changes.filter { $0.relation == relation }
      let rows = stat.rows[relation] ?? DiffStat.Rows()
      #expect(rows.added == ofIt.count { $0.old == nil }, "seed \(seed)")
      #expect(rows.removed == ofIt.count { $0.new == nil }, "seed \(seed)")
      #expect(rows.added + rows.removed + rows.modified == ofIt.count, "seed \(seed)")
      let back = inverse.rows[relation] ?? DiffStat.Rows()
      #expect((back.added, back.removed, back.modified) == (rows.removed, rows.added, rows.modified), "seed \(seed)")
    }
    #expect(stat.labels.map(\.judge) == inverse.labels.map(\.judge), "seed \(seed)")
    for (labels, back) in zip(stat.labels, inverse.labels) {
      #expect((labels.added, labels.retracted) == (back.retracted, back.added), "seed \(seed)")
      #expect(
        (labels.flipped, labels.modifiedOtherwise) == (back.flipped, back.modifiedOtherwise), "seed \(seed)")
    }
    let rows = stat.rows[.labels]
    #expect(stat.labels.reduce(0) { $0 + $1.added } == rows?.added, "seed \(seed)")
    #expect(stat.labels.reduce(0) { $0 + $1.retracted } == rows?.removed, "seed \(seed)")
    #expect(stat.labels.reduce(0) { $0 + $1.flipped + $1.modifiedOtherwise } == rows?.modified, "seed \(seed)")
  }

  private static func randomChange(using generator: inout SeededGenerator) -> RowChange {
    func coin() -> Bool { generator.next() % 2 == 0 }
    guard generator.next() % 4 != 0 else {
      let row: [SQLValue] = [.text("p\(generator.next())"), .null, .text("q"), .text("text"), .null]
      return coin() ? RowChange(.prompts, old: row, new: nil) : RowChange(.prompts, old: nil, new: row)
    }
    let judge = ["overall", "someone", "random"][Int(generator.next() % 3)]
    func version() -> [SQLValue] {
      let pair = coin() ? ("a", "b") : ("b", "a")
      return label(pair.0, pair.1, tie: coin(), score: coin() ? 1 : nil, judge: judge)
    }
    switch generator.next() % 4 {
    case 0: return RowChange(.labels, old: nil, new: version())
    case 1: return RowChange(.labels, old: version(), new: nil)
    default: return RowChange(.labels, old: version(), new: version())
    }
  }
}

// What holds for every import of labels, tried on random ones against a plain set of them.

import AufdbTestSupport
import GRDBSQLite
import Testing

@testable import Aufdb

/// A label as it should be in the store.
private struct ModelLabel: Hashable, CustomStringConvertible {
  struct Side: Hashable {
    var model: String
    var sample: Int64
    var score: Double?

    func isBefore(_ other: Side) -> Bool { (model, sample) < (other.model, other.sample) }
  }

  /// What is one of a kind: the prompt, the pair in sorted order, the judge.
  struct Key: Hashable {
    var promptID: String
    var pair: [String]
    var judge: String
  }

  var promptID: String
  var chosen: Side
  var rejected: Side
  var judge: String
  var isTie: Bool
  var method: String?

  var key: Key {
    Key(promptID: promptID, pair: [chosen, rejected].map { "\($0.model) \($0.sample)" }.sorted(), judge: judge)
  }

  /// The same label with its responses the other way round.
  var swapped: ModelLabel {
    var label = self
    (label.chosen, label.rejected) = (rejected, chosen)
    return label
  }

  /// What it says: a tie is the same either way.
  var meaning: ModelLabel { isTie && rejected.isBefore(chosen) ? swapped : self }

  var description: String { "\(promptID): \(chosen) over \(rejected) by \(judge), tie \(isTie), \(method ?? "-")" }

  static let columns =
    "prompt_id, chosen_model, chosen_sample, chosen_score, rejected_model, rejected_sample, rejected_score, judge, tie, "
    + "method"

  init(_ row: [SQLValue]) {
    func text(_ column: Int) -> String? { if case .text(let text) = row[column] { text } else { nil } }
    func integer(_ column: Int) -> Int64 { if case .integer(let value) = row[column] { value } else { -1 } }
    func real(_ column: Int) -> Double? { if case .real(let value) = row[column] { value } else { nil } }
    promptID = text(0) ?? ""
    chosen = Side(model: text(1) ?? "", sample: integer(2), score: real(3))
    rejected = Side(model: text(4) ?? "", sample: integer(5), score: real(6))
    judge = text(7) ?? ""
    isTie = integer(8) == 1
    method = text(9)
  }

  static let models = ["a", "b", "B b", "\u{E9}"]

  /// A label between two of a prompt's responses.
  init(using generator: inout SeededGenerator) {
    promptID = "p\(generator.next() % 6)"
    func side(_ number: UInt64, _ score: UInt64) -> Side {
      Side(
        model: Self.models[Int(number / 2)], sample: Int64(number % 2), score: score % 3 == 0 ? nil : Double(score) / 7)
    }
    let first = generator.next() % 8
    chosen = side(first, generator.next() % 9)
    rejected = side((first + 1 + generator.next() % 7) % 8, generator.next() % 9)
    judge = generator.next() % 3 == 0 ? "bob" : "ada"
    isTie = generator.next() % 4 == 0
    method = generator.next() % 4 == 0 ? "drts" : nil
  }

  /// One of the many ways to write it; with `omitting`, a line of this judge may leave the judge out.
  func line(using generator: inout SeededGenerator, omitting defaultJudge: String) -> String {
    var fields = [#""prompt_id":\#(promptID.quoted)"#]
    if judge != defaultJudge || generator.next() % 2 == 0 { fields.append(#""judge":\#(judge.quoted)"#) }
    let label = isTie && generator.next() % 2 == 0 ? swapped : self
    for (name, side) in [("chosen", label.chosen), ("rejected", label.rejected)] {
      let model = side.model.quoted
      let sample = side.sample == 0 && generator.next() % 2 == 0 ? "" : #","\#(name)_sample":\#(side.sample)"#
      switch generator.next() % 3 {
      case 0: fields.append(#""\#(name)":\#(model)\#(sample)"#)
      case 1: fields.append(#""\#(name)_model":\#(model)\#(sample)"#)
      default: fields.append(#""\#(name)":{"model":\#(model),"sample":\#(side.sample)}"#)
      }
      if side.score != nil || generator.next() % 2 == 0 {
        fields.append(#""\#(name)_score":\#(side.score.map { "\($0)" } ?? "null")"#)
      }
    }
    if isTie || generator.next() % 2 == 0 {
      fields.append(#""tie":\#(generator.next() % 2 == 0 ? "\(isTie)" : isTie ? "1" : "0")"#)
    }
    if let method { fields.append(#""method":\#(method.quoted)"#) }
    return "{" + fields.shuffled(using: &generator).joined(separator: ",") + "}"
  }
}

extension SeededGenerator {
  /// Labels of keys that differ.
  fileprivate mutating func labels(_ count: Int) -> [ModelLabel] {
    var labels: [ModelLabel.Key: ModelLabel] = [:]
    var all: [ModelLabel] = []
    for _ in 0..<count {
      let label = ModelLabel(using: &self)
      if labels.updateValue(label, forKey: label.key) == nil { all.append(label) }
    }
    return all
  }

  /// Each label a line, and some of them two, in any order.
  fileprivate mutating func lines(_ labels: [ModelLabel]) -> [String] {
    var lines: [String] = []
    for label in labels {
      for _ in 0..<(next() % 5 == 0 ? 2 : 1) { lines.append(label.line(using: &self, omitting: "ada")) }
    }
    return lines.shuffled(using: &self)
  }
}

@Suite("Laws of importing labels") struct LabelLawsTests {
  private static func store() throws -> ImportFixture {
    let store = try ImportFixture()
    try store.importLines(
      (0..<6).map { number in
        completionsLine(
          "p\(number)", ModelLabel.models.flatMap { [completion($0), completion($0, more: #""sample":1"#)] })
      })
    return store
  }

  /// What the labels say at a revision.
  private func meanings(_ store: ImportFixture, at revision: Revision = .head) throws -> Set<ModelLabel> {
    let rows = try store.rows("SELECT \(ModelLabel.columns) FROM labels", at: revision)
    let meanings = Set(rows.map { ModelLabel($0).meaning })
    #expect(meanings.count == rows.count)
    return meanings
  }

  @Test("what comes in is there, once; and a second import has nothing to commit", arguments: [1, 2, 3, 4] as [UInt64])
  func twice(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let labels = generator.labels(60)
    let store = try Self.store()
    let lines = generator.lines(labels)
    let (commit, report) = try store.importLines(lines, judge: "ada")
    #expect(commit?.message == "Import \(labels.count) labels from lines.jsonl", "seed \(seed)")
    #expect(report.recordCount == lines.count && report.unchangedCount == lines.count - labels.count, "seed \(seed)")
    #expect(try meanings(store) == Set(labels.map(\.meaning)), "seed \(seed)")
    let everything = try store.everything()
    for replaces in [false, true] {
      let again = generator.lines(labels)
      let (commit, report) = try store.importLines(again, judge: "ada", replaces: replaces)
      #expect(commit == nil && report.added == [:] && report.unchangedCount == again.count, "seed \(seed)")
    }
    #expect(try store.everything() == everything, "seed \(seed)")
    #expect(try store.isSound(), "seed \(seed)")
  }

  @Test(
    "the order of lines, and the split over files and commits, don't matter", arguments: [1, 2, 3, 4] as [UInt64])
  func orderAndSplit(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let labels = generator.labels(60)
    let expected = Set(labels.map(\.meaning))
    let lines = generator.lines(labels)
    for _ in 0..<3 {
      let store = try Self.store()
      try store.importLines(lines.shuffled(using: &generator), judge: "ada")
      #expect(try meanings(store) == expected, "seed \(seed)")
    }
    let half = lines.count / 2
    let split = try Self.store()
    try split.importFiles(
      [split.file("1.jsonl", Array(lines[half...])), split.file("2.jsonl", Array(lines[..<half]))], judge: "ada")
    #expect(try meanings(split) == expected, "seed \(seed)")
    let stepwise = try Self.store()
    for part in [lines[half...], lines[..<half]] { try stepwise.importLines(Array(part), judge: "ada") }
    #expect(try meanings(stepwise) == expected, "seed \(seed)")
  }

  @Test("a label the other way round is the same key: another label, but for a tie", arguments: [1, 2, 3] as [UInt64])
  func pairOrder(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let store = try Self.store()
    let labels = generator.labels(20)
    try store.importLines(generator.lines(labels), judge: "ada")
    let head = try store.head()
    for label in labels {
      let line = label.swapped.line(using: &generator, omitting: "ada")
      let refusal = try store.refusal(of: [line], judge: "ada")
      #expect((refusal == nil) == label.isTie, "seed \(seed): \(line)")
      #expect(try store.head() == head, "seed \(seed): \(line)")
    }
    let (_, report) = try store.importLines(generator.lines(labels.map(\.swapped)), judge: "ada", replaces: true)
    let directedCount = labels.count { !$0.isTie }
    #expect(report.added[.labels] == directedCount && report.retired[.labels] == directedCount, "seed \(seed)")
    #expect(try meanings(store) == Set(labels.map(\.swapped.meaning)), "seed \(seed)")
  }

  @Test("what differs is refused as a whole, or replaced as a whole", arguments: [1, 2, 3, 4] as [UInt64])
  func replace(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (first, second) = (generator.labels(60), generator.labels(40))
    let store = try Self.store()
    try store.importLines(generator.lines(first), judge: "ada")
    let (old, everything) = (Dictionary(uniqueKeysWithValues: first.map { ($0.key, $0) }), try store.everything())
    let replaced = second.filter { old[$0.key].map(\.meaning) ?? $0.meaning != $0.meaning }
    try #require(!replaced.isEmpty, "seed \(seed)")
    let lines = generator.lines(second)
    #expect(try store.refusal(of: lines, judge: "ada") != nil, "seed \(seed)")
    #expect(try store.everything() == everything, "seed \(seed)")

    let (_, report) = try store.importLines(lines, judge: "ada", replaces: true)
    let newCount = second.count { old[$0.key] == nil }
    #expect(report.retired[.labels] == replaced.count, "seed \(seed)")
    #expect(report.added[.labels] == replaced.count + newCount, "seed \(seed)")
    let expected = old.merging(second.map { ($0.key, $0) }) { $1 }
    #expect(try meanings(store) == Set(expected.values.map(\.meaning)), "seed \(seed)")
    #expect(try store.everything(at: "main~1") == everything, "seed \(seed)")
    #expect(try store.isSound(), "seed \(seed)")
  }

  @Test("plain, zstd and gzip give the same commit", arguments: [Compression.zstd(), .gzip()])
  func compressions(_ compression: Compression) throws {
    var generator = SeededGenerator(seed: 5)
    let text = generator.lines(generator.labels(40)).map { $0 + "\n" }.joined()
    let (plain, compressed) = (try Self.store(), try Self.store())
    let expected = try plain.importFiles([plain.folder.file("x", Array(text.utf8))], judge: "ada")
    let bytes = try compressed.folder.compressed(Array(text.utf8), compression)
    let found = try compressed.importFiles([compressed.folder.file("x", bytes)], judge: "ada")
    #expect(found.report == expected.report)
    #expect(found.commit?.id == expected.commit?.id && found.commit != nil)
  }
}

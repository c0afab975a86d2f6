// Splits: by the prompt's text and the seed alone.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Splits")
struct ExportSplitTests {
  private static let halves = [ExportSplit("train", 0.5), ExportSplit("test", 0.25), ExportSplit("dev", 0.25)]

  /// Prompts of which some have the same text but for case and white space, or are the same text as messages.
  private func store(_ generator: inout SeededGenerator) throws -> TestStore {
    let store = try TestStore()
    try store.commit { change in
      for index in 0..<60 {
        let text = "Question \(index % 20)?"
        let forms = [text, "  " + text.uppercased() + "\n", #"[{"role":"user","content":"\#(text)"}]"#]
        let form = Int.random(in: 0...2, using: &generator)
        try change.addPrompt("p\(index)", forms[form], format: form == 2 ? "messages" : "text")
        for model in ["a", "b", "c"] { try change.addResponse("p\(index)", model, "\(model) \(index)") }
        try change.addLabel("p\(index)", chosen: "a", rejected: "b")
        try change.addLabel("p\(index)", chosen: "c", rejected: "b")
      }
    }
    return store
  }

  /// The folded prompts of each split.
  private func prompts(_ folder: ExportedFolder) throws -> [String: Set<String>] {
    var prompts: [String: Set<String>] = [:]
    for name in try folder.names("data") {
      let split = String(name.prefix { $0 != "-" })
      for row in try folder.rows("data/" + name) {
        let row = try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
        let text = try #require((row["prompt"] as? [[String: String]])?.last?["content"])
        prompts[split, default: []].insert(text.lowercased().trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    return prompts
  }

  @Test(
    "no prompt is on two sides, every pair is on one, and another seed splits otherwise",
    arguments: 0..<6 as Range<Int64>)
  func sides(seed: Int64) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let store = try store(&generator)
    let (folder, report) = try store.export {
      $0.splits = Self.halves
      $0.splitSeed = seed
    }
    let sides = try prompts(folder)
    #expect(sides.values.reduce(0) { $0 + $1.count } == 20)
    #expect(sides.values.reduce(into: Set()) { $0.formUnion($1) }.count == 20)
    #expect(report.rowCount == 120)
    #expect(
      report.splits.map(\.rowCount)
        == Self.halves.map { split in
          report.files.reduce(0) { $0 + ($1.split == split.name ? $1.rowCount : 0) }
        })
    let other = try store.export(to: "other") {
      $0.splits = Self.halves
      $0.splitSeed = seed + 1
    }.folder
    #expect(try prompts(other) != sides)
  }

  @Test("what else is in the store moves no prompt")
  func stable() throws {
    let store = try TestStore()
    try store.addPairs(40)
    let before = try prompts(store.export(to: "before") { $0.splits = Self.halves }.folder)
    try store.commit { change in
      for index in 0..<40 {
        try change.addPrompt("q\(index)", "something else \(index)")
        try change.addResponse("q\(index)", "a", "yes")
        try change.addResponse("q\(index)", "b", "no")
        try change.addLabel("q\(index)", chosen: "a", rejected: "b")
      }
    }
    let after = try prompts(store.export(to: "after") { $0.splits = Self.halves }.folder)
    for (split, texts) in before { #expect(after[split]?.isSuperset(of: texts) == true) }
  }

  @Test("a prompt's point is the beginning of SHA-256 over the seed and the folded text")
  func point() {
    // python3: int.from_bytes(hashlib.sha256((7).to_bytes(8, 'big') + b'why?').digest()[:8], 'big') / 2**64
    let seven: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 7]
    #expect(abs(SplitAssignment.point(of: Array("why?".utf8), seed: seven) - 0.942351835392907) < 1e-12)
    var generator = SeededGenerator(seed: 1)
    var sum = 0.0
    for _ in 0..<2000 {
      let text = (0..<8).map { _ in UInt8.random(in: 97...122, using: &generator) }
      let point = SplitAssignment.point(of: text, seed: seven)
      #expect((0..<1).contains(point))
      sum += point
    }
    // The mean of 2,000 even draws is within four standard errors of a half.
    #expect(abs(sum / 2000 - 0.5) < 4 * (1.0 / 12 / 2000).squareRoot())
  }

  @Test("a split without rows has no file, and the card doesn't name it as one")
  func empty() throws {
    let store = try TestStore()
    try store.addPairs(1)
    let (folder, report) = try store.export { $0.splits = [ExportSplit("train", 1e-9), ExportSplit("test", 1 - 1e-9)] }
    #expect(try folder.names("data") == ["test-00000-of-00001.jsonl.zst"])
    #expect(report.splits.map(\.rowCount) == [0, 1])
    let card = try folder.text("README.md")
    #expect(!card.contains("data/train-"))
    #expect(card.contains("- split: test\n    path: data/test-*.jsonl.zst\n"))
    #expect(
      card.contains(
        "  splits:\n  - name: test\n    num_bytes: \(report.files[0].contentBytes)\n    num_examples: 1\n---"))
    #expect(card.contains("| train | 0.0 % of prompts | 0 | no file: it has no rows |"))
    #expect(card.contains(#"split="test")"#))
  }

  @Test(
    "shares as text",
    arguments: [
      ("train=0.95,test=0.05", [ExportSplit("train", 0.95), ExportSplit("test", 0.05)]),
      ("all_of_it=1", [ExportSplit("all_of_it", 1)]),
    ])
  func list(text: String, splits: [ExportSplit]) throws {
    #expect(try ExportSplit.list(text) == splits)
  }

  @Test(
    "impossible shares",
    arguments: [
      ("", "'' is not a split's name and share"), ("train", "'train' is not a split's name and share"),
      ("train=1,", "'' is not a split's name and share"), ("train=a", "'train=a' is not a split's name and share"),
      ("train=0.5", "the splits' shares make 0.5 together, not 1"),
      ("train=0.5,train=0.5", "the split train is named twice"),
      ("train=1,test=0", "the split test can't have a share of 0.0"),
      ("train=2,test=-1", "the split train can't have a share of 2.0"),
      ("train=nan", "the split train can't have a share of nan"),
      ("all=1", "a split can't be called 'all'"), ("a-b=1", "a split can't be called 'a-b'"),
      ("../x=1", "a split can't be called '../x'"), ("=1", "a split can't be called ''"),
      ("tr\u{e4}in=1", "a split can't be called 'tr\u{e4}in'"),
    ])
  func refused(text: String, message: String) throws {
    let store = try TestStore()
    try store.addPairs(1)
    let error = #expect(throws: AufdbError.self) {
      let splits = try ExportSplit.list(text)
      try store.export { $0.splits = splits }
    }
    #expect(error?.kind == .usage)
    #expect(error?.message == message)
    #expect(try store.leftovers() == [])
  }
}

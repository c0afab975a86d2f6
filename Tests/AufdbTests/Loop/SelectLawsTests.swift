// What holds for every selection: a prompt's pair depends on its own numbers and the seed, not on how they are stored.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@testable import Aufdb

/// Prompts with estimates, made from a seed, and the store that holds them.
private struct MadeEstimates {
  struct Row {
    var promptID: String
    var model: String
    var reward: Double
    var lower: Double
    var upper: Double
    var line: String { estimateLine(promptID, model, reward, lower, upper) }
  }

  var rows: [Row] = []

  init(seed: UInt64, promptCount: Int = 40) {
    var generator = SeededGenerator(seed: seed)
    // In the order of their bytes, in which candidates are numbered: neither the alphabet's nor Swift's.
    let models = ["B", "Z/1", "a", "aa", "é", "漢", "🙂"]
    for number in 0..<promptCount {
      for model in models.prefix(2 + Int(generator.next() % 6)) {
        let reward = Double(generator.next() % 4000) / 1000 - 2
        let (down, up) = (Double(generator.next() % 2000) / 1000, Double(generator.next() % 2000) / 1000)
        rows.append(Row(promptID: "p\(number)", model: model, reward: reward, lower: reward - down, upper: reward + up))
      }
    }
  }

  var promptIDs: [String] { rows.map(\.promptID).reduce(into: []) { if $0.last != $1 { $0.append($1) } } }

  /// A store with the responses in one order and the estimates in another.
  func store(responses: [Row]? = nil, estimates: [[Row]]? = nil) throws -> ImportFixture {
    let store = try ImportFixture()
    try store.importLines((responses ?? rows).map { completionsLine($0.promptID, [completion($0.model)]) })
    for part in estimates ?? [rows] { try store.importLines(part.map(\.line), snapshot: "s") }
    return store
  }

  /// What the method gives without a store: prompt -> "first second".
  func pairs(by method: any SelectionMethod, seed: UInt64) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for promptID in promptIDs {
      var storage = CandidateStorage()
      let candidates = rows.filter { $0.promptID == promptID }
      for row in candidates {
        storage.append(reward: Float(row.reward), lower: Float(row.lower), upper: Float(row.upper))
      }
      let random = method.randomKey(seed: seed).prompt(promptID)
      guard case .pair(let pair) = try storage.select(by: method, random: random) else {
        continue
      }
      pairs[promptID] = "\(candidates[pair.first].model) \(candidates[pair.second].model)"
    }
    return pairs
  }
}

extension ImportFixture {
  /// The selections of a batch: prompt -> "first second".
  fileprivate func pairs(batch: Int = 1) throws -> [String: String] {
    let rows = try rows(
      "SELECT prompt_id, first_model || ' ' || second_model FROM selections WHERE batch = \(batch)")
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        guard case .text(let promptID) = row[0], case .text(let pair) = row[1] else { return ("", "") }
        return (promptID, pair)
      })
  }
}

@Suite("Laws of selection") struct SelectLawsTests {
  static let methods = ["random", "ultrafeedback", "drts", "deltaucb"]

  @Test("a store's selection is the method's own", arguments: methods, [UInt64(0), 7])
  func sameAsTheMethod(name: String, seed: UInt64) throws {
    let made = MadeEstimates(seed: 1)
    let store = try made.store(responses: made.rows.reversed())
    let method = try SelectionMethods.make(name, available: .estimates)
    let (commit, report) = try store.select(SelectOptions(method: name, seed: seed))
    #expect(try store.pairs() == made.pairs(by: method, seed: seed))
    #expect(report.selectedCount == 40)
    #expect(report.snapshot == (name == "random" ? nil : "s"))
    #expect(commit?.changes == [Commit.Change(relation: .selections, added: 40, retired: 0)])
    #expect(
      try store.rows("SELECT DISTINCT method, batch, snapshot, seed FROM selections")
        == [[.text(name), .integer(1), name == "random" ? .null : .text("s"), .integer(Int64(seed))]])
  }

  @Test("scattered rows give the same pairs as those that lie together", arguments: methods, [UInt64(11), 12])
  func scattered(name: String, seed: UInt64) throws {
    let made = MadeEstimates(seed: seed)
    let grouped = try made.store()
    try grouped.select(SelectOptions(method: name, seed: 3))
    var generator = SeededGenerator(seed: seed)
    let shuffled = made.rows.shuffled(using: &generator)
    let scattered = try made.store(
      responses: shuffled.reversed(), estimates: [Array(shuffled.prefix(50)), Array(shuffled.dropFirst(50))])
    try scattered.select(SelectOptions(method: name, seed: 3))
    #expect(try scattered.pairs() == grouped.pairs(), "seed \(seed)")
    try scattered.select(SelectOptions(method: name, seed: 3, prompts: .again, limit: 5))
    #expect(try scattered.pairs(batch: 2).allSatisfy { try grouped.pairs()[$0.key] == $0.value })
    #expect(try scattered.isSound())
  }

  @Test("a limit gives a part of the whole, the same however the rows are stored", arguments: methods)
  func limit(name: String) throws {
    let made = MadeEstimates(seed: 21)
    let whole = try made.store()
    try whole.select(SelectOptions(method: name, seed: 5))
    var limited: [[String: String]] = []
    for rows in [made.rows, made.rows.reversed()] {
      let store = try made.store(responses: rows, estimates: [rows])
      let (_, report) = try store.select(SelectOptions(method: name, seed: 5, limit: 10))
      #expect(report.selectedCount == 10)
      limited.append(try store.pairs())
      #expect(try limited.last?.allSatisfy { try whole.pairs()[$0.key] == $0.value } == true)
      // Running it again goes on where it stopped, until nothing is left.
      #expect(try store.select(SelectOptions(method: name, seed: 5, limit: 25)).report.alreadySelectedCount == 10)
      #expect(try store.select(SelectOptions(method: name, seed: 5, limit: 25)).report.selectedCount == 5)
      #expect(try store.select(SelectOptions(method: name, seed: 5, limit: 25)).commit == nil)
      #expect(try (1...3).map { try store.pairs(batch: $0).count } == [10, 25, 5])
      let all = try (1...3).reduce(into: [:]) { all, batch in try all.merge(store.pairs(batch: batch)) { $1 } }
      #expect(try all == whole.pairs())
    }
    #expect(limited[0] == limited[1])
    let other = try made.store()
    try other.select(SelectOptions(method: name, seed: 6, limit: 10))
    #expect(try Set(other.pairs().keys) != Set(limited[0].keys), "another seed draws other prompts")
  }

  @Test("other prompts, models and snapshots in the store don't matter")
  func neighbours() throws {
    let made = MadeEstimates(seed: 31)
    let alone = try made.store()
    try alone.select(SelectOptions(method: "drts", snapshot: "s", seed: 9))
    let crowded = try made.store()
    try crowded.importLines([
      completionsLine("x", [completion("B"), completion("a")]), completionsLine("p0", [completion("new")]),
    ])
    try crowded.importLines([estimateLine("x", "B", 0, -1, 1), estimateLine("x", "a", 0, -1, 1)], snapshot: "s")
    try crowded.importLines([estimateLine("p0", "new", 0, -1, 1), estimateLine("p1", "B", 0, -1, 1)], snapshot: "t")
    try crowded.select(SelectOptions(method: "drts", snapshot: "s", seed: 9, allowsPartial: true))
    var found = try crowded.pairs()
    #expect(found.removeValue(forKey: "x") != nil)
    #expect(try found == alone.pairs())
  }
}

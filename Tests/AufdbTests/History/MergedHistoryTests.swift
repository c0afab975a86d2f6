// What the history of a row tells of merges and of keys that nobody had.

import Testing

@testable import Aufdb

@Suite("Histories of rows that were merged, and of none")
struct MergedHistoryTests {
  let modelled: ModelledStore

  /// A prompt that two branches each gave another text: commit 2 bore it, 3 changed it on main and 4 on b1.
  init() throws {
    modelled = try ModelledStore(seed: 0)
    let first = Self.prompt("first")
    try modelled.commit(ModelChange(added: [first]))
    try modelled.branch("b1", at: 2)
    try modelled.commit(ModelChange(retired: [first], added: [Self.prompt("ours")]))
    try modelled.commit(ModelChange(retired: [first], added: [Self.prompt("theirs")]), to: "b1")
    modelled.close()
  }

  private static func prompt(_ text: String) -> ModelRow {
    ModelRow(relation: .prompts, values: [.text("p"), .null, .text(text), .text("text"), .null])
  }

  private static let context = CommitContext(author: "m", milliseconds: 9_000)

  /// Merges b1 into main.
  private func merge(preferring side: MergeSide?) throws {
    let outcome = try modelled.writer().merge(MergeOptions("b1", preferring: side), context: Self.context) { _ in }
    if case .merged = outcome {} else { Issue.record("\(outcome)") }
    modelled.close()
  }

  private func events(_ scope: HistoryScope = .revision(.head)) throws -> [String] {
    var found: [String] = []
    try Store(modelled.path, for: .reading).rowEvents(of: .prompts, key: [.text("p")], in: scope) { event in
      func text(_ row: [SQLValue]?) -> String { if case .text(let text) = row?[2] { text } else { "-" } }
      found.append("\(event.commit.sequence): \(text(event.change.old)) > \(text(event.change.new))")
    }
    return found
  }

  @Test("Two branches change a row, and each sees its own change only") func apart() throws {
    #expect(try events() == ["3: first > ours", "2: - > first"])
    #expect(try events(.revision("b1")) == ["4: first > theirs", "2: - > first"])
    #expect(try events(.everywhere) == ["4: first > theirs", "3: first > ours", "2: - > first"])
  }

  @Test("A merge that keeps one of two versions modifies the other", arguments: [MergeSide.ours, .theirs])
  func kept(preferred: MergeSide) throws {
    try merge(preferring: preferred)
    let settled = preferred == .theirs ? "5: ours > theirs" : "5: theirs > ours"
    #expect(try events() == [settled, "4: first > theirs", "3: first > ours", "2: - > first"])
  }

  @Test("A merge of two sides that made the same of a row modifies none of its columns") func equal() throws {
    let same = Self.prompt("same")
    try modelled.commit(ModelChange(retired: [Self.prompt("ours")], added: [same]))
    try modelled.commit(ModelChange(retired: [Self.prompt("theirs")], added: [same]), to: "b1")
    try merge(preferring: nil)
    #expect(try events().prefix(3) == ["7: same > same", "6: theirs > same", "5: ours > same"])
  }

  @Test("A revert brings the old row back") func reverted() throws {
    let outcome = try modelled.writer().revert("main", context: Self.context) { _ in }
    if case .reverted = outcome {} else { Issue.record("\(outcome)") }
    modelled.close()
    #expect(try events() == ["5: ours > first", "3: first > ours", "2: - > first"])
  }

  @Test("A merge that lets a row go removes it") func removed() throws {
    try modelled.commit(ModelChange(retired: [Self.prompt("theirs")]), to: "b1")
    try merge(preferring: .theirs)
    #expect(try events() == ["6: ours > -", "5: theirs > -", "4: first > theirs", "3: first > ours", "2: - > first"])
  }

  @Test("A version that both sides retired counts as retired by the first") func retiredTwice() throws {
    try merge(preferring: .theirs)
    var retirers: [Int64?] = []
    try Store(modelled.path, for: .reading).history(of: .prompts, key: [.text("p")]) {
      retirers.append($0.retired?.sequence)
    }
    #expect(retirers == [nil, 5, 3])
  }

  private static let wrong: [(key: [SQLValue], scope: HistoryScope, kind: AufdbError.Kind, message: String)] = [
    ([], .everywhere, .usage, "no key is given"),
    ([.text("p"), .text("q")], .everywhere, .usage, "a key of prompts doesn't have 2 parts"),
    (
      [.text("x")], .revision(.head), .refused,
      "'HEAD' and its ancestors never had a row of prompts with the key 'x'"
    ),
    ([.text("x")], .everywhere, .refused, "no row of prompts ever had the key 'x'"),
    ([.null], .everywhere, .refused, "no row of prompts ever had the key NULL"),
    ([.text("p")], .revision("main~9"), .refused, "there is no revision 'main~9': history ends before it"),
  ]

  @Test("A key that can't be, or never was") func wrongKeys() throws {
    let store = try Store(modelled.path, for: .reading)
    for (key, scope, kind, message) in Self.wrong {
      for ask in [
        { try store.history(of: .prompts, key: key, in: scope) { _ in } },
        { try store.rowEvents(of: .prompts, key: key, in: scope) { _ in } },
      ] {
        let error = #expect(throws: AufdbError.self) { try ask() }
        #expect(error?.kind == kind, "\(message)")
        #expect(error?.message == message)
      }
    }
  }

  @Test("A key of another branch has a hint to --all") func elsewhere() throws {
    try modelled.commit(
      ModelChange(added: [ModelRow(relation: .snapshots, values: [.text("s"), .text("import"), .null])]), to: "b1")
    modelled.close()
    let store = try Store(modelled.path, for: .reading)
    let error = #expect(throws: AufdbError.self) { try store.history(of: .snapshots, key: [.text("s")]) { _ in } }
    #expect(error?.hint?.contains("--all") == true)
  }

  @Test func partsAreReadAsTheColumnsAre() throws {
    #expect(try Relation.responses.key(reading: ["1", "2", "3"]) == [.text("1"), .text("2"), .integer(3)])
    #expect(try Relation.embeddings.key(reading: ["e", "p", ""]) == [.text("e"), .text("p"), .null])
    #expect(try Relation.scores.key(reading: ["p", ""]) == [.text("p"), .text("")])
    #expect(try Relation.selections.key(reading: ["p", "a", "0", "b", "1", "drts", "7"]).last == .integer(7))
    for (relation, texts) in [
      (Relation.labels, ["p", "a", "zero"]), (.selections, ["p", "a", "0", "b", "0", "m", "x"]), (.prompts, []),
      (.prompts, ["a", "b"]),
    ] {
      let error = #expect(throws: AufdbError.self) { try relation.key(reading: texts) }
      #expect(error?.kind == .usage)
      #expect(error?.hint?.hasPrefix("a key of \(relation.name) is ") == true)
    }
    #expect(throws: AufdbError(.refused, "there is no table 'lables'", hint: "did you mean labels?")) {
      try Relation.named("lables")
    }
    #expect(try Relation.named("labels") == .labels)
  }
}

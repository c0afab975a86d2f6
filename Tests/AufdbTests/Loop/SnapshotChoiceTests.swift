// Which snapshot a selection sees where none is named: the newest that covers the prompts that are asked.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Choice of a snapshot") struct SnapshotChoiceTests {
  private let store: ImportFixture
  private static let models = ["a", "b", "c"]

  /// p1 to p3 have three responses each.
  init() throws {
    store = try ImportFixture()
    try store.importLines((1...3).map { completionsLine("p\($0)", Self.models.map { completion($0) }) })
  }

  private func estimate(_ promptIDs: String..., models: [String] = models, in snapshot: String) throws {
    try store.importLines(
      promptIDs.flatMap { promptID in models.map { estimateLine(promptID, $0, 1, 0, 2) } }, snapshot: snapshot)
  }

  private func choice(
    _ condition: String? = nil, allowsPartial: Bool = false, at revision: Revision? = nil, method: String = "drts"
  ) throws -> String? {
    let options = SelectOptions(
      method: method, revision: revision, prompts: .again, condition: condition, allowsPartial: allowsPartial)
    return try store.select(options).report.snapshot
  }

  @Test("The newest that covers what is asked, though newer ones don't")
  func partial() throws {
    try estimate("p1", "p2", "p3", in: "full")
    try estimate("p1", in: "one")
    try estimate("p2", in: "two")
    try estimate("p3", models: ["a", "b"], in: "most of three")
    #expect(try choice() == "full")
    #expect(try choice("prompt_id = 'p1'") == "one")
    #expect(try choice("prompt_id = 'p2'") == "two")
    #expect(try choice("prompt_id IN ('p1', 'p2')") == "full")
    #expect(try choice("prompt_id = 'p3'") == "full")
    // Nothing that is asked lacks anything.
    #expect(try choice("prompt_id = 'p9'") == "most of three")
    #expect(try store.head().operation.contains(#""snapshot":"full""#))
    // Labelled prompts aren't asked.
    try store.importLines(["p2", "p3"].map { labelLine($0, "a", over: "b") })
    #expect(try store.select(SelectOptions(method: "deltaucb")).report.snapshot == "one")
    #expect(try choice(method: "random") == nil)
  }

  @Test("Where a part is allowed: the newest that says anything of a prompt that is asked")
  func touching() throws {
    try estimate("p1", "p2", in: "older")
    try estimate("p1", models: ["a", "b"], in: "newer")
    #expect(try choice(allowsPartial: true) == "newer")
    #expect(try choice("prompt_id = 'p2'", allowsPartial: true) == "older")
    #expect(try choice("prompt_id = 'p3'", allowsPartial: true) == "newer")
  }

  @Test("Where none covers: what the newest lacks, and which has more")
  func refused() throws {
    try estimate("p1", "p2", in: "wide")
    try estimate("p3", models: ["a", "b"], in: "narrow")
    let hint = "--allow-partial selects among the others; --where chooses prompts"
    #expect(
      throws: AufdbError(
        .refused, "7 responses of 3 prompts lack an estimate in the snapshot 'narrow': p1 a, p1 b, p1 c ...",
        hint: "the snapshot 'wide' has estimates of more; " + hint)
    ) { try choice() }
    #expect(
      throws: AufdbError(
        .refused, "1 response of 1 prompt lacks an estimate in the snapshot 'narrow': p3 c", hint: hint)
    ) { try choice("prompt_id = 'p3'") }
  }

  @Test("Heads: the defaults of a method follow from the snapshot that is chosen")
  func heads() throws {
    func line(_ promptID: String, _ model: String, _ reward: Double) -> String {
      #"{"prompt_id":"\#(promptID)","model":"\#(model)","reward":\#(reward),"lower":-9,"upper":9,"heads":[0,1]}"#
    }
    let all = (1...3).flatMap { number in
      Self.models.enumerated().map { line("p\(number)", $1, Double($0)) }
    }
    try store.importLines(all, snapshot: "with heads")
    try estimate("p1", in: "without")
    let named = try store.select(SelectOptions(method: "infomax", snapshot: "with heads", prompts: .again))
    let chosen = try store.select(SelectOptions(method: "infomax", prompts: .again))
    #expect(chosen.report.snapshot == "with heads")
    let parameters = try store.texts("SELECT DISTINCT parameters FROM selections")
    #expect(parameters.count == 1 && named.report.selectedCount == chosen.report.selectedCount)
  }

  @Test("Each revision and branch has its own")
  func revisions() throws {
    try estimate("p1", "p2", "p3", in: "first")
    let first = try store.head().id
    try estimate("p1", "p2", "p3", in: "second")
    #expect(try choice() == "second")
    #expect(try choice(at: Revision(first.description)) == "first")
    try store.writing {
      try $0.createRef(.branch, RefName("side"), at: Revision(first.description))
      try $0.switchBranch(to: "side")
    }
    #expect(try choice() == "first")
    try estimate("p1", in: "side's")
    #expect(try choice() == "first")
    #expect(try choice("prompt_id = 'p1'") == "side's")
    #expect(try choice(at: "main") == "second")
  }

  @Test("The chosen one covers, and none newer does", arguments: 1...6 as ClosedRange<UInt64>)
  func laws(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let all = (1...3).flatMap { number in Self.models.map { ("p\(number)", $0) } }
    var estimated: [(name: String, responses: Set<String>)] = []
    for number in 0..<8 {
      // Some lack one response, some have one prompt, some have anything.
      let kind = generator.next() % 3
      let odd = Int(generator.next() % 9)
      var part = all.enumerated().filter { index, one in
        switch kind {
        case 0: index != odd
        case 1: one.0 == all[odd].0
        default: generator.next() % 2 == 0
        }
      }.map(\.element)
      if number == 2 { part = all }
      guard !part.isEmpty else { continue }
      try store.importLines(part.map { estimateLine($0.0, $0.1, 1, 0, 2) }, snapshot: "s\(number)")
      estimated.append(("s\(number)", Set(part.map { "\($0.0) \($0.1)" })))
    }
    for mask in 1..<8 {
      let asked = (0..<3).filter { mask >> $0 & 1 == 1 }.map { "p\($0 + 1)" }
      let condition = "prompt_id IN (\(asked.map { "'\($0)'" }.joined(separator: ", ")))"
      let wanted = Set(all.filter { asked.contains($0.0) }.map { "\($0.0) \($0.1)" })
      let covering = estimated.last { wanted.isSubset(of: $0.responses) }?.name
      #expect(try choice(condition) == covering, "seed \(seed), \(asked)")
      let touching = estimated.last { !wanted.isDisjoint(with: $0.responses) }?.name
      #expect(try choice(condition, allowsPartial: true) == touching, "seed \(seed), \(asked)")
    }
  }

  @Test("Many responses: counted where that is quicker, and never wrongly", arguments: [0, 999, 1000, 1199])
  func many(lacking: Int) throws {
    let promptIDs = (0..<300).map { String(1000 + $0) }
    let responses = promptIDs.flatMap { promptID in ["a", "b", "c", "d"].map { (promptID, $0) } }
    try store.importLines(promptIDs.map { completionsLine($0, ["a", "b", "c", "d"].map { completion($0) }) })
    try store.importLines(responses.map { estimateLine($0.0, $0.1, 1, 0, 2) }, snapshot: "older")
    // As many estimates as there are responses of the prompts that are asked, and one of them of another prompt.
    var newer = responses
    newer[lacking] = ("p1", "a")
    try store.importLines(newer.map { estimateLine($0.0, $0.1, 1, 0, 2) }, snapshot: "newer")
    #expect(try choice("prompt_id < 'p'") == "older")
    try store.importLines([estimateLine(responses[lacking].0, responses[lacking].1, 1, 0, 2)], snapshot: "newer")
    #expect(try choice("prompt_id < 'p'") == "newer")
    // Now all of it is covered, which counting shows.
    let rest = (1...3).flatMap { number in Self.models.map { estimateLine("p\(number)", $0, 1, 0, 2) } }
    try store.importLines(rest, snapshot: "newer")
    #expect(try choice() == "newer")
  }
}

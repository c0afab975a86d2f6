// The log: its order, its filters, and that it reads no more than it lends.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct LogTests {
  private func entries(_ history: DatedHistory, _ options: LogOptions) throws -> [LogEntry] {
    var entries: [LogEntry] = []
    try history.reading().log(options) { entries.append($0) }
    return entries
  }

  private func sequences(_ history: DatedHistory, _ options: LogOptions) throws -> [Int64] {
    try entries(history, options).map(\.commit.sequence)
  }

  /// root, 2 (ada, prompts) and 3 (bob, snapshots) on main; 4 (Ada B, prompts) on side from 2; 5 merges side into main.
  private static func small() throws -> DatedHistory {
    let history = try DatedHistory("2026-11-01T12:00")
    try history.commit("2026-11-02T12:00", author: "ada")
    try history.writing().createRef(.branch, RefName("side"))
    try history.commit("2026-11-03T12:00", author: "Bob", relation: .snapshots)
    try history.commit("2026-11-04T12:00", to: "side", author: "Ada Ö")
    try history.merge("side", into: "main", "2026-11-05T12:00")
    return history
  }

  @Test func filters() throws {
    let history = try Self.small()
    let (second, fourth) = (try RevisionDate("2026-11-02"), try RevisionDate("2026-11-04"))
    let cases: [(LogOptions, [Int64])] = [
      (LogOptions(), [5, 4, 3, 2, 1]), (LogOptions(limit: 2), [5, 4]), (LogOptions(limit: 0), []),
      (LogOptions(limit: -1), []), (LogOptions(revision: "side"), [4, 2, 1]),
      (LogOptions(revision: "main~1"), [3, 2, 1]),
      (LogOptions(relations: [.prompts]), [4, 2]), (LogOptions(relations: [.snapshots]), [3]),
      (LogOptions(relations: [.snapshots, .prompts]), [4, 3, 2]), (LogOptions(relations: [.labels]), []),
      (LogOptions(author: "ada"), [4, 2]), (LogOptions(author: "ADA"), [4, 2]), (LogOptions(author: "bo"), [3]),
      (LogOptions(author: "a ö"), [4]), (LogOptions(author: ".*"), []), (LogOptions(since: fourth), [5, 4]),
      (LogOptions(until: second), [2, 1]), (LogOptions(since: second, until: fourth), [4, 3, 2]),
      (LogOptions(author: "ada", since: fourth), [4]), (LogOptions(relations: [.prompts], limit: 1), [4]),
      (LogOptions(revision: "side", relations: [.prompts], limit: 5), [4, 2]),
      (LogOptions(since: try RevisionDate("2026-11-04T12:00:00.001")), [5]),
      (LogOptions(until: try RevisionDate("2026-11-04T11:59")), [3, 2, 1]),
    ]
    for (options, expected) in cases { #expect(try sequences(history, options) == expected, "\(options)") }
  }

  @Test func everyBranchAndTag() throws {
    let history = try Self.small()
    try history.writing().createRef(.branch, RefName("old"), at: "main~2")
    try history.commit("2026-11-06", to: "old")
    #expect(try sequences(history, LogOptions()) == [5, 4, 3, 2, 1])
    #expect(try sequences(history, LogOptions(isAll: true)) == [6, 5, 4, 3, 2, 1])
    #expect(try sequences(history, LogOptions(isAll: true, limit: 1)) == [6])
    let id = try history.reading().commit("old").id.description
    try history.writing().deleteRef(.branch, "old", force: true)
    #expect(try sequences(history, LogOptions(isAll: true)) == [5, 4, 3, 2, 1])
    #expect(try sequences(history, LogOptions(revision: Revision(id), isAll: true)) == [6, 5, 4, 3, 2, 1])
  }

  @Test func refsStandAtTheirCommits() throws {
    let history = try Self.small()
    let store = try history.writing()
    for (kind, name) in [(Ref.Kind.tag, "a"), (.branch, "z"), (.branch, "b"), (.tag, "v1")] {
      try store.createRef(kind, RefName(name))
    }
    func names() throws -> [[String]] { try entries(history, LogOptions()).map { $0.refs.map(\.name) } }
    #expect(try names() == [["main", "b", "z", "a", "v1"], ["side"], [], [], []])
    try store.switchBranch(to: "z")
    #expect(try names().first == ["z", "b", "main", "a", "v1"])
    let first = try #require(try entries(history, LogOptions(limit: 1)).first)
    #expect(first.refs.map(\.isCurrent) == [true, false, false, false, false])
    #expect(first.refs.allSatisfy { $0.commit == first.commit.id })
  }

  @Test func filtersThatNothingCanPass() throws {
    let history = try Self.small()
    let (early, late) = (try RevisionDate("2026-11-02"), try RevisionDate("2026-11-03"))
    for (options, message) in [
      (LogOptions(since: late, until: early), "nothing can be since 2026-11-03 and until 2026-11-02"),
      (LogOptions(author: ""), "the author's name is empty"),
    ] {
      let error = #expect(throws: AufdbError.self) { try entries(history, options) }
      #expect(error?.kind == .usage && error?.message == message && error?.hint != nil)
    }
    let error = #expect(throws: AufdbError.self) { try entries(history, LogOptions(revision: "nope", limit: 0)) }
    #expect(error?.message == "there is no revision 'nope'")
  }

  @Test("What isn't lent isn't read, so damage further back goes unnoticed")
  func readsNoFurther() throws {
    let history = try DatedHistory("2026-11-01")
    for day in 2...9 { try history.commit("2026-11-0\(day)") }
    try history.execute("DELETE FROM commit_log WHERE seq < 5; DELETE FROM commit_parent WHERE commit_seq < 5")
    #expect(try sequences(history, LogOptions(limit: 5)) == [9, 8, 7, 6, 5])
    #expect(try sequences(history, LogOptions(isAll: true, limit: 3)) == [9, 8, 7])
    // What came before the damage is lent all the same.
    var lent: [Int64] = []
    let error = #expect(throws: AufdbError.self) {
      try history.reading().log(LogOptions()) { lent.append($0.commit.sequence) }
    }
    #expect(error?.kind == .badData && lent == [9, 8, 7, 6, 5])
  }

  @Test func whatTheReceiverThrowsEndsIt() throws {
    struct Enough: Error {}
    var count = 0
    #expect(throws: Enough.self) {
      try Self.small().reading().log(LogOptions()) { _ in
        count += 1
        if count == 2 { throw Enough() }
      }
    }
    #expect(count == 2)
  }

  @Test func aHistoryThatLeadsInCirclesIsDamaged() throws {
    let history = try Self.small()
    try history.execute("UPDATE commit_parent SET parent_seq = 4 WHERE commit_seq = 2")
    let error = #expect(throws: AufdbError.self) { try entries(history, LogOptions()) }
    #expect(error?.kind == .badData)
  }

  @Test(
    "in any history: all ancestors that pass, once, the newest first, children before parents",
    arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let history = try DatedHistory("2026-11-01")
    let parents = try history.grow(to: 60, &generator)
    let store = try history.reading()
    for _ in 0..<30 {
      let tip = Int64.random(in: 1...60, using: &generator)
      let day = Int.random(in: 1...28, using: &generator)
      var options = LogOptions(revision: try Revision(store.read { try $0.commit(tip) }.id.description))
      if Bool.random(using: &generator) { options.author = "r\(Int.random(in: 0..<3, using: &generator))" }
      if Bool.random(using: &generator) { options.since = try RevisionDate("2026-11-\(day < 10 ? "0" : "")\(day)") }
      if Bool.random(using: &generator) { options.limit = Int.random(in: 0..<20, using: &generator) }
      var (shown, passedOver): ([Commit], [Commit]) = ([], [])
      try store.log(options) {
        passedOver.append($0)
      } _: {
        shown.append($0.commit)
      }
      var ancestors: Set<Int64> = []
      var waiting = [tip]
      while let next = waiting.popLast() {
        if ancestors.insert(next).inserted { waiting += parents[next] ?? [] }
      }
      let expected = try ancestors.sorted(by: >).map { sequence in try store.read { try $0.commit(sequence) } }
        .filter { commit in
          (options.author.map { commit.author.contains($0) } ?? true)
            && (options.since.map { commit.milliseconds >= $0.first } ?? true)
        }
      #expect(shown == Array(expected.prefix(options.limit ?? .max)), "seed \(seed)")
      let seen = (shown + passedOver).map(\.sequence)
      #expect(Set(seen).count == seen.count && ancestors.isSuperset(of: seen), "seed \(seed)")
      if shown.count < options.limit ?? .max { #expect(seen.count == ancestors.count, "seed \(seed)") }
    }
  }
}

extension DatedHistory {
  /// Makes commits with random parents, authors and dates; gives the parents of each.
  fileprivate func grow(to count: Int64, _ generator: inout SeededGenerator) throws -> [Int64: [Int64]] {
    var parents: [Int64: [Int64]] = [1: []]
    try writing().write { connection in
      for sequence in 2...count {
        let candidates = (max(1, sequence - 6)..<sequence).shuffled(using: &generator)
        let chosen = Array(candidates.prefix(Int.random(in: 1...2, using: &generator)))
        parents[sequence] = chosen
        try connection.execute("UPDATE ref SET commit_seq = ?1 WHERE name = 'main'", .integer(chosen[0]))
        _ = try connection.insertCommit(
          sequence, parents: chosen.map { try connection.commit($0) }, branch: "main",
          author: "author\(Int.random(in: 0..<3, using: &generator))",
          milliseconds: RevisionDate("2026-11-01").first + .random(in: 0..<28 * 86_400_000, using: &generator),
          message: "\(sequence)", operation: Operation("test").json, changeDigest: RelationDigest.changeDigest([]))
      }
    } keep: { _ in
      true
    }
    return parents
  }
}

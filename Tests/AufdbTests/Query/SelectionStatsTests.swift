// What methods picked, against numbers that were worked out by hand.

import Testing

@testable import Aufdb

@Suite("Statistics of selections") struct SelectionStatsTests {
  private let store: PickedStore

  /// Three methods and two judges. Of drts, one selection lacks an estimate, and one pair is selected twice, the other
  /// way round; of maxmin, one selection lacks a score.
  init() throws {
    store = try PickedStore()
    try store.commit { change in
      try change.addEstimate("p1", "a", [0.75, 0.5, 1.5])
      try change.addEstimate("p1", "b", [0.25, 0, 0.5])
      try change.addEstimate("p1", "b", [9, 0, 100], snapshot: "other")
      try change.addEstimate("p2", "a", [1, 0, 2])
      try change.addEstimate("p2", "b", [2, 1.5, 2.5])
      try change.addEstimate("p3", "a", [1, 0, 2])
      try change.addEstimate("p3", "b", [1, 0, 2], snapshot: "other")
      try change.addEstimate("p3", "b#1", [1, 0, 2])
      try change.addPick("p1", "a", "b", by: "drts", snapshot: "s")
      try change.addPick("p2", "b", "a", by: "drts", snapshot: "s")
      try change.addPick("p3", "a", "b", by: "drts", snapshot: "s")
      try change.addPick("p1", "b", "a", by: "drts", batch: 2, snapshot: "s")

      try change.addScore("p1", "a", judge: "j", 9)
      try change.addScore("p1", "b", judge: "j", 4)
      try change.addScore("p4", "a", judge: "j", 9)
      try change.addScore("p4", "b", judge: "k", 4)
      try change.addScore("p4", "b", judge: "j", nil)
      try change.addPick("p1", "a", "b", by: "maxmin", parameters: #"{"judge":"j"}"#)
      try change.addPick("p4", "a", "b", by: "maxmin", parameters: #"{"judge":"j"}"#)

      try change.addPick("p4", "b", "a", by: "random", parameters: #"{"judge":7}"#)
      try change.addPick("p5", "a", "a#1", by: "random")

      try change.addVerdict("p1", "a", over: "b", by: "j", scores: (9, 4))
      try change.addVerdict("p2", "a", over: "b", by: "j", scores: (3, 1), method: "random")
      try change.addVerdict("p3", "b", over: "a", by: "j", tie: true, scores: (8, 2))
      try change.addVerdict("p1", "b", over: "a", by: "k", scores: (9, nil))
      try change.addVerdict("p2", "a", over: "b", by: "k", tie: true)
      try change.addVerdict("p5", "a#1", over: "a", by: "j")
      try change.addVerdict("p5", "a", over: "b", by: "j")
      try change.addVerdict("p6", "a", over: "b", by: "j")
    }
  }

  static let drts = SelectionStats(
    branch: "main", method: "drts", selectionCount: 4, promptCount: 3, missingCount: 1,
    // p1, p2, p1 again: 0.5, 1, -0.5; 0.5, 0.5, 0.25; 0.25, 1, 0.5
    meanGap: 1.0 / 3, meanUncertaintyFirst: 1.25 / 3, meanUncertaintySecond: 1.75 / 3,
    judges: [
      .init(
        judge: "j", labelledCount: 4, tieCount: 1, agreedCount: 1, meanUncertaintyChosen: 2.0 / 3,
        meanUncertaintyRejected: 1.0 / 3, meanLabelGap: 4),
      .init(
        judge: "k", labelledCount: 3, tieCount: 1, agreedCount: 1, meanUncertaintyChosen: 0.25,
        meanUncertaintyRejected: 0.5),
    ],
    models: [
      .init(
        model: "a", firstCount: 2, secondCount: 2,
        judged: [.init(chosenCount: 3, rejectedCount: 0), .init(chosenCount: 0, rejectedCount: 2)]),
      .init(
        model: "b", firstCount: 2, secondCount: 2,
        judged: [.init(chosenCount: 0, rejectedCount: 3), .init(chosenCount: 2, rejectedCount: 0)]),
    ])
  static let maxmin = SelectionStats(
    branch: "main", method: "maxmin", selectionCount: 2, promptCount: 2, missingCount: 1, meanScoreGap: 5,
    judges: [
      .init(judge: "j", labelledCount: 1, agreedCount: 1, meanLabelGap: 5), .init(judge: "k", labelledCount: 1),
    ],
    models: [
      .init(
        model: "a", firstCount: 2,
        judged: [.init(chosenCount: 1, rejectedCount: 0), .init(chosenCount: 0, rejectedCount: 1)]),
      .init(
        model: "b", secondCount: 2,
        judged: [.init(chosenCount: 0, rejectedCount: 1), .init(chosenCount: 1, rejectedCount: 0)]),
    ])
  static let random = SelectionStats(
    branch: "main", method: "random", selectionCount: 2, promptCount: 2,
    judges: [.init(judge: "j", labelledCount: 1)],
    models: [
      .init(model: "a", firstCount: 1, secondCount: 2, judged: [.init(chosenCount: 1, rejectedCount: 1)]),
      .init(model: "b", firstCount: 1, judged: [.init()]),
    ])

  @Test("every number of a small store") func byHand() throws {
    let stats = try store.stats()
    #expect(stats.map(\.method) == ["drts", "maxmin", "random"])
    #expect(stats.first == Self.drts)
    #expect(stats.dropFirst().first == Self.maxmin)
    #expect(stats.last == Self.random)
    #expect(stats[0].judges.map(\.agreement) == [1.0 / 3, 0.5])
    #expect(stats[2].share(stats[2].models[1].firstCount) == 0.5)
  }

  @Test("ties alone are no agreement, and labels alone are no selection") func ties() throws {
    let store = try PickedStore()
    try store.commit { change in
      try change.addPick("p", "a", "b", by: "random")
      try change.addVerdict("p", "b", over: "a", by: "j", tie: true, scores: (1, 1))
      try change.addVerdict("q", "b", over: "a", by: "k")
    }
    let stats = try store.stats()
    #expect(stats.map(\.judges) == [[.init(judge: "j", labelledCount: 1, tieCount: 1)]])
    #expect(stats[0].judges[0].agreement == nil)
    #expect(stats[0].models.map(\.judged) == [[.init()], [.init()]])
  }

  @Test("without selections there is nothing") func nothing() throws {
    let store = try PickedStore()
    #expect(try store.stats() == [])
    #expect(try store.reading().selectionStatsOfAllBranches() == [])
  }

  @Test("an old revision has its own estimates, scores and labels") func past() throws {
    try store.commit { change in
      for table in ["estimates", "scores", "labels"] {
        let ids = try change.connection.all("SELECT id FROM \(table) WHERE prompt_id = 'p1'") { $0.integer(0) }
        for id in ids { try change.retire(#require(Relation(name: table)), id) }
      }
      try change.addEstimate("p1", "b", [1, 1, 1])
    }
    let now = try store.stats()
    #expect(now[0].missingCount == 3 && now[0].meanGap == 1 && now[0].judges.map(\.labelledCount) == [2, 1])
    #expect(now[1].missingCount == 2 && now[1].meanScoreGap == nil && now[1].judges == [])
    var before = try store.stats(at: "main~1")
    #expect(before.map(\.branch) == [nil, nil, nil])
    for index in before.indices { before[index].branch = "main" }
    #expect(before == [Self.drts, Self.maxmin, Self.random])
    #expect(try store.stats(at: "main~2") == [])
  }

  @Test("branches stand side by side, each with what it sees") func branches() throws {
    try store.branch("Side")
    try store.branch("empty", at: "main~1")
    try store.commit(to: "Side") { change in
      try change.addPick("p2", "a", "b", by: "drts", batch: 2, snapshot: "s")
      try change.addPick("p9", "a", "b", by: "deltaucb", snapshot: "s")
    }
    try store.writing().createRef(.tag, RefName("v1"), at: "main")
    let all = try store.reading().selectionStatsOfAllBranches()
    #expect(
      all.map { "\($0.branch ?? "") \($0.method)" }
        == ["Side deltaucb", "Side drts", "Side maxmin", "Side random", "main drts", "main maxmin", "main random"])
    #expect(Array(all.suffix(3)) == [Self.drts, Self.maxmin, Self.random])
    #expect(all[0].missingCount == 1 && all[0].meanGap == nil && all[0].judges == [])
    // -1 is the gap of the fourth selection that counts.
    #expect(all[1].selectionCount == 5 && all[1].promptCount == 3 && all[1].meanGap == 0)
    #expect(try store.stats(at: "Side") == Array(all.prefix(4)))
    #expect(try store.stats(at: "empty") == [])
    for (revision, branch) in [("HEAD", "main"), ("@", "main"), ("main", "main"), ("v1", nil), ("main~0", nil)] {
      #expect(try store.stats(at: Revision(revision)).map(\.branch) == [branch, branch, branch], "\(revision)")
    }
    #expect(throws: AufdbError.self) { try store.stats(at: "nowhere") }
  }

  @Test("names that Unicode takes for equal are not") func spellings() throws {
    let store = try PickedStore()
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    try store.commit { change in
      try change.addPick("p", composed, decomposed, by: "m\(composed)")
      try change.addPick("p", composed, decomposed, by: "m\(decomposed)")
      try change.addPick("p\(composed)", decomposed, "x", by: "m\(composed)")
      try change.addPick("p\(decomposed)", decomposed, "x", by: "m\(composed)")
      try change.addVerdict("p", composed, over: decomposed, by: composed)
      try change.addVerdict("p", decomposed, over: composed, by: decomposed)
    }
    let stats = try store.stats()
    #expect(stats.map { Array($0.method.utf8) } == [Array("me\u{301}".utf8), Array("m\u{e9}".utf8)])
    #expect(stats.map(\.promptCount) == [1, 3])
    #expect(stats[1].models.map(\.firstCount) == [2, 1, 0])
    #expect(stats[1].judges.map(\.agreedCount) == [0, 1])
  }
}

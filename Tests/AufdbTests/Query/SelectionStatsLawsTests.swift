// Statistics of random stores against a computation that compares every row with every other, in memory.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// A store with two branches and some past, made from a seed. All numbers are multiples of 1/64, so that sums are exact
/// in any order.
private struct MadePicks {
  private static let responses = ["a", "a#1", "b", "c", "d"]
  private static let (prompts, snapshots, judges) = (["p0", "p1", "p2", "p3", "p4", "p5"], ["s", "t"], ["j", "k"])
  private static let methods = ["drts", "maxmin", "random"]

  let store: PickedStore
  private var generator: SeededGenerator
  // The natural keys of what stands on a branch.
  private var taken: Set<[String]> = []

  init(seed: UInt64) throws {
    generator = SeededGenerator(seed: seed)
    store = try PickedStore()
    try commit(rowCount: 60)
    try store.branch("side")
    let base = taken
    for _ in 0..<2 { try commit(rowCount: 40, retiring: true) }
    taken = base
    for _ in 0..<2 { try commit(to: "side", rowCount: 40, retiring: true) }
    try store.branch("old", at: "main~2")
    taken = base
    try commit(to: "old", rowCount: 20)
  }

  private mutating func commit(to branch: String? = nil, rowCount: Int, retiring: Bool = false) throws {
    var (generator, taken) = (generator, taken)
    try store.commit(to: branch) { change in
      // Keys of retired rows stay taken: they needn't come back.
      if retiring {
        for relation in [Relation.estimates, .scores, .selections, .labels] {
          let ids = try change.connection.all("SELECT id FROM \(relation.name) ORDER BY id") { $0.integer(0) }
          for id in ids where generator.next() % 8 == 0 { try change.retire(relation, id) }
        }
      }
      for _ in 0..<rowCount {
        try Self.addEstimate(to: change, &generator, &taken)
        try Self.addScore(to: change, &generator, &taken)
        try Self.addPick(to: change, &generator, &taken)
        try Self.addVerdict(to: change, &generator, &taken)
      }
    }
    (self.generator, self.taken) = (generator, taken)
  }

  private static func number(_ generator: inout SeededGenerator) -> Double { Double(generator.next() % 512) / 64 - 4 }

  private static func pick(_ names: [String], _ generator: inout SeededGenerator) -> String {
    names[Int(generator.next() % UInt64(names.count))]
  }

  /// Two different responses.
  private static func pair(_ generator: inout SeededGenerator) -> (String, String) {
    let shuffled = responses.shuffled(using: &generator)
    return (shuffled[0], shuffled[1])
  }

  private static func addEstimate(
    to change: Change, _ generator: inout SeededGenerator, _ taken: inout Set<[String]>
  ) throws {
    let (prompt, response, snapshot) = (
      pick(prompts, &generator), pick(responses, &generator), pick(snapshots, &generator)
    )
    let numbers = (0..<3).map { _ in number(&generator) }
    guard taken.insert(["estimate", prompt, response, snapshot]).inserted else { return }
    try change.addEstimate(prompt, response, numbers, snapshot: snapshot)
  }

  private static func addScore(
    to change: Change, _ generator: inout SeededGenerator, _ taken: inout Set<[String]>
  ) throws {
    let (prompt, response, judge) = (pick(prompts, &generator), pick(responses, &generator), pick(judges, &generator))
    let score = generator.next() % 6 == 0 ? nil : number(&generator)
    guard taken.insert(["score", prompt, response, judge]).inserted else { return }
    let name = ResponseName(response)
    try change.addScore(prompt, name.model, sample: name.sample, judge: judge, score)
  }

  private static func addPick(
    to change: Change, _ generator: inout SeededGenerator, _ taken: inout Set<[String]>
  ) throws {
    let (prompt, method, batch) = (pick(prompts, &generator), pick(methods, &generator), Int(generator.next() % 2))
    let (first, second) = pair(&generator)
    let snapshot = method == "drts" ? pick(snapshots, &generator) : nil
    let parameters = method == "maxmin" ? #"{"judge":"\#(pick(judges, &generator))"}"# : "{}"
    guard taken.insert(["pick", prompt, "\(batch)", method] + [first, second].sorted()).inserted else { return }
    try change.addPick(prompt, first, second, by: method, batch: batch, snapshot: snapshot, parameters: parameters)
  }

  private static func addVerdict(
    to change: Change, _ generator: inout SeededGenerator, _ taken: inout Set<[String]>
  ) throws {
    let (prompt, judge, isTie) = (pick(prompts, &generator), pick(judges, &generator), generator.next() % 5 == 0)
    let (chosen, rejected) = pair(&generator)
    let scores = (generator.next() % 4 == 0 ? nil : number(&generator), number(&generator))
    guard taken.insert(["label", prompt, judge] + [chosen, rejected].sorted()).inserted else { return }
    try change.addVerdict(
      prompt, chosen, over: rejected, by: judge, tie: isTie, scores: scores, method: pick(methods, &generator))
  }
}

/// The rows that a revision sees, each a dictionary.
private struct NaiveStats {
  typealias Row = [String: SQLValue]

  private let rows: [Relation: [Row]]

  init(_ store: Store, at revision: Revision) throws {
    var rows: [Relation: [Row]] = [:]
    for relation in [Relation.estimates, .scores, .selections, .labels] {
      rows[relation] = try store.copies("SELECT * FROM \(relation.name)", at: revision).map {
        Dictionary(uniqueKeysWithValues: zip(relation.columns, $0))
      }
    }
    self.rows = rows
  }

  private func real(_ value: SQLValue?) -> Double? { if case .real(let real) = value { real } else { nil } }
  private func text(_ value: SQLValue?) -> String { if case .text(let text) = value { text } else { "" } }

  private func response(_ row: Row, _ side: String) -> [SQLValue] {
    [row["prompt_id"], row[side + "model"], row[side + "sample"]].map { $0 ?? .null }
  }

  private func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }

  /// The only row of a relation that is about a response; by a snapshot or a judge.
  private func find(_ relation: Relation, _ response: [SQLValue], _ column: String, _ name: String) -> Row? {
    rows[relation, default: []].first { self.response($0, "") == response && $0[column] == .text(name) }
  }

  private func estimate(_ selection: Row, _ side: String) -> Row? {
    find(.estimates, response(selection, side), "snapshot", text(selection["snapshot"]))
  }

  private func uncertainty(_ estimate: Row?) -> Double? {
    real(estimate?["upper"]).flatMap { upper in real(estimate?["lower"]).map { (upper - $0) / 2 } }
  }

  private func scoreGap(_ selection: Row) -> Double? {
    // {"judge":"j"}
    let judge = text(selection["parameters"]).split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
    let scores = ["first_", "second_"].map { real(find(.scores, response(selection, $0), "judge", judge)?["score"]) }
    return scores[0].flatMap { first in scores[1].map { first - $0 } }
  }

  func stats(branch: String?) -> [SelectionStats] {
    let selections = rows[.selections, default: []]
    return Set(selections.map { text($0["method"]) }).sorted().map { method in
      let own = selections.filter { $0["method"] == .text(method) }
      let estimated = own.filter { estimate($0, "first_") != nil && estimate($0, "second_") != nil }
      let scoreGaps = own.compactMap(scoreGap)
      let known = method == "drts" ? estimated.count : method == "maxmin" ? scoreGaps.count : own.count
      var stats = SelectionStats(branch: branch, method: method)
      stats.selectionCount = own.count
      stats.promptCount = Set(own.map { text($0["prompt_id"]) }).count
      stats.missingCount = own.count - known
      stats.meanGap = mean(
        estimated.map {
          (real(estimate($0, "first_")?["reward"]) ?? .nan) - (real(estimate($0, "second_")?["reward"]) ?? .nan)
        })
      stats.meanUncertaintyFirst = mean(estimated.compactMap { uncertainty(estimate($0, "first_")) })
      stats.meanUncertaintySecond = mean(estimated.compactMap { uncertainty(estimate($0, "second_")) })
      stats.meanScoreGap = mean(scoreGaps)
      stats.judges = ["j", "k"].map { judge($0, of: own) }.filter { $0.labelledCount > 0 }
      stats.models = models(own, judges: stats.judges.map(\.judge))
      return stats
    }
  }

  /// Each selection with the judge's label of its pair, and the side of the chosen and the rejected response.
  private func labelled(
    _ own: [Row], by judge: String
  ) -> [(selection: Row, label: Row, chosen: String, rejected: String)] {
    own.flatMap { selection in
      rows[.labels, default: []].filter { $0["judge"] == .text(judge) }.compactMap { label in
        let pair = (response(label, "chosen_"), response(label, "rejected_"))
        if pair == (response(selection, "first_"), response(selection, "second_")) {
          return (selection, label, "first_", "second_")
        }
        if pair == (response(selection, "second_"), response(selection, "first_")) {
          return (selection, label, "second_", "first_")
        }
        return nil
      }
    }
  }

  private func judge(_ name: String, of own: [Row]) -> SelectionStats.Judge {
    let all = labelled(own, by: name)
    let decided = all.filter { $0.label["tie"] == .integer(0) }
    let estimated = decided.filter {
      estimate($0.selection, "first_") != nil && estimate($0.selection, "second_") != nil
    }
    var stats = SelectionStats.Judge(judge: name)
    stats.labelledCount = all.count
    stats.tieCount = all.count - decided.count
    stats.agreedCount = decided.count { $0.chosen == "first_" }
    stats.meanUncertaintyChosen = mean(estimated.compactMap { uncertainty(estimate($0.selection, $0.chosen)) })
    stats.meanUncertaintyRejected = mean(estimated.compactMap { uncertainty(estimate($0.selection, $0.rejected)) })
    stats.meanLabelGap = mean(
      decided.compactMap { labelled in
        real(labelled.label["chosen_score"]).flatMap { chosen in
          real(labelled.label["rejected_score"]).map { chosen - $0 }
        }
      })
    return stats
  }

  private func models(_ own: [Row], judges: [String]) -> [SelectionStats.Model] {
    let decided = judges.map { judge in labelled(own, by: judge).filter { $0.label["tie"] == .integer(0) } }
    let models = Set(own.flatMap { [text($0["first_model"]), text($0["second_model"])] }).sorted().map { model in
      SelectionStats.Model(
        model: model, firstCount: own.count { $0["first_model"] == .text(model) },
        secondCount: own.count { $0["second_model"] == .text(model) },
        judged: decided.map { decided in
          SelectionStats.Judged(
            chosenCount: decided.count { $0.label["chosen_model"] == .text(model) },
            rejectedCount: decided.count { $0.label["rejected_model"] == .text(model) })
        })
    }
    return models.sorted {
      ($1.firstCount, $1.secondCount, $0.model) < ($0.firstCount, $0.secondCount, $1.model)
    }
  }
}

@Suite("Laws of the statistics of selections") struct SelectionStatsLawsTests {
  @Test("they are what a naive computation gives, at every revision", arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func naive(seed: UInt64) throws {
    let made = try MadePicks(seed: seed)
    let store = try made.store.reading()
    var all: [SelectionStats] = []
    for branch in ["main", "old", "side"] {
      let stats = try store.selectionStats(at: Revision(branch))
      #expect(try stats == NaiveStats(store, at: Revision(branch)).stats(branch: branch), "seed \(seed), \(branch)")
      all += stats
      let before = Revision(stringLiteral: branch + "~1")
      #expect(
        try store.selectionStats(at: before) == NaiveStats(store, at: before).stats(branch: nil),
        "seed \(seed), \(before)")
    }
    #expect(try store.selectionStatsOfAllBranches() == all, "seed \(seed)")
    // The store has what there is to count.
    #expect(all.contains { $0.missingCount > 0 && $0.meanGap != nil && $0.judges.count == 2 }, "seed \(seed)")
    #expect(all.contains { $0.meanScoreGap != nil && $0.judges.contains { $0.tieCount > 0 } }, "seed \(seed)")
    #expect(all.contains { $0.selectionCount > $0.promptCount }, "seed \(seed)")
  }

  @Test("every lookup goes through the whole key, on branches and in the past") func queryPlans() throws {
    let made = try MadePicks(seed: 7)
    let store = try made.store.reading()
    for revision in ["main", "main~1", "side", "old"] {
      try store.read(at: Revision(revision)) { connection, _ in
        for (sql, relation, step) in [
          (
            SelectionScan.estimateSQL, "estimates",
            "INDEX estimates_key (prompt_id=? AND model=? AND sample=? AND snapshot=?"
          ),
          (SelectionScan.scoreSQL, "scores", "INDEX scores_key (prompt_id=? AND model=? AND sample=? AND judge=?"),
          (SelectionScan.labelsSQL, "labels", "INDEX labels_key (prompt_id=?"),
        ] {
          let plan = try connection.all("EXPLAIN QUERY PLAN " + sql) { $0.string(3) }
          // A branch may see several runs of rows, each of which is then a search of its own.
          let reads = plan.filter { $0.hasPrefix("SEARCH \(relation) ") || $0.hasPrefix("SCAN \(relation)") }
          #expect(!reads.isEmpty && reads.allSatisfy { $0.contains(step) }, "\(revision): \(plan)")
        }
      }
    }
  }
}

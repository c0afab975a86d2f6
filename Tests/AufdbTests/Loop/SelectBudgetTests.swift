// Which picks are kept under limits, budgets and orders: against a model that looks at all of them.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@testable import Aufdb

/// A store with random estimates of some prompts, and what was put into it.
private struct EstimatedPrompts {
  let store: ImportFixture
  var rewards: [String: [Float]] = [:]
  var halfWidths: [String: [Double]] = [:]

  static func model(_ number: Int) -> String { "m\(number)" }

  init(seed: UInt64, promptCount: Int = 30) throws {
    store = try ImportFixture()
    var generator = SeededGenerator(seed: seed)
    var (completions, estimates): ([String], [String]) = ([], [])
    for number in 0..<promptCount {
      let id = "p\(number)"
      let count = Int(generator.next() % 6) + 1
      completions.append(completionsLine(id, (0..<count).map { completion(Self.model($0)) }))
      for model in 0..<count {
        // Few values, so that many are equal.
        let (reward, width) = (Double(generator.next() % 9) / 4, Double(generator.next() % 5) / 4)
        estimates.append(estimateLine(id, Self.model(model), reward, reward - width, reward + width))
        rewards[id, default: []].append(Float(reward))
        halfWidths[id, default: []].append(width)
      }
    }
    try store.importLines(completions)
    try store.importLines(estimates, snapshot: "s")
  }

  func gap(_ pair: SelectedPair) -> Double {
    rewards[pair.promptID].map { Double($0[pair.first]) - Double($0[pair.second]) } ?? .nan
  }

  func uncertainty(_ pair: SelectedPair) -> Double {
    halfWidths[pair.promptID].map { $0[pair.first] + $0[pair.second] } ?? .nan
  }

  /// The pairs of the last batch, in the order in which they were stored.
  func pairs() throws -> [SelectedPair] {
    try store.rows(
      """
      SELECT prompt_id, substr(first_model, 2) + 0, substr(second_model, 2) + 0 FROM selections
      WHERE batch = (SELECT max(batch) FROM selections)
      """
    ).map { row in
      guard case .text(let id) = row[0], case .integer(let first) = row[1], case .integer(let second) = row[2] else {
        throw AufdbError(.internalDefect, "a row of other types")
      }
      return SelectedPair(promptID: id, first: Int(first), second: Int(second))
    }
  }
}

private struct SelectedPair: Hashable {
  var promptID: String
  var first: Int
  var second: Int
  var responses: [String] { [first, second].map { "\(promptID) \($0)" } }
}

@Suite("Budgets of a selection") struct SelectBudgetTests {
  @Test(
    "the prompts that are worth most come first", arguments: [SelectOptions.Order.gap, .uncertainty],
    [UInt64(1), 2, 3])
  func orders(order: SelectOptions.Order, seed: UInt64) throws {
    let made = try EstimatedPrompts(seed: seed)
    for method in ["deltaucb", "drts", "random"] {
      // All of them, through a limit that doesn't bind, and then the first few.
      try made.store.select(SelectOptions(method: method, seed: seed, prompts: .again, limit: 1000, order: order))
      let all = try made.pairs()
      let values = all.map { order == .gap ? made.gap($0) : made.uncertainty($0) }
      #expect(values == values.sorted(by: >), "seed \(seed), \(method)")
      for limit in [1, 7] {
        try made.store.select(SelectOptions(method: method, seed: seed, prompts: .again, limit: limit, order: order))
        #expect(try made.pairs() == Array(all.prefix(limit)), "seed \(seed), \(method), \(limit)")
        try made.store.select(SelectOptions(method: method, seed: seed, prompts: .again, budget: limit, order: order))
        #expect(try made.pairs() == Array(all.prefix(limit)), "seed \(seed), \(method), \(limit)")
      }
    }
  }

  @Test(
    "several pairs of a prompt: every prompt's first before any second, and never more than asked for",
    arguments: [UInt64(4), 5])
  func maxPerPrompt(seed: UInt64) throws {
    let made = try EstimatedPrompts(seed: seed)
    let store = made.store
    let (_, report) = try store.select(
      SelectOptions(method: "deltaucb", seed: seed, budget: 70, maxPerPrompt: 3))
    let pairs = try made.pairs()
    #expect(pairs.count == report.selectedCount && report.selectedCount <= 70)
    let perPrompt = Dictionary(grouping: pairs, by: \.promptID).mapValues(\.count)
    #expect(perPrompt.count == report.promptCount)
    for (id, count) in perPrompt {
      let k = made.rewards[id]?.count ?? 0
      #expect(count <= min(3, k * (k - 1) / 2), "seed \(seed), \(id)")
    }
    // No prompt has a second pair while another that could have one has none.
    let firsts = pairs.prefix(perPrompt.count).map(\.promptID)
    #expect(Set(firsts).count == firsts.count, "seed \(seed)")
    // What is there counts: asked again for four of a prompt, each gets at most one more.
    try store.select(SelectOptions(method: "deltaucb", seed: seed, prompts: .all, maxPerPrompt: 4))
    #expect(
      try store.texts("SELECT max(n) <= 4 FROM (SELECT count(*) AS n FROM selections GROUP BY prompt_id)") == ["1"])
    #expect(
      try store.texts(
        """
        SELECT count(*) FROM (SELECT prompt_id FROM selections
          GROUP BY prompt_id, min(first_model, second_model), max(first_model, second_model) HAVING count(*) > 1)
        """) == ["0"])
  }

  @Test("a judge's budget is spent on responses that no label speaks of", arguments: [UInt64(6), 7, 8])
  func judgeBudget(seed: UInt64) throws {
    let made = try EstimatedPrompts(seed: seed)
    let store = made.store
    for (budget, options) in [
      (1, SelectOptions(method: "drts", seed: seed, prompts: .all, judgeBudget: 1)),
      (15, SelectOptions(method: "drts", seed: seed, prompts: .all, judgeBudget: 15)),
      (16, SelectOptions(method: "deltaucb", seed: seed, prompts: .all, judgeBudget: 16, order: .gap)),
      (24, SelectOptions(method: "drts", seed: seed, prompts: .all, judgeBudget: 24, judged: 4)),
      (9, SelectOptions(method: "random", seed: seed, prompts: .all, judgeBudget: 9, maxPerPrompt: 20)),
    ] {
      let judged = Set(
        try store.texts(
          """
          SELECT prompt_id || ' ' || substr(chosen_model, 2) FROM labels
          UNION SELECT prompt_id || ' ' || substr(rejected_model, 2) FROM labels
          """
        ).compactMap(\.self))
      let (commit, report) = try store.select(options)
      guard commit != nil else {
        #expect(budget == 1, "seed \(seed)")
        continue
      }
      let pairs = try made.pairs()
      let cost = Set(pairs.flatMap(\.responses)).subtracting(judged).count
      #expect(cost == report.judgedCount && cost <= budget, "seed \(seed), \(budget)")
      // No more than one is left over while pairs are: a new pair costs two at most.
      #expect(cost >= budget - 1, "seed \(seed), \(budget)")
      try store.annotate(.random(seed: 1))
    }
    #expect(try store.isSound())
  }

  @Test("all pairs among the judged responses, and none with another", arguments: [UInt64(9), 10])
  func judged(seed: UInt64) throws {
    let made = try EstimatedPrompts(seed: seed)
    for (method, m) in [("drts", 3), ("deltaucb", 4), ("random", 5), ("dts", 1000)] {
      let (_, report) = try made.store.select(
        SelectOptions(method: method, seed: seed, prompts: .again, judged: m))
      let groups = Dictionary(grouping: try made.pairs(), by: \.promptID)
      #expect(groups.count == report.promptCount)
      for (id, pairs) in groups {
        let count = min(m, made.rewards[id]?.count ?? 0)
        #expect(Set(pairs.flatMap(\.responses)).count == count, "seed \(seed), \(method), \(id)")
        #expect(pairs.count == count * (count - 1) / 2, "seed \(seed), \(method), \(id)")
      }
      // The first pair is the one that is picked alone.
      try made.store.select(SelectOptions(method: method, seed: seed, prompts: .again))
      for pair in try made.pairs() { #expect(groups[pair.promptID]?.first == pair, "seed \(seed), \(method)") }
    }
  }

  @Test("how rows lie and in which order prompts came changes no choice", arguments: [UInt64(11)])
  func order(seed: UInt64) throws {
    let options = [
      SelectOptions(method: "drts", seed: seed, limit: 9, order: .uncertainty),
      SelectOptions(method: "drts", seed: seed, budget: 20, judged: 3),
      SelectOptions(method: "drts", seed: seed, judgeBudget: 13, order: .gap),
      SelectOptions(method: "drts", seed: seed, limit: 4, budget: 9, maxPerPrompt: 3),
    ]
    for option in options {
      var outcomes: [Set<SelectedPair>] = []
      for isReversed in [false, true] {
        let made = try EstimatedPrompts(seed: seed)
        let rows = try made.store.rows("SELECT prompt_id, model, reward, lower, upper FROM estimates")
        let lines = rows.map { row -> String in
          guard case .text(let id) = row[0], case .text(let model) = row[1], case .real(let reward) = row[2],
            case .real(let lower) = row[3], case .real(let upper) = row[4]
          else { return "" }
          return estimateLine(id, model, reward, lower, upper)
        }
        // A second snapshot of the same numbers, its rows in another order.
        try made.store.importLines(isReversed ? lines.reversed() : lines, snapshot: "t")
        try made.store.select(option)
        outcomes.append(Set(try made.pairs()))
      }
      #expect(outcomes[0] == outcomes[1] && !outcomes[0].isEmpty)
    }
  }

  static let refusals: [(SelectOptions, String)] = [
    (SelectOptions(method: "drts", limit: 0), "--limit is at least 1, not 0"),
    (SelectOptions(method: "drts", budget: -1), "--budget is at least 1, not -1"),
    (SelectOptions(method: "drts", judgeBudget: 0), "--judge-budget is at least 1, not 0"),
    (SelectOptions(method: "drts", maxPerPrompt: 0), "--max-per-prompt is at least 1, not 0"),
    (SelectOptions(method: "drts", judged: 1), "--judged is a number of responses from 2 to 1000, not 1"),
    (SelectOptions(method: "drts", judged: 1001), "--judged is a number of responses from 2 to 1000, not 1001"),
    (SelectOptions(method: "drts", order: .gap), "--order means nothing where every prompt is taken"),
  ]

  @Test("numbers out of range", arguments: refusals.indices)
  func refused(_ index: Int) throws {
    let made = try EstimatedPrompts(seed: 1, promptCount: 2)
    let error = #expect(throws: AufdbError.self) { try made.store.select(Self.refusals[index].0) }
    #expect(error?.kind == .usage && error?.message == Self.refusals[index].1)
  }

  @Test("an order by estimates needs some, whatever the method")
  func orderWithoutEstimates() throws {
    let store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a", score: 1), completion("b", score: 2)])])
    let error = #expect(throws: AufdbError.self) {
      try store.select(SelectOptions(method: "maxmin", limit: 1, order: .gap))
    }
    #expect(error?.message == "this order needs estimates, and there are none")
    try store.importLines([estimateLine("p", "a", 1, 0, 2), estimateLine("p", "b", 1, 0, 2)], snapshot: "s")
    #expect(try store.select(SelectOptions(method: "maxmin", limit: 1, order: .gap)).report.selectedCount == 1)
  }
}

// Figures about pairs, against their definitions over all pairs at once.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Figures of exports")
struct ExportStatisticsTests {
  private struct Pair {
    var chosen: String
    var rejected: String
    var models: (String, String)
    var isTie: Bool
    var scores: (Double?, Double?)
  }

  private func statistics(_ pairs: [Pair]) -> ExportStatistics {
    var tally = StatisticsTally()
    for pair in pairs {
      let texts = [pair.chosen, pair.rejected, pair.models.0, pair.models.1].map { Array($0.utf8) }
      texts[0].withUnsafeBytes { chosen in
        texts[1].withUnsafeBytes { rejected in
          texts[2].withUnsafeBytes { chosenModel in
            texts[3].withUnsafeBytes { rejectedModel in
              tally.add(
                PreferencePair(
                  promptID: chosen, source: nil, prompt: chosen, promptForm: .text, chosenModel: chosenModel,
                  rejectedModel: rejectedModel, chosen: chosen, rejected: rejected, isTie: pair.isTie,
                  chosenScore: pair.scores.0, rejectedScore: pair.scores.1))
            }
          }
        }
      }
    }
    return tally.statistics
  }

  @Test("lengths by hand: characters, not bytes; ties apart")
  func lengths() throws {
    let pair = { (chosen: String, rejected: String, isTie: Bool) in
      Pair(chosen: chosen, rejected: rejected, models: ("a", "b"), isTie: isTie, scores: (nil, nil))
    }
    let lengths = statistics([
      pair("\u{e4}\u{1F600}", "abc", false), pair("abcdef", "a", false), pair("abcd", "abcd", false),
      pair("a very long tie", "x", true),
    ]).lengths
    #expect([lengths.longerCount, lengths.shorterCount, lengths.equalCount] == [1, 1, 1])
    #expect(lengths.chosenMean == 4)
    #expect(try abs(#require(lengths.rejectedMean) - 8.0 / 3) < 1e-12)
    // Variances of (2, 6, 4) and (3, 1, 4): 4 and 7/3. d = (4 - 8/3) / sqrt((4 + 7/3) / 2)
    let d = (4.0 / 3) / (19.0 / 6).squareRoot()
    #expect(try abs(#require(lengths.cohensD) - d) < 1e-12)
    #expect(lengths.longerShare == 0.5)
    #expect(!lengths.isBiased)
  }

  @Test("what isn't defined is nil")
  func undefined() {
    let none = statistics([])
    #expect(none.lengths.chosenMean == nil && none.lengths.cohensD == nil && none.lengths.longerShare == nil)
    #expect(none.scoreGaps.mean == nil)
    #expect(none.models == [])
    let equal = Pair(chosen: "ab", rejected: "cd", models: ("a", "a"), isTie: false, scores: (1, nil))
    let same = statistics([equal, equal])
    #expect(same.lengths.cohensD == nil && same.lengths.longerShare == nil && !same.lengths.isBiased)
    #expect(same.scoreGaps.count == 0)
    #expect(same.models == [ModelRecord(model: "a", winCount: 2, lossCount: 2)])
  }

  @Test("as over all pairs at once, whatever their order", arguments: 0..<20 as Range<UInt64>)
  func definitions(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let models = (0..<Int.random(in: 1...40, using: &generator)).map { "m\($0)" }
    let pairs = (0..<Int.random(in: 2...200, using: &generator)).map { _ in
      let text = { (generator: inout SeededGenerator) in
        String(repeating: "\u{e4}", count: Int.random(in: 1...50, using: &generator))
      }
      return Pair(
        chosen: text(&generator), rejected: text(&generator),
        models: (models.randomElement(using: &generator) ?? "", models.randomElement(using: &generator) ?? ""),
        isTie: Int.random(in: 0...9, using: &generator) == 0,
        scores: (Double(Int.random(in: 0...40, using: &generator)) / 4, Bool.random(using: &generator) ? 5 : nil))
    }
    let figures = statistics(pairs)
    let decided = pairs.filter { !$0.isTie }
    let (chosen, rejected) = (decided.map { Double($0.chosen.count) }, decided.map { Double($0.rejected.count) })
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    func variance(_ numbers: [Double]) -> Double {
      numbers.reduce(0) { $0 + ($1 - mean(numbers)) * ($1 - mean(numbers)) } / Double(numbers.count - 1)
    }
    if decided.count > 1, variance(chosen) + variance(rejected) > 0 {
      let d = (mean(chosen) - mean(rejected)) / ((variance(chosen) + variance(rejected)) / 2).squareRoot()
      #expect(try abs(#require(figures.lengths.cohensD) - d) < 1e-9)
      #expect(try abs(#require(statistics(pairs.shuffled(using: &generator)).lengths.cohensD) - d) < 1e-9)
    }
    let gaps = decided.compactMap { pair in pair.scores.1.flatMap { other in pair.scores.0.map { $0 - other } } }
    #expect(figures.scoreGaps.count == gaps.count)
    #expect(
      figures.scoreGaps.bins.map(\.words) == [
        "below 0", "0", "0 to 0.1", "0.1 to 0.25", "0.25 to 0.5", "0.5 to 1", "1 to 2", "2 to 4", "4 to 8", "above 8",
      ])
    let edges = [0, 0.1, 0.25, 0.5, 1, 2, 4, 8, .infinity]
    let counts = zip(edges, edges.dropFirst()).map { lower, upper in gaps.count { $0 > lower && $0 <= upper } }
    #expect(figures.scoreGaps.bins.map(\.count) == [gaps.count { $0 < 0 }, gaps.count { $0 == 0 }] + counts)
    if let gap = figures.scoreGaps.mean { #expect(abs(gap - mean(gaps)) < 1e-9) }
    let seen = Set(pairs.flatMap { [$0.models.0, $0.models.1] })
    #expect(figures.models.count == (seen.count > 31 ? 31 : seen.count))
    #expect(figures.models.reduce(0) { $0 + $1.modelCount } == seen.count)
    #expect(figures.models.reduce(0) { $0 + $1.winCount } == decided.count)
    #expect(figures.models.reduce(0) { $0 + $1.lossCount } == decided.count)
    #expect(figures.models.reduce(0) { $0 + $1.tieCount } == 2 * (pairs.count - decided.count))
    for record in figures.models where record.model != nil {
      #expect(record.winCount == decided.count { $0.models.0 == record.model })
    }
  }

  @Test("more than 60 % of longer responses chosen is told, in the card", arguments: [(6, false), (7, true)])
  func warning(longerCount: Int, isBiased: Bool) throws {
    let store = try TestStore()
    try store.commit { change in
      for index in 0..<10 {
        try change.addPrompt("p\(index)", "question \(index)")
        try change.addResponse("p\(index)", "a", index < longerCount ? "longer" : "no")
        try change.addResponse("p\(index)", "b", "yes")
        try change.addLabel("p\(index)", chosen: "a", rejected: "b", scores: (3, 1))
      }
    }
    let (folder, report) = try store.export()
    #expect(report.statistics.lengths.isBiased == isBiased)
    let card = try folder.text("README.md")
    #expect(card.contains("**The longer response is the chosen one in 70.0 %") == isBiased)
    #expect(card.contains("| `a` | 10 | 0 | 0 | 100.0 % |\n| `b` | 0 | 10 | 0 | 0.0 % |"))
    #expect(card.contains("in 10 pairs that have both: 2.000 on average"))
    #expect(card.contains("| 1 to 2 | 10 |"))
  }
}

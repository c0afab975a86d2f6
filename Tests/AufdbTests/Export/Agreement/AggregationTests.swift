// One preference of several labels: the rules by themselves. ExportModelTests holds whole exports to them.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Aggregating labels")
struct AggregationTests {
  private func votes(_ choices: [Vote.Choice], _ scores: [Vote.Scores?]? = nil) -> [Vote] {
    choices.enumerated().map { index, choice in
      Vote(judge: index, choice: choice, scores: scores?[index], position: index)
    }
  }

  @Test(
    "majority",
    arguments: [
      ([.first], .first), ([.first, .second], .tie), ([.first, .second, .second], .second), ([.tie, .tie], .tie),
      // A tie votes for neither.
      ([.tie, .tie, .first], .first), ([.tie, .first, .second], .tie),
    ] as [([Vote.Choice], Vote.Choice)])
  func majority(choices: [Vote.Choice], outcome: Vote.Choice) {
    #expect(Aggregation.majority.decision(on: votes(choices)) == .choice(outcome, nil))
  }

  @Test("the mean score decides, whatever was chosen, and labels without both scores don't count")
  func meanScore() {
    let scores: [Vote.Scores?] = [.init(first: 1, second: 4), nil, .init(first: 9, second: 2)]
    #expect(
      Aggregation.meanScore.decision(on: votes([.second, .second, .second], scores))
        == .choice(.first, .init(first: 5, second: 3)))
    #expect(
      Aggregation.meanScore.decision(
        on: votes([.first, .first], [.init(first: 1, second: 3), .init(first: 3, second: 1)]))
        == .choice(.tie, .init(first: 2, second: 2)))
    #expect(Aggregation.meanScore.decision(on: votes([.first, .tie])) == .omitted(.unscored))
  }

  @Test("unanimous")
  func unanimous() {
    #expect(Aggregation.unanimous.decision(on: votes([.second, .second])) == .choice(.second, nil))
    #expect(Aggregation.unanimous.decision(on: votes([.tie, .tie])) == .choice(.tie, nil))
    #expect(Aggregation.unanimous.decision(on: votes([.first, .tie])) == .omitted(.disagreement))
  }

  @Test("latest: the last label, with its own scores")
  func latest() {
    let scores: [Vote.Scores?] = [.init(first: 1, second: 4), .init(first: 3, second: 2)]
    #expect(
      Aggregation.latest.decision(on: votes([.second, .first], scores)) == .choice(.first, .init(first: 3, second: 2)))
    #expect(Aggregation.latest.decision(on: votes([.first, .tie])) == .choice(.tie, nil))
  }

  @Test("but for latest the order of labels means nothing, and to swap the responses swaps the outcome")
  func laws() {
    // All ways for up to four judges to choose, with scores that go along with the choice or not.
    func all(_ count: Int) -> [[Vote.Choice]] {
      count == 0 ? [[]] : all(count - 1).flatMap { choices in Vote.Choice.allCases.map { choices + [$0] } }
    }
    let flipped: [Vote.Choice: Vote.Choice] = [.first: .second, .second: .first, .tie: .tie]
    for choices in (1...4).flatMap(all) {
      let scores: [Vote.Scores?] = choices.indices.map { $0 % 3 == 2 ? nil : .init(first: Double($0), second: 1) }
      let plain = votes(choices, scores)
      let swapped = plain.map { vote in
        Vote(
          judge: vote.judge, choice: flipped[vote.choice] ?? .tie,
          scores: vote.scores.map { .init(first: $0.second, second: $0.first) }, position: vote.position)
      }
      for rule in Aggregation.allCases {
        let outcome = rule.decision(on: plain)
        if rule != .latest { #expect(rule.decision(on: plain.reversed()) == outcome) }
        switch (outcome, rule.decision(on: swapped)) {
        case (.omitted(let one), .omitted(let other)): #expect(one == other)
        case (.choice(let one, let scores), .choice(let other, let otherScores)):
          #expect(flipped[one] == other)
          #expect(scores?.first == otherScores?.second)
        default: Issue.record("\(rule) leaves out one of two equal pairs: \(choices)")
        }
      }
    }
  }
}

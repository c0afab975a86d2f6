// Comparisons and opinions: examples by hand, and what exchanging the two responses or the two orders must do.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Pair opinions") struct PairOpinionTests {
  private let rubric: Rubric
  init() throws { rubric = try madeJudge(.pairwise).rubric }

  /// An answer that gives A this probability, and B the rest.
  private func answer(_ first: Double) -> KeptAnswer {
    .chat(.of([TokenLogprob("A", log(first)), TokenLogprob("B", log(1 - first))]))
  }

  private func opinion(_ one: Double, _ other: Double) -> PairOpinion {
    PairOpinion(rubric, inOrder: answer(one), swapped: answer(other))
  }

  @Test(
    "only a response that wins in both orders is chosen",
    arguments: [
      (0.9, 0.2, PairChoice.first), (0.51, 0.49, .first), (0.1, 0.8, .second), (0.9, 0.6, .tie),
      (0.1, 0.4, .tie), (0.5, 0.2, .tie), (0.9, 0.5, .tie), (0.5, 0.5, .tie),
    ])
  func choices(_ one: Double, _ other: Double, _ choice: PairChoice) throws {
    let opinion = opinion(one, other)
    #expect(opinion.choice == choice)
    let first = try #require(opinion.probabilityOfFirst)
    #expect(abs(first - (one + 1 - other) / 2) < 1e-12)
    #expect(abs(try #require(opinion.probabilityOfFirstPlace) - (one + other) / 2) < 1e-12)
    if choice == .first { #expect(first > 0.5) }
    if choice == .second { #expect(first < 0.5) }
  }

  @Test("a comparison is the share of A, and its mass that of both letters")
  func comparison() throws {
    let tokens = [
      TokenLogprob("A", log(0.3)), TokenLogprob(" A", log(0.3)), TokenLogprob("B", log(0.2)),
      TokenLogprob("a", log(0.1)),
    ]
    let comparison = try PairComparison(.of(tokens))
    #expect(abs(comparison.first - 0.75) < 1e-12 && abs(comparison.mass - 0.8) < 1e-12)
    #expect(comparison.logprobs == tokens)
    #expect(try PairComparison(.of([TokenLogprob("A", -0.1)])).first == 1)
    #expect(try PairComparison(.of([TokenLogprob("B", -0.1)])).first == 0)
    let failure = failure { () throws(ModelFailure) in
      _ = try PairComparison(ChatAnswer(text: "Both", firstToken: [TokenLogprob("Both", -0.1)]))
    }
    #expect(failure == ModelFailure("none of A and B is among the first tokens", text: "Both"))
  }

  @Test("a comparison is from 0 to 1, and A in place of B is the rest", arguments: 0..<100 as Range<UInt64>)
  func complement(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let tokens = draw.tokens(["A", "B"]) + [TokenLogprob("A", -4)]
    let exchange = ["A": "B", "B": "A"]
    let exchanged = tokens.map { token in
      TokenLogprob(
        String(token.token.map { Character(exchange[String($0)] ?? String($0)) }), token.logprob,
        bytes: token.bytes?.map { $0 == 0x41 ? 0x42 : $0 == 0x42 ? 0x41 : $0 })
    }
    let one = try PairComparison(.of(tokens), leastMass: 0)
    let other = try PairComparison(.of(exchanged), leastMass: 0)
    #expect((0...1).contains(one.first) && one.mass > 0 && one.mass <= 1, "seed \(seed)")
    #expect(abs(one.first + other.first - 1) < 1e-12 && abs(one.mass - other.mass) < 1e-12, "seed \(seed)")
  }

  @Test(
    "exchanging the two responses exchanges the choice, and leaves the place's share",
    arguments: 0..<200 as Range<UInt64>)
  func exchange(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let (one, other) = (Double.random(in: 0.01...0.99, using: &draw), Double.random(in: 0.01...0.99, using: &draw))
    // Of the pair the other way round, the answers come in the other order.
    let (pair, exchanged) = (opinion(one, other), opinion(other, one))
    let opposite: [PairChoice: PairChoice] = [.first: .second, .second: .first, .tie: .tie]
    #expect(exchanged.choice == opposite[try #require(pair.choice)], "seed \(seed)")
    let sum = try #require(pair.probabilityOfFirst) + #require(exchanged.probabilityOfFirst)
    #expect(abs(sum - 1) < 1e-12, "seed \(seed)")
    #expect(pair.probabilityOfFirstPlace == exchanged.probabilityOfFirstPlace, "seed \(seed)")
  }

  @Test("a judge that only looks at the place says a tie, and its bias shows")
  func biased() throws {
    let opinion = opinion(0.95, 0.95)
    #expect(opinion.choice == .tie)
    #expect(abs(try #require(opinion.probabilityOfFirst) - 0.5) < 1e-12)
    #expect(abs(try #require(opinion.probabilityOfFirstPlace) - 0.95) < 1e-12)
  }

  @Test("without one order there is no choice, and the column says why")
  func failures() throws {
    let failed = KeptAnswer.failure(ModelFailure("too long"))
    let certain = KeptAnswer.chat(.of([TokenLogprob("B", 0)]))
    let opinion = PairOpinion(rubric, inOrder: failed, swapped: certain)
    #expect(opinion.choice == nil && opinion.probabilityOfFirst == nil && opinion.probabilityOfFirstPlace == nil)
    #expect(
      opinion.json
        == #"{"orders":[{"failure":"too long"},{"first":0.0,"mass":1.0,"logprobs":[["B",0.0]]}]}"#)
  }
}

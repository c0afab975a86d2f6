// Ratings: examples by hand, and laws that hold for any distribution.

import AufdbTestSupport
import Glibc
import Testing

@testable import Aufdb

@Suite("Ratings") struct RatingTests {
  private static let digits = (1...5).map(String.init)

  private func rating(_ tokens: [TokenLogprob], leastMass: Double = 0) throws -> Rating {
    try Rating(.of(tokens), leastMass: leastMass)
  }

  private func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-12 }

  @Test("the rating is the expectation over the digits, renormalised")
  func byHand() throws {
    // 0.5 on 4, 0.25 on 5, 0.05 on 1, the rest elsewhere: (2 + 1.25 + 0.05) / 0.8.
    let tokens = [
      TokenLogprob("4", log(0.5)), TokenLogprob("5", log(0.25)), TokenLogprob("The", log(0.15)),
      TokenLogprob("1", log(0.05)),
    ]
    let rating = try rating(tokens)
    #expect(isClose(rating.expectation, 3.3 / 0.8) && isClose(rating.mass, 0.8))
    #expect(rating.logprobs == tokens)
    #expect(try self.rating([TokenLogprob("2", -40)]).expectation == 2)
    #expect(isClose(try self.rating([TokenLogprob("1", -1), TokenLogprob("5", -1)]).expectation, 3))
  }

  @Test(
    "these tokens are the digit 4",
    arguments: [
      TokenLogprob("4", -0.1), TokenLogprob(" 4", -0.1), TokenLogprob("\n4", -0.1), TokenLogprob("4 ", -0.1),
      TokenLogprob("\u{2581}4", -0.1), TokenLogprob("\u{120}4", -0.1), TokenLogprob("", -0.1, bytes: [0x34]),
      TokenLogprob("<0x34>", -0.1, bytes: [0x34]), TokenLogprob("\u{FFFD}", -0.1, bytes: [0x20, 0x34]),
      TokenLogprob("4", -0.1, bytes: [0xE2, 0x96]),
    ])
  func digitTokens(_ token: TokenLogprob) throws {
    #expect(try rating([token]).expectation == 4)
  }

  @Test(
    "and these are none",
    arguments: [
      TokenLogprob("", -0.1), TokenLogprob("0", -0.1), TokenLogprob("6", -0.1), TokenLogprob("4.", -0.1),
      TokenLogprob("44", -0.1), TokenLogprob("4 4", -0.1), TokenLogprob("four", -0.1), TokenLogprob("\u{FF14}", -0.1),
      TokenLogprob("**4", -0.1), TokenLogprob("\u{FFFD}", -0.1, bytes: [0xE2]), TokenLogprob("<think>", -0.1),
    ])
  func otherTokens(_ token: TokenLogprob) {
    let failure = failure { () throws(ModelFailure) in _ = try Rating(.of([token]), leastMass: 0) }
    #expect(failure == ModelFailure("none of 1 to 5 is among the first tokens", text: token.token))
  }

  @Test("without probabilities, or with too few of them on digits, there is no rating, and what was said is kept")
  func failures() throws {
    let silent = failure { () throws(ModelFailure) in _ = try Rating(ChatAnswer(text: "4")) }
    #expect(silent == ModelFailure("the server gave no probabilities of the first token (top_logprobs)", text: "4"))
    let answer = ChatAnswer(
      text: "<think>", firstToken: [TokenLogprob("<think>", -0.001), TokenLogprob("3", log(0.09))])
    let noise = failure { () throws(ModelFailure) in _ = try Rating(answer) }
    #expect(noise == ModelFailure("1 to 5 have less than 0.1 of the first token's probability", text: "<think>"))
    #expect(try Rating(answer, leastMass: 0.05).expectation == 3)
    let nothing = failure { () throws(ModelFailure) in _ = try Rating(.of([TokenLogprob("3", -9999)]), leastMass: 0) }
    #expect(nothing?.message == "none of 1 to 5 is among the first tokens")
  }

  @Test("a rating is from 1 to 5, its mass above 0 and at most 1", arguments: 0..<200 as Range<UInt64>)
  func bounds(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let tokens = draw.tokens(Self.digits)
    guard let rating = try? rating(tokens) else {
      #expect(ExpectedTokens(Array("12345".utf8), among: tokens).mass == 0, "seed \(seed)")
      return
    }
    #expect((1...5).contains(rating.expectation) && rating.mass > 0 && rating.mass <= 1, "seed \(seed)")
  }

  @Test("the order of tokens changes nothing, to the last bit", arguments: 0..<100 as Range<UInt64>)
  func order(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let tokens = draw.tokens(Self.digits) + [TokenLogprob("3", -3)]
    let shuffled = tokens.shuffled(using: &draw)
    let (one, other) = (try rating(tokens), try rating(shuffled))
    #expect(one.expectation == other.expectation && one.mass == other.mass, "seed \(seed)")
  }

  @Test("a token split into two spellings with its probability changes nothing", arguments: 0..<100 as Range<UInt64>)
  func splits(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    var tokens = draw.tokens(Self.digits) + [TokenLogprob("3", -3)]
    let whole = try rating(tokens)
    let place = Int.random(in: 0..<tokens.count, using: &draw)
    let share = Double.random(in: 0.01...0.99, using: &draw)
    let token = tokens.remove(at: place)
    tokens += [share, 1 - share].map { TokenLogprob(token.token, token.logprob + log($0), bytes: token.bytes) }
    let split = try rating(tokens)
    #expect(isClose(whole.expectation, split.expectation) && isClose(whole.mass, split.mass), "seed \(seed)")
  }

  @Test("probability moved to a higher digit raises the rating", arguments: 0..<100 as Range<UInt64>)
  func monotony(seed: UInt64) throws {
    var draw = SeededGenerator(seed: seed)
    let weights = (0..<5).map { _ in Double.random(in: 0.05...0.2, using: &draw) }
    func rating(_ weights: [Double]) throws -> Double {
      try self.rating(weights.enumerated().map { TokenLogprob("\($0 + 1)", log($1)) }).expectation
    }
    let from = Int.random(in: 0..<4, using: &draw)
    var moved = weights
    moved[from] -= 0.04
    moved[Int.random(in: from + 1..<5, using: &draw)] += 0.04
    #expect(try rating(moved) > rating(weights), "seed \(seed)")
  }

  @Test("rounding can't take the mass above 1")
  func rounding() throws {
    let rating = try rating((1...5).map { TokenLogprob("\($0)", log(0.2) + 1e-3) } + [TokenLogprob(" 5", 0.005)])
    #expect(rating.mass == 1 && rating.expectation <= 5)
  }
}

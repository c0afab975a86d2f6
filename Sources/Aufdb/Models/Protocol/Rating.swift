// A rating of 1 to 5, read off the probabilities of an answer's first token.

/// What a judge's answer says about one aspect.
public struct Rating: Sendable, Equatable {
  /// The rating, from 1 to 5.
  public let expectation: Double
  /// How much of the first token's probability was on the digits 1 to 5: near 1 where the judge did as it was told.
  public let mass: Double
  /// The tokens that might have come first, as the server gave them.
  public let logprobs: [TokenLogprob]

  /// Reads a rating: with p(k) the probability of the digit k as the first token (ExpectedTokens.swift says which
  /// tokens are a digit),
  ///
  ///     expectation = sum of k p(k) / sum of p(k), over k = 1 ... 5
  ///
  /// So ratings have more than five values, and a judge that wavers between 3 and 4 says 3.5 whichever is drawn.
  /// Source: Y. Liu et al., "G-Eval: NLG Evaluation using GPT-4 with Better Human Alignment", EMNLP 2023, section 2.
  ///
  /// - Parameter leastMass: the least sum of p(k).
  /// - Throws: where the server gave no probabilities, or the sum is 0 or less than `leastMass`; with what was said.
  public init(_ answer: ChatAnswer, leastMass: Double = Rubric.defaultLeastMass) throws(ModelFailure) {
    let (expected, tokens) = try answer.expected(Array("12345".utf8), named: "1 to 5", leastMass: leastMass)
    var sum = 0.0
    for (place, probability) in expected.probabilities.enumerated() { sum += Double(place + 1) * probability }
    expectation = min(max(sum / expected.probabilities.reduce(0, +), 1), 5)
    mass = expected.mass
    logprobs = tokens
  }
}

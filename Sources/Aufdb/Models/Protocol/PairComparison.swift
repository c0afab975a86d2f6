// Which of two responses is better, read off the probabilities of an answer's first token.

/// What a judge's answer says about two responses in one order.
public struct PairComparison: Sendable, Equatable {
  /// The probability that the one shown first is better, from 0 to 1.
  public let first: Double
  /// How much of the first token's probability was on the letters A and B.
  public let mass: Double
  /// The tokens that might have come first, as the server gave them.
  public let logprobs: [TokenLogprob]

  /// Reads a comparison: with p(A) and p(B) the probabilities of the letters as the first token (ExpectedTokens.swift
  /// says which tokens are a letter),
  ///
  ///     first = p(A) / (p(A) + p(B))
  ///
  /// - Parameter leastMass: the least p(A) + p(B).
  /// - Throws: where the server gave no probabilities, or the sum is 0 or less than `leastMass`; with what was said.
  public init(_ answer: ChatAnswer, leastMass: Double = Rubric.defaultLeastMass) throws(ModelFailure) {
    let (expected, tokens) = try answer.expected(Array("AB".utf8), named: "A and B", leastMass: leastMass)
    first = min(expected.probabilities[0] / (expected.probabilities[0] + expected.probabilities[1]), 1)
    mass = expected.mass
    logprobs = tokens
  }
}

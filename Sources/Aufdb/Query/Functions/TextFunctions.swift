// excerpt and tokens_estimate: what is asked of a text that is too long to look at.

import GRDBSQLite

enum TextFunctions {
  /// excerpt(text, n): the text's beginning, at most n characters (Excerpt.swift).
  static func excerpt(_ arguments: SQLArguments) throws -> SQLValue {
    guard arguments.count == 2 else {
      throw AufdbError(.usage, "excerpt takes (text, n): a text, and how many characters may be left of it")
    }
    guard !arguments.hasNull else { return .null }
    guard let text = arguments.text(0) else { throw AufdbError(.usage, "excerpt: a blob is no text") }
    guard let count = arguments.integer(1), count >= 1 else {
      throw AufdbError(.usage, "excerpt: n is not a whole number of at least 1")
    }
    return .text(Excerpt.of(text, characterCount: Int(min(count, 1 << 32))))
  }

  /// tokens_estimate(text): about how many tokens a language model makes of it (TokenEstimate.swift).
  static func tokensEstimate(_ arguments: SQLArguments) throws -> SQLValue {
    guard arguments.count == 1 else { throw AufdbError(.usage, "tokens_estimate takes one text") }
    guard !arguments.hasNull else { return .null }
    guard let text = arguments.text(0) else { throw AufdbError(.usage, "tokens_estimate: a blob is no text") }
    return .integer(Int64(TokenEstimate.of(text)))
  }
}

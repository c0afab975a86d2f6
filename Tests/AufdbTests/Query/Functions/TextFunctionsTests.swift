// excerpt and tokens_estimate: what they give, and what they refuse.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Functions on texts") struct TextFunctionsTests {
  private let test: TestQueryStore

  init() throws { test = try TestQueryStore() }

  private func excerpt(_ text: String, _ count: Int64) throws -> String? {
    let rows = try test.rows("SELECT excerpt(:t, :n)", at: .head, ["t": .text(text), "n": .integer(count)])
    guard case .text(let excerpt) = rows.first?.first else { return nil }
    return excerpt
  }

  private static let excerpts: [(String, Int64, String)] = [
    ("", 5, ""), ("  \n\t ", 5, ""), ("word", 4, "word"), ("word", 3, "wo\u{2026}"), ("word", 1, "\u{2026}"),
    ("w", 1, "w"),
    ("one two three", 13, "one two three"), ("one two three", 12, "one two\u{2026}"),
    ("one two three", 8, "one two\u{2026}"),
    ("one two three", 7, "one\u{2026}"), ("one two three", 4, "one\u{2026}"), ("one two three", 2, "o\u{2026}"),
    ("  one \r\n\n two\t three ", 20, "one two three"), ("one\n\ntwo three four", 9, "one two\u{2026}"),
    ("a verylongwordthatneverends", 12, "a verylongw\u{2026}"), ("one   ", 3, "one"), ("one    t", 4, "one\u{2026}"),
    ("\u{4F60}\u{597D}\u{4E16}\u{754C}", 3, "\u{4F60}\u{597D}\u{2026}"),
    // A family, a flag and a letter with an accent are one character each.
    (
      "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{1F1E9}\u{1F1EA}e\u{301}x", 3,
      "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{1F1E9}\u{1F1EA}\u{2026}"
    ),
    ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"), ("no\u{A0}break", 20, "no break"),
  ]

  @Test("an excerpt is the beginning on one line, cut at a word's end")
  func excerpts() throws {
    for (text, count, expected) in Self.excerpts {
      #expect(try excerpt(text, count) == expected, "\(text.debugDescription), \(count)")
    }
    #expect(
      try test.rows("SELECT excerpt(12345, 4), excerpt(NULL, 4), excerpt('a', NULL)") == [
        [.text("123\u{2026}"), .null, .null]
      ])
    #expect(try test.rows("SELECT EXCERPT(CAST(x'61FF62' AS TEXT), 9)") == [[.text("a\u{FFFD}b")]])
  }

  /// The same by the definition, on the whole text.
  private func naive(_ text: String, _ count: Int) -> String {
    let folded = Array(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    guard folded.count > count else { return String(folded) }
    var kept = Array(folded[..<(count - 1)])
    if folded[count - 1] != " ", let blank = kept.lastIndex(of: " "), blank * 2 >= count - 1 {
      kept = Array(kept[..<blank])
    }
    while kept.last == " " { kept.removeLast() }
    return String(kept) + "\u{2026}"
  }

  @Test("excerpts of random texts", arguments: [651, 652] as [UInt64])
  func randomExcerpts(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let parts = [
      "a", "bc", " ", "  ", "\n", "e\u{301}", "\u{1F469}\u{200D}\u{1F467}", "\u{4F60}", "\t", "word", "\u{AD}",
    ]
    for _ in 0..<300 {
      let length = Int.random(in: 0...(generator.next() % 8 == 0 ? 900 : 30), using: &generator)
      let text = (0..<length).compactMap { _ in parts.randomElement(using: &generator) }.joined()
      let count = Int.random(in: 1...40, using: &generator)
      let found = try #require(try excerpt(text, Int64(count)))
      #expect(found == naive(text, count), "seed \(seed): \(text.debugDescription), \(count)")
      #expect(found.count <= count, "seed \(seed)")
    }
  }

  private static let wrong = [
    ("excerpt('a')", "excerpt takes (text, n): a text, and how many characters may be left of it"),
    ("excerpt('a', 0)", "excerpt: n is not a whole number of at least 1"),
    ("excerpt('a', -1)", "excerpt: n is not a whole number of at least 1"),
    ("excerpt('a', 1.5)", "excerpt: n is not a whole number of at least 1"),
    ("excerpt('a', '5')", "excerpt: n is not a whole number of at least 1"),
    ("excerpt(x'61', 5)", "excerpt: a blob is no text"),
    ("tokens_estimate()", "tokens_estimate takes one text"),
    ("tokens_estimate('a', 'b')", "tokens_estimate takes one text"),
    ("tokens_estimate(x'61')", "tokens_estimate: a blob is no text"),
  ]

  @Test("what makes no sense is an error", arguments: wrong)
  func refuses(sql: String, message: String) throws {
    #expect(try test.error("SELECT \(sql)") == AufdbError(.refused, message), "\(sql)")
  }

  private func tokens(_ text: String) -> Int {
    var text = text
    return text.withUTF8 { TokenEstimate.of(Bytes($0)) }
  }

  @Test("tokens are estimated")
  func tokens() throws {
    #expect(tokens("") == 0)
    #expect(tokens(" ") == 1)
    #expect(tokens("word") == 1)
    #expect(tokens("one two three four five six seven eight nine ten") == 10)
    #expect(tokens("Stop! Really?") == 4)
    #expect(tokens("2024") == 3)
    #expect((5...8).contains(tokens("internationalisation of incomprehensibilities")) == false)
    #expect((3...5).contains(tokens("\u{4F60}\u{597D}\u{4E16}\u{754C}\u{3002}")))
    #expect((4...7).contains(tokens("\u{41F}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43C}\u{438}\u{440}")))
    #expect(
      try test.rows(
        "SELECT tokens_estimate(NULL), tokens_estimate(''), Tokens_Estimate(12), tokens_estimate(CAST(x'61FF' AS TEXT))"
      )
        == [[.null, .integer(0), .integer(1), .integer(1)]])
  }

  @Test("an estimate of two texts, one after the other, is that of both", arguments: [661] as [UInt64])
  func tokensAdd(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let parts = ["word", " ", "12", "\n", "?!", "\u{E9}", "\u{4F60}", "x"]
    for _ in 0..<200 {
      let texts = (0..<2).map { _ in
        (0..<20).compactMap { _ in parts.randomElement(using: &generator) }.joined()
      }
      // Between the two only a blank, which counts for nothing; and each is rounded by half a token at most.
      let difference = tokens(texts[0] + " " + texts[1]) - tokens(texts[0]) - tokens(texts[1])
      #expect(abs(difference) <= 1, "seed \(seed): \(texts)")
    }
  }
}

// What may be typed: it becomes a query that FTS5 takes, or an error that shows the place.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Search questions") struct SearchQuestionTests {
  private static func parsed(_ text: String) throws -> SearchQuestion {
    try SearchQuestion(text) {
      $0.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }
  }

  @Test(
    arguments: [
      ("word", #""word""#), ("two words", #"("two" AND "words")"#), (#""a phrase""#, #""a phrase""#),
      ("a OR b c", #"("a" OR ("b" AND "c"))"#), ("a AND b", #"("a" AND "b")"#),
      ("a NOT b c", #"("a" AND "c" NOT "b")"#),
      ("(a OR b) c", #"(("a" OR "b") AND "c")"#), ("pre* \"a b\"*", #"("pre" * AND "a b" *)"#),
      ("prompt:a", #"{prompt} : ("a")"#), (#"responses:"a b" c"#, #"({response} : ("a b") AND "c")"#),
      ("prompt:(a OR b)", #"{prompt} : (("a" OR "b"))"#), ("prompt: a", #"("prompt:" AND "a")"#),
      ("prompt:AND", #"{prompt} : ("AND")"#), ("prompt:prompt:a", #"{prompt} : ("prompt:a")"#),
      ("don't C++ foo-bar", #"("don't" AND "C++" AND "foo-bar")"#), ("and or not", #"("and" AND "or" AND "not")"#),
      (#"5" disk"#, #"("5""" AND "disk")"#), (#"say "OR""#, #"("say" AND "OR")"#), ("f(x)", #"("f" AND "x")"#),
      ("++ a - b", #"("a" AND "b")"#), ("a OR ++", #""a""#), ("a NOT ++", #""a""#), ("a () b", #"("a" AND "b")"#),
      ("((a))", #""a""#), ("a* *", #""a" *"#), ("\u{6F22}\u{5B57}", "\"\u{4}\u{6F22}\u{4}\u{5B57}\""),
      ("a\u{0}b", #"("a" AND "b")"#),
      ("http://x.org/?q=1;DROP", #""http://x.org/?q=1;DROP""#), ("NEAR(a b)", #"("NEAR" AND ("a" AND "b"))"#),
      ("^a {b} c:d", #"("^a" AND "{b}" AND "c:d")"#), (" a\tb\n", #"("a" AND "b")"#),
    ])
  func becomes(_ text: String, _ match: String) throws {
    #expect(try Self.parsed(text).match == match)
  }

  @Test(
    arguments: [
      ("", "the question is empty", nil), (" \n ", "the question is empty", nil),
      ("++", "there is nothing to search for in the question", "++\n^"),
      ("()", "there is nothing to search for in the question", "()\n^"),
      ("\"\"", "there is nothing to search for in the question", "\"\"\n^"),
      ("NOT a", "NOT has nothing to take away from", "NOT a\n^"),
      ("++ NOT a", "NOT has nothing to take away from", "++ NOT a\n       ^"),
      ("b OR NOT a", "NOT has nothing to take away from", "b OR NOT a\n     ^"),
      ("a OR", "OR stands between two parts of a question, and here is one missing", "a OR\n  ^"),
      ("OR a", "OR stands between two parts of a question, and here is one missing", "OR a\n^"),
      ("a AND OR b", "AND stands between two parts of a question, and here is one missing", "a AND OR b\n  ^"),
      ("a NOT", "NOT stands between two parts of a question, and here is one missing", "a NOT\n  ^"),
      ("(AND)", "AND stands between two parts of a question, and here is one missing", "(AND)\n ^"),
      ("é (a", "a bracket isn't closed", "é (a\n  ^"), ("a)", "a bracket is closed that wasn't opened", "a)\n ^"),
      (":)", "a bracket is closed that wasn't opened", ":)\n ^"),
      ("a\n\"b c", "a phrase isn't closed", "\"b c\n^"),
    ] as [(String, String, String?)])
  func explains(_ text: String, _ message: String, _ place: String?) throws {
    let error = #expect(throws: AufdbError.self) { try Self.parsed(text) }
    #expect(error?.kind == .usage)
    #expect(error?.message == message)
    if let place { #expect(error?.hint?.hasSuffix("\n" + place) == true, "\(error?.hint ?? "")") }
  }

  @Test("What is too long, too many or too deep is refused; what is just not, FTS5 takes")
  func limits() throws {
    let desk = try SearchDesk()
    func nested(_ depth: Int) -> String {
      // The most that each level can cost its parser.
      String(repeating: "a OR b prompt:(", count: depth) + "c" + String(repeating: ") NOT d", count: depth)
    }
    let many = (0..<SearchQuestion.termLimit).map { "w\($0)" }
    let fine = [
      nested(SearchQuestion.depthLimit), many.joined(separator: " "), many.joined(separator: " OR "),
      many.joined(separator: " NOT "), String(repeating: "a", count: SearchQuestion.lengthLimit),
      "\"" + String(repeating: "a ", count: SearchQuestion.lengthLimit / 2 - 1) + "\"",
      String(repeating: "\u{6F22}", count: SearchQuestion.lengthLimit / 3),
    ]
    try "some text".utf8.span.bytes.withUnsafeBytes { text in
      for question in fine {
        let question = try SearchQuestion(question, hasWords: desk.hasWords)
        #expect(try desk.matches(question.match, in: text, .prompts) == [])
        #expect(try desk.matches(question.highlights, in: text, .prompts) == [])
      }
    }
    for (question, message) in [
      (nested(SearchQuestion.depthLimit + 1), "the question has brackets inside brackets, 9 deep"),
      ((many + ["x"]).joined(separator: " "), "the question has more than 100 words and phrases"),
      (String(repeating: "a", count: SearchQuestion.lengthLimit + 1), "the question has 4001 bytes"),
      (String(repeating: "(", count: 3_000), "the question has brackets inside brackets, 9 deep"),
      (String(repeating: "prompt:", count: 500) + "(a", "a bracket isn't closed"),
    ] {
      let error = #expect(throws: AufdbError.self) { try SearchQuestion(question, hasWords: desk.hasWords) }
      #expect(error?.message == message)
    }
  }

  @Test(
    "Whatever is typed: FTS5 takes what comes of it, or there is an error of ours", arguments: [31, 32] as [UInt64])
  func anything(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let desk = try SearchDesk()
    let pieces = [
      "a", "b", " ", " ", "(", ")", "\"", "*", "AND", " OR ", " NOT ", "prompt:", "response:", "'", "+", "^", "{", "}",
      ":", "-", ",", "NEAR(", "\u{6F22}", "\u{0}", "\n", "é", "\u{301}", "\u{1F642}", "%", ";", "\\", "5", "\u{FEFF}",
    ]
    var takenCount = 0
    for turn in 0..<1_500 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      do {
        let question = try SearchQuestion(text, hasWords: desk.hasWords)
        try "a b".utf8.span.bytes.withUnsafeBytes { bytes in
          _ = try desk.matches(question.match, in: bytes, .prompts)
          _ = try desk.matches(question.highlights, in: bytes, .responses)
        }
        takenCount += 1
      } catch let error as AufdbError {
        #expect(error.kind == .usage && error.sqliteCode == nil, "seed \(seed), turn \(turn): \(text.debugDescription)")
      }
    }
    #expect(takenCount > 300)
  }

  @Test("Only what can be found is highlighted")
  func highlights() throws {
    #expect(
      try Self.parsed(#"a NOT b OR prompt:("c d" NOT e) f*"#).highlights
        == #""a" OR {prompt} : ("c d") OR "f" *"#)
  }
}

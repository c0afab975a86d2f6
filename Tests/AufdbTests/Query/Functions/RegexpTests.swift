// regexp and the operator REGEXP: what matches, what is wrong, and that no pattern hangs.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("REGEXP") struct RegexpTests {
  private let test: TestQueryStore

  init() throws { test = try TestQueryStore() }

  private func isFound(_ pattern: String, _ text: SQLValue) throws -> Bool {
    try test.rows("SELECT :t REGEXP :p", at: .head, ["t": text, "p": .text(pattern)]) == [[.integer(1)]]
  }

  private static let matches: [(String, String, Bool)] = [
    ("b", "abc", true), ("d", "abc", false), ("", "", true), ("", "abc", true), ("^$", "", true), ("^b", "abc", false),
    ("c$", "abc", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("ABC", "abc", false),
    ("(?i)ABC", "abc", true),
    ("^\\w+$", "Gr\u{F6}\u{DF}e", true), ("(?i)\u{C4}", "\u{E4}", true), ("^.$", "\u{1F469}", true),
    ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoob", false), ("(\\w)\\1", "hello", true), ("(?<=a)b", "ab", true),
    ("^(?:sorry|no)", "sorry", true), ("\\d{4}-\\d\\d", "on 2024-05-01", true), ("\\p{Han}", "\u{4F60}", true),
    ("a\u{0}b", "xa\u{0}b", true), ("[[:punct:]]", "a!", true), ("\\Ga", "ba", false), ("\\Ga", "ab", true),
    ("a(*COMMIT)c|b", "ab", false), ("x*", "aaa", true),
  ]

  @Test func matches() throws {
    for (pattern, text, expected) in Self.matches {
      #expect(try isFound(pattern, .text(text)) == expected, "\(pattern.debugDescription), \(text.debugDescription)")
      let rows = try test.rows(
        "SELECT regexp(:p, :t), Regexp(:p, :t), :t NOT REGEXP :p", at: .head, ["t": .text(text), "p": .text(pattern)])
      #expect(rows == [[.integer(expected ? 1 : 0), .integer(expected ? 1 : 0), .integer(expected ? 0 : 1)]])
    }
  }

  @Test("NULL, numbers, blobs, and what isn't UTF-8")
  func otherValues() throws {
    #expect(try test.rows("SELECT NULL REGEXP 'a', 'a' REGEXP NULL, regexp(NULL, NULL)") == [[.null, .null, .null]])
    #expect(
      try test.rows("SELECT 125 REGEXP '^1.5$', '5' REGEXP 5, 1.5 REGEXP '\\.'") == [
        [.integer(1), .integer(1), .integer(1)]
      ])
    #expect(try isFound("b$", .blob([0x61, 0x62])))
    let rows = try test.rows(
      "SELECT prompt REGEXP 'b$', prompt REGEXP '^a', prompt REGEXP 'a..b', prompt REGEXP '\\x00' FROM prompts WHERE prompt_id = 'p3'"
    )
    #expect(rows == [[.integer(1), .integer(1), .integer(0), .integer(1)]])
  }

  @Test(
    "a match is found wherever it stands in a long text, and with the processor's own code",
    arguments: [671] as [UInt64])
  func longTexts(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for place in [0, 63, 64, 4095, 4096, 4097, 36_000, 99_990] {
      // Two bytes a scalar, so that slices end inside of some.
      var text = Array(repeating: "\u{E9}", count: 100_000)
      text[place] = "x"
      if Bool.random(using: &generator) { text[99_999] = "z" }
      let joined = SQLValue.text(text.joined())
      #expect(try isFound("x(?=\u{E9}|z)", joined), "\(place)")
      #expect(try !isFound("xx", joined), "\(place)")
      #expect(try isFound("(?<=\u{E9})x|^x", joined), "\(place)")
    }
    // From the 32nd use on it is machine code.
    let count = try test.rows(
      """
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 2000)
      SELECT sum(n REGEXP '^1[0-9]*7$'), sum(n REGEXP ('^' || (n % 50) || '$')) FROM c
      """)
    let expected = (1...2000).filter { String($0).first == "1" && String($0).last == "7" && $0 > 9 }.count
    #expect(count == [[.integer(Int64(expected)), .integer(49)]])
  }

  private static let wrong = [
    ("'a' REGEXP '('", "regexp: the pattern is wrong after 1 characters: missing closing parenthesis"),
    (
      "'a' REGEXP 'a**b('",
      "regexp: the pattern is wrong after 2 characters: quantifier does not follow a repeatable item"
    ),
    (
      "'a' REGEXP '\u{E9}['",
      "regexp: the pattern is wrong after 2 characters: missing terminating ] for character class"
    ),
    ("'a' REGEXP x'61'", "regexp: the pattern is a blob"),
    ("regexp('a')", "regexp takes (pattern, text), or is written as text REGEXP pattern"),
    ("regexp('a', 'b', 'c')", "regexp takes (pattern, text), or is written as text REGEXP pattern"),
  ]

  @Test("what is no pattern is an error", arguments: wrong)
  func refuses(sql: String, message: String) throws {
    #expect(try test.error("SELECT \(sql)") == AufdbError(.refused, message), "\(sql)")
  }

  @Test(
    "patterns that would take for ever are given up",
    arguments: ["(a+)+$", "(a|aa)+$", "(a*)*b", "(?:a*)*\\Gx", "^(?=(a+)+b)"])
  func givesUp(pattern: String) throws {
    let error = try test.error(
      "SELECT :t REGEXP :p", ["t": .text(String(repeating: "a", count: 40) + "c"), "p": .text(pattern)])
    #expect(error.map { $0.kind == .refused && $0.message.contains("takes too many steps") } ?? true, "\(pattern)")
  }

  @Test func namesTheCostOfAPattern() throws {
    let error = try test.error("SELECT :t REGEXP '(a+)+$'", ["t": .text(String(repeating: "a", count: 40) + "c")])
    #expect(
      error?.message
        == "regexp: the pattern takes too many steps on a text of 41 bytes (repetitions inside of repetitions?)")
    #expect(try test.error("SELECT 'a' REGEXP '(?R)'")?.kind == .refused)
    let long = SQLValue.text(String(repeating: "a", count: 1 << 20) + "ab")
    #expect(try test.error("SELECT :t REGEXP '\\Gb'", ["t": long])?.kind == .refused)
    #expect(try isFound("b", long))
  }

  @Test("a long match can be interrupted")
  func interruption() throws {
    // Each place takes many steps, but not too many.
    let text = SQLValue.text(String(repeating: "a", count: 2_000_000))
    var askedCount = 0
    func isWanted() -> Bool {
      askedCount += 1
      return askedCount < 3
    }
    let error = #expect(throws: AufdbError.self) {
      try test.store.query(
        "SELECT :t REGEXP 'a{0,150}a{0,150}b'", parameters: ["t": text], while: isWanted
      ) { _ = try $0.next() }
    }
    #expect(error?.message == "interrupted")
  }
}

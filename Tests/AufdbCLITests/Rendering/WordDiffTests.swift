// Word diffs: both texts can be had back from them, whatever the texts, and people can read them.

import AufdbTestSupport
import Testing

@testable import AufdbCLI

@Suite("Word diff")
struct WordDiffTests {
  @Test(
    "Words",
    arguments: [
      ("", []), ("one two", ["one", " ", "two"]), ("a  \t b", ["a", "  \t ", "b"]), ("x\n\ny", ["x", "\n", "\n", "y"]),
      ("a\r\nb", ["a", "\r\n", "b"]), ("don't", ["don", "'", "t"]), ("snake_case2", ["snake_case2"]),
      ("{\"a\":1.5}", ["{", "\"", "a", "\"", ":", "1", ".", "5", "}"]),
      ("naïve e\u{301}t", ["naïve", " ", "e\u{301}t"]),
      ("漢字か", ["漢", "字", "か"]), ("👩‍👩‍👧🇩🇪!", ["👩‍👩‍👧", "🇩🇪", "!"]), ("Привет, мир", ["Привет", ",", " ", "мир"]),
      ("\u{301}", ["\u{301}"]), ("a\u{0}\u{1B}b", ["a", "\u{0}", "\u{1B}", "b"]),
    ] as [(String, [String])])
  func words(_ text: String, _ expected: [String]) {
    let words = Words(text)
    let found = words.ranges.map { String(decoding: words.bytes[$0], as: UTF8.self) }
    #expect(found == expected)
    #expect(words.text(0..<words.ranges.count) == text)
  }

  /// The diff as git's `--word-diff` writes it.
  private static func marked(_ diff: WordDiff) -> String {
    diff.segments.map { segment in
      switch segment.kind {
      case .kept: segment.text
      case .deleted: "[-\(segment.text)-]"
      case .inserted: "{+\(segment.text)+}"
      }
    }.joined()
  }

  @Test(
    "Examples",
    arguments: [
      ("", "", ""), ("same", "same", "same"), ("", "new", "{+new+}"), ("old", "", "[-old-]"),
      ("the brown fox", "the red fox", "the [-brown-]{+red+} fox"),
      ("a b c", "a c", "a [-b -]c"), ("a c", "a b c", "a {+b +}c"),
      // A blank between two replaced words isn't worth keeping; a line end is.
      ("one two", "eins zwei", "[-one two-]{+eins zwei+}"), ("one  two", "one 2 two", "one[-  -]{+ 2 +}two"),
      ("x y", "x a b y", "x {+a b +}y"),
      ("one\ntwo", "eins\nzwei", "[-one-]{+eins+}\n[-two-]{+zwei+}"),
      ("{\"n\":1,\"m\":2}", "{\"n\":1,\"m\":3}", "{\"n\":1,\"m\":[-2-]{+3+}}"),
      ("ist gut", "ist sehr gut", "ist {+sehr +}gut"), ("我是人", "我也是人", "我{+也+}是人"),
    ])
  func examples(_ old: String, _ new: String, _ expected: String) {
    #expect(Self.marked(WordDiff(old: old, new: new)) == expected)
  }

  @Test("Words are equal by their bytes") func spellings() {
    let diff = WordDiff(old: "un caf\u{E9}", new: "un cafe\u{301}")
    #expect(diff.segments.map(\.kind) == [.kept, .deleted, .inserted])
    #expect(diff.segments.map { Array($0.text.utf8) } == ["un ", "caf\u{E9}", "cafe\u{301}"].map { Array($0.utf8) })
  }

  @Test("Texts with little in common keep their common beginning and end") func costLimit() {
    let (old, new) = ("Well: a b c d. Bye", "Well: x b y d. Bye")
    #expect(
      Self.marked(WordDiff(old: old, new: new, costLimit: 3)) == "Well: [-a b c-]{+x b y+} d. Bye")
    #expect(Self.marked(WordDiff(old: old, new: new)) == "Well: [-a-]{+x+} b [-c-]{+y+} d. Bye")
  }

  @Test("Long texts keep their common beginning and end, and no code point is split") func byteLimit() {
    #expect(Self.marked(WordDiff(old: "abcd", new: "abXd", byteLimit: 7)) == "ab[-c-]{+X+}d")
    // U+00E9 and U+00E8 begin with the same byte, U+00E9 and U+0129 end with the same one.
    #expect(Self.marked(WordDiff(old: "a\u{E9}b", new: "a\u{E8}b", byteLimit: 0)) == "a[-\u{E9}-]{+\u{E8}+}b")
    #expect(Self.marked(WordDiff(old: "a\u{E9}", new: "a\u{129}", byteLimit: 0)) == "a[-\u{E9}-]{+\u{129}+}")
    #expect(Self.marked(WordDiff(old: "aa", new: "a", byteLimit: 0)) == "a[-a-]")
    let long = String(repeating: "word ", count: 200_000)
    #expect(Self.marked(WordDiff(old: long + "a b", new: long + "c b")) == long + "[-a-]{+c+} b")
  }

  @Test(
    "Applied to either text it gives the other, whatever the limits", arguments: 1...8 as ClosedRange<UInt64>)
  func laws(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<150 {
      let old = Self.randomText(using: &generator)
      let new =
        generator.next() % 4 == 0
        ? Self.randomText(using: &generator) : Self.edited(old, using: &generator)
      for (costLimit, byteLimit) in [(WordDiff.costLimit, WordDiff.byteLimit), (5, 10_000), (0, 0)] {
        let diff = WordDiff(old: old, new: new, costLimit: costLimit, byteLimit: byteLimit)
        let texts = "\(old.debugDescription) to \(new.debugDescription)"
        let comment: Comment = "seed \(seed), limits \(costLimit), \(byteLimit): \(texts)"
        let kept = diff.segments.filter { $0.kind != .inserted }.map(\.text).joined()
        #expect(Array(kept.utf8) == Array(old.utf8), comment)
        let made = diff.segments.filter { $0.kind != .deleted }.map(\.text).joined()
        #expect(Array(made.utf8) == Array(new.utf8), comment)
        #expect(diff.segments.allSatisfy { !$0.text.isEmpty }, comment)
        for (one, next) in zip(diff.segments, diff.segments.dropFirst()) {
          #expect(one.kind != next.kind && !(one.kind == .inserted && next.kind == .deleted), comment)
        }
      }
    }
  }

  private static let vocabulary = [
    "the", "moon", "is", "not", "a", "cheese", ".", ",", "\n", "\n\n", "é", "e\u{301}", "漢字", "😀", "👩‍👩‍👧", "\u{301}",
    "\t", "\r\n", "\u{0}", "x", "1", "\u{200D}", "\u{202E}",
  ]

  private static func randomText(using generator: inout SeededGenerator) -> String {
    (0..<generator.next() % 30).map { _ in randomPiece(using: &generator) }.joined()
  }

  private static func randomPiece(using generator: inout SeededGenerator) -> String {
    vocabulary[Int(generator.next() % UInt64(vocabulary.count))] + (generator.next() % 3 == 0 ? "" : " ")
  }

  private static func edited(_ text: String, using generator: inout SeededGenerator) -> String {
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for _ in 0..<generator.next() % 4 {
      let place = Int(generator.next() % UInt64(words.count))
      words[place] = generator.next() % 2 == 0 ? "" : randomPiece(using: &generator)
    }
    return words.joined(separator: " ")
  }
}

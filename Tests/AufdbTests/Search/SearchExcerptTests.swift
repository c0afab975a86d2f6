// Excerpts: a piece of the text around what was found; and where in a text that is.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Search excerpts") struct SearchExcerptTests {
  private func excerpt(_ text: String, _ question: String, length: Int = 40) throws -> SearchExcerpt {
    let desk = try SearchDesk()
    let question = try SearchQuestion(question, hasWords: desk.hasWords)
    return try text.utf8.span.bytes.withUnsafeBytes { bytes in
      SearchExcerpt(bytes, matches: try desk.matches(question.highlights, in: bytes, .responses), length: length)
    }
  }

  /// "…one [match] here…"
  private func shown(_ excerpt: SearchExcerpt) -> String {
    (excerpt.isCutBefore ? "…" : "") + excerpt.pieces.map { $0.isMatch ? "[\($0.text)]" : $0.text }.joined()
      + (excerpt.isCutAfter ? "…" : "")
  }

  @Test(
    arguments: [
      ("the moon is round", "moon", "the [moon] is round"), ("", "moon", ""), ("no such word", "moon", "no such word"),
      ("New\n\n  York, new york.", "\"new york\"", "[New York], [new york]."),
      ("Don't!", "don't", "[Don't]!"), ("I use C++", "c++", "I use [C]++"),
      ("我喜欢汉字。", "喜欢 字", "我[喜欢]汉[字]。"), ("caf\u{65}\u{301} noir", "café", "[cafe\u{301}] noir"),
      ("\u{1}moon\u{2}\u{4}\u{0}moon", "moon", "\u{1}[moon]\u{2}\u{4}\u{0}[moon]"),
      (
        "one two three four five six seven moon eight nine ten eleven twelve", "moon",
        "…six seven [moon] eight nine ten eleven…"
      ),
      (
        "moon and then a long way to go until there is, in one place, a round moon of gold", "moon round",
        "…is, in one place, a [round] [moon] of gold"
      ),
    ])
  func shows(_ text: String, _ question: String, _ expected: String) throws {
    #expect(shown(try excerpt(text, question)) == expected)
  }

  @Test("A text of a megabyte, and words at its end")
  func longTexts() throws {
    let filler = String(repeating: "moonlight ", count: 90_000)
    #expect(shown(try excerpt(filler + "moon ", "moon")).contains("[moon]"))
    #expect(shown(try excerpt(String(repeating: "x", count: 100_000) + " moon", "moon")).hasSuffix(" [moon]"))
    // Beyond what is looked at, it is the beginning that is shown.
    #expect(shown(try excerpt(filler + filler + "moon", "moon")).hasPrefix("moonlight moonlight"))
    // One word a blank, as many matches as there can be.
    #expect(shown(try excerpt(String(repeating: "moon ", count: 20_000), "moon", length: 9)) == "[moon] [moon]…")
  }

  @Test("Any text, any places: a piece of it, not longer than asked", arguments: [41, 42] as [UInt64])
  func laws(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let characters = ["a", "b", " ", " ", "\n", "\u{0}", "é", "\u{6F22}", "\u{1F642}"]
    func line(_ text: String) -> String { text.split { " \n".contains($0) }.joined(separator: " ") }
    for turn in 0..<1_500 {
      let comment: Comment = "seed \(seed), turn \(turn)"
      let text = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
        characters.randomElement(using: &generator) ?? "a"
      }
      // Where each character begins, and the end.
      let places = text.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.utf8.count) }
      // What is found has a word in it.
      let matches = generator.ranges(in: text.count).filter { !text[$0].allSatisfy { " \n".contains($0) } }
      let length = Int.random(in: 0...60, using: &generator)
      let excerpt = text.joined().utf8.span.bytes.withUnsafeBytes {
        SearchExcerpt($0, matches: matches.map { places[$0.lowerBound]..<places[$0.upperBound] }, length: length)
      }
      let shown = excerpt.pieces.map(\.text).joined()
      if !excerpt.isCutBefore, !excerpt.isCutAfter { #expect(line(shown) == line(text.joined()), comment) }
      // Foundation's `contains` finds no empty text in an empty one.
      #expect(line(shown).isEmpty || line(text.joined()).contains(line(shown)), comment)
      #expect(shown.unicodeScalars.count <= max(length, 6), comment)
      #expect(excerpt.pieces.allSatisfy { !$0.text.isEmpty }, comment)
      #expect(matches.isEmpty || excerpt.pieces.contains { $0.isMatch }, comment)
    }
  }

  @Test("Bytes that are no text, and places between them", arguments: [43] as [UInt64])
  func bytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let some: [UInt8] = [0x61, 0x20, 0x80, 0x80, 0x80, 0xC3, 0xE6, 0xFF, 0xF0]
    for turn in 0..<1_500 {
      let text = (0..<Int.random(in: 0...80, using: &generator)).map { _ in some.randomElement(using: &generator) ?? 0 }
      let matches = generator.ranges(in: text.count)
      let length = Int.random(in: 0...60, using: &generator)
      let excerpt = text.withUnsafeBytes { SearchExcerpt($0, matches: matches, length: length) }
      #expect(
        excerpt.pieces.isEmpty == text.allSatisfy { $0 == 0x20 } || excerpt.isCutAfter, "seed \(seed), turn \(turn)")
    }
  }

  @Test("Gaps stand around characters that are words by themselves, and nowhere else")
  func gaps() {
    func gapped(_ text: String) -> String { SpacedText.of(text).replacing("\u{4}", with: "|") }
    #expect(gapped("abc déf — “x”") == "abc déf — “x”")
    #expect(gapped("a漢字b") == "a|漢|字|b")
    #expect(gapped("かなカナ한국어ไทย") == "|か|な|カ|ナ|한국어ไทย")
    #expect(gapped("\u{20000}\u{2F800}x") == "|\u{20000}|\u{2F800}|x")
    #expect(gapped("hi\u{1F642}") == "hi\u{3}\u{3}\u{3}\u{3}")
    var spaced: [UInt8] = []
    ([0xE6, 0xBC, 0x20, 0xF0, 0xA0] as [UInt8]).withUnsafeBytes { SpacedText.append($0, to: &spaced) }
    #expect(spaced == [0xE6, 0xBC, 0x20, 0xF0, 0xA0])
  }
}

extension SeededGenerator {
  /// Places apart from each other, ascending, none of them longer than 6.
  fileprivate mutating func ranges(in count: Int) -> [Range<Int>] {
    var (ranges, place): ([Range<Int>], Int) = ([], 0)
    while true {
      let start = place + Int.random(in: 0...30, using: &self)
      let end = start + Int.random(in: 1...6, using: &self)
      guard end <= count else { return ranges }
      ranges.append(start..<end)
      place = end
    }
  }
}

// Words and n-grams: what counts as the same words, and that the rolling hash is that of the n-gram alone.

import AufdbTestSupport
import Testing

@testable import Aufdb

struct WordGramsTests {
  private func grams(_ text: String) -> WordGrams {
    var grams = WordGrams()
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { grams.set($0) }
    return grams
  }

  private func hashes(_ text: String, _ length: Int) -> [UInt64] {
    var hashes: [UInt64] = []
    grams(text).forEach(length: length) {
      hashes.append($0)
      return true
    }
    return hashes
  }

  @Test(arguments: [
    ("Don't panic!", "dont PANIC"), ("a-b_c", "A b  c..."), ("Ärger, überall", "ärger ÜBERALL"),
    ("It\u{2019}s", "its"), ("日本語", "日 本 語"), ("3.14", "3 14"), ("naïve\u{301}", "NAÏVE\u{301}"),
  ])
  func theseHaveTheSameWords(_ one: String, _ other: String) {
    #expect(grams(one).words == grams(other).words)
    #expect(!grams(one).words.isEmpty)
  }

  @Test(arguments: [("ab", "a b"), ("a b", "b a"), ("a", "a a"), ("é", "e")])
  func theseDoNot(_ one: String, _ other: String) {
    #expect(grams(one).words != grams(other).words)
    #expect(grams(one).whole != grams(other).whole)
  }

  @Test func aTextWithoutWordsHasNone() {
    for text in ["", " ", "?!…—", "😀"] {
      #expect(grams(text).words.isEmpty)
      #expect(grams(text).whole == nil)
      #expect(hashes(text, 1).isEmpty)
    }
  }

  @Test func eachRollingHashIsThatOfItsWordsAlone() {
    for seed: UInt64 in 0..<100 {
      var draw = SeededGenerator(seed: seed)
      let words = (0..<Int.random(in: 0..<30, using: &draw)).map { _ in "w\(Int.random(in: 0..<5, using: &draw))" }
      let length = Int.random(in: 1...8, using: &draw)
      let expected = words.indices.dropLast(length - 1).map { start in
        grams(words[start..<start + length].joined(separator: " ")).whole ?? 0
      }
      #expect(hashes(words.joined(separator: ", "), length) == expected, "seed \(seed)")
    }
  }

  @Test func goingThroughThemCanBeStopped() {
    var count = 0
    grams("a b c d e").forEach(length: 2) { _ in
      count += 1
      return count < 2
    }
    #expect(count == 2)
  }
}

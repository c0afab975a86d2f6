// What a terminal's line shows of a changed text: the changes first, and never more than fits.

import AufdbTestSupport
import Testing

@testable import AufdbCLI

@Suite("Excerpts of changed texts")
struct ChangeExcerptTests {
  private static func line(_ old: String, _ new: String, _ width: Int, _ style: TextStyle = .plain) -> String {
    ChangeExcerpt(WordDiff(old: old, new: new), style).line(width: width)
  }

  private static let old =
    "One ring to rule them all, one ring to find them, one ring to bring them all and in the darkness bind them"
  private static let new =
    "One ring to rule them all, one sword to find them, one ring to bring them all and in the light bind them"

  @Test(
    "Examples",
    arguments: [
      (
        200,
        "One ring to rule them all, one [-ring-]{+sword+} to find them, one ring to bring them all and in the "
          + "[-darkness-]{+light+} bind them"
      ),
      (90, "…hem all, one [-ring-]{+sword+} to find them…ll and in the [-darkness-]{+light+} bind them"),
      (60, "…one [-ring-]{+sword+} to … the [-darkness-]{+light+} bin…"),
      (40, "… all, one [-ring-]{+sword+} to find t…"),
      (24, "…ne [-ring-]{+swo…+} to…"),
    ])
  func examples(width: Int, expected: String) {
    let line = Self.line(Self.old, Self.new, width)
    #expect(line == expected)
    #expect(DisplayWidth.of(line) <= width)
  }

  @Test("Long changes are cut when the text around them has made room") func longChanges() {
    let (old, new) = (String(repeating: "ab", count: 40), String(repeating: "xy", count: 40))
    #expect(
      Self.line("see \(old) there", "see \(new) there", 50) == "see [-abababababababab…-]{+xyxyxyxyxyxyxyxy…+} th…"
    )
    #expect(Self.line(old, "", 24) == "[-abababababababababa…-]")
    #expect(Self.line("", new, 24) == "{+xyxyxyxyxyxyxyxyxyx…+}")
  }

  @Test("With colours there are no brackets") func colours() {
    let style = TextStyle(isColoured: true)
    #expect(
      Self.line("a b", "a c", 30, style) == "a \u{1B}[31;9mb\u{1B}[0m\u{1B}[32;4mc\u{1B}[0m")
    #expect(Self.line("same", "same", 30, style) == "same")
  }

  @Test("Equal texts are shown from their beginning") func equal() {
    #expect(Self.line(Self.old, Self.old, 30) == Self.old)
  }

  @Test("Wide characters and marks stay whole") func wide() {
    #expect(Self.line("漢字漢字漢字漢字漢字一", "漢字漢字漢字漢字漢字二", 24) == "…字漢字漢字[-一-]{+二+}")
    let marked = String(repeating: "e\u{301}", count: 30)
    #expect(Self.line(marked + " a", marked + " b", 24) == "…\(marked.prefix(12)) [-a-]{+b+}")
  }

  @Test(
    "It fits, it shows a change, and given room it shows all", arguments: 1...8 as ClosedRange<UInt64>)
  func laws(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let words = ["moon", "漢字", "e\u{301}", ",", "\n", "\u{1B}[31m", "a", "looooooooooooooooooooooong", "😀", "\t"]
    func text() -> [String] {
      (0..<generator.next() % 60 + 1).map { _ in words[Int(generator.next() % UInt64(words.count))] }
    }
    for _ in 0..<60 {
      let old = text()
      var new = old
      for _ in 0..<generator.next() % 6 + 1 {
        new[Int(generator.next() % UInt64(new.count))] = "new\(generator.next() % 1000)"
      }
      let diff = WordDiff(old: old.joined(separator: " "), new: new.joined(separator: " "))
      for width in stride(from: 24, through: 110, by: 1 + Int(seed)) {
        let line = ChangeExcerpt(diff, .plain).line(width: width)
        #expect(DisplayWidth.of(line) <= width, "seed \(seed), width \(width): \(line)")
        #expect(line.contains("{+") || line.contains("[-"), "seed \(seed), width \(width): \(line)")
        #expect(
          line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "seed \(seed): \(line)")
      }
      let whole = diff.segments.map { segment in
        let text = VisibleText.of(segment.text)
        return segment.kind == .kept ? text : segment.kind == .deleted ? "[-\(text)-]" : "{+\(text)+}"
      }.joined()
      #expect(ChangeExcerpt(diff, .plain).line(width: DisplayWidth.of(whole)) == whole, "seed \(seed)")
      #expect(ChangeExcerpt(diff, .plain).line(width: .max) == whole, "seed \(seed)")
    }
  }
}

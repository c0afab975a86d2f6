// How wide texts are, one by one, and that cutting and wrapping keep whole what people see as one character.

import AufdbTestSupport
import Testing

@testable import AufdbCLI

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("😀", 2), ("⌚", 2), ("☎", 1), ("\u{200B}", 0), ("א", 1), ("ب", 1), ("𠀀", 2), ("…", 1), ("\u{AD}", 0), ("ไ", 1),
    ("ท\u{E35}", 1), ("─", 1), ("", 0), ("한국어", 6), ("日本語テスト", 12), ("ﾃｽﾄ", 3), ("Zürich", 6),
  ])
  func ofSingleCodePointsAndMarks(_ text: String, _ width: Int) { #expect(DisplayWidth.of(text) == width) }

  @Test(arguments: [
    // Variation selectors.
    ("♥\u{FE0F}", 2), ("☎\u{FE0F}", 2), ("©\u{FE0F}", 2), ("😀\u{FE0F}", 2), ("☎\u{FE0E}", 1), ("a\u{FE0F}", 1),
    // Keycaps.
    ("1\u{FE0F}\u{20E3}", 2), ("#\u{FE0F}\u{20E3}", 2), ("12\u{FE0F}\u{20E3}3", 4),
    // Skin tones.
    ("👍🏽", 2), ("☝🏽", 2), ("☝\u{FE0F}🏽", 2), ("🏽", 2), ("a🏽", 3),
    // Joined.
    ("👨‍👩‍👧‍👦", 2), ("👩🏽‍🚀", 2), ("❤\u{FE0F}‍🔥", 2), ("❤‍🔥", 2), ("🏳\u{FE0F}‍🌈", 2), ("🐻‍❄\u{FE0F}", 2), ("a\u{200D}b", 2),
    // Flags: of regions, of subdivisions, and halves of them.
    ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("🇩", 2), ("🇩🇪🇫", 4), ("🇩a🇪", 5),
    ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2),
    ("👍👍", 4), ("x👨‍👩‍👧y", 4),
  ])
  func ofEmoji(_ text: String, _ width: Int) { #expect(DisplayWidth.of(text) == width) }

  private static let characters = [
    "a", "é", "e\u{301}", "漢", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤\u{FE0F}", "1\u{FE0F}\u{20E3}", "한", " ", "🏳\u{FE0F}‍🌈",
  ]

  @Test(arguments: [1, 2, 3] as [UInt64])
  func isTheSumOfTheCharacters(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let parts = (0..<generator.next() % 8).map { _ in Self.characters[Int(generator.next() % 12)] }
      let sum = parts.reduce(0) { $0 + DisplayWidth.of($1) }
      #expect(DisplayWidth.of(parts.joined()) == sum, "seed \(seed): \(parts)")
      var visible: [UInt8] = []
      let width = Array(parts.joined().utf8).withUnsafeBytes { VisibleText.plain.append($0, to: &visible) }
      #expect(width == sum, "seed \(seed): \(parts)")
      #expect(String(decoding: visible, as: UTF8.self) == parts.joined(), "seed \(seed): \(parts)")
    }
  }

  @Test(arguments: 1...12)
  func aCutTextHasTheWidthThatIsSaid(width: Int) {
    let text = Self.characters.joined()
    let (cut, cutWidth) = VisibleText.shortened(Array(text.utf8), to: width)
    let shown = String(decoding: cut, as: UTF8.self)
    #expect(cutWidth <= width)
    #expect(DisplayWidth.of(shown) == cutWidth, "\(shown)")
    #expect(shown.hasSuffix("…"))
    // Joined emoji and flags stay whole; only a selector that widens may be left behind.
    let expected = text.unicodeScalars.starts(with: shown.dropLast().unicodeScalars)
    #expect(expected, "\(shown)")
  }
}

// The beginning of a text, on one line: what a table of texts has room for.
//
// White space is folded: a run of it is one blank, and there is none at the beginning. A text that is then longer than
// there is room for ends with an ellipsis, which counts as one character: behind the last word that is whole, or inside
// a word where more than half of the room would be lost otherwise (one long word, or a script without blanks).
// Characters are those that people see, grapheme clusters (https://unicode.org/reports/tr29/): none is cut in two.

enum Excerpt {
  /// - Parameters:
  ///   - text: UTF-8; what isn't becomes U+FFFD.
  ///   - characterCount: the room, at least 1.
  /// - Complexity: O(characterCount), and the white space among them: of a long text only the beginning is read.
  static func of(_ text: Bytes, characterCount: Int) -> String {
    var size = min(text.count, 64 + 8 * min(characterCount, text.count))
    while true {
      let isWhole = size == text.count
      let end = isWhole ? size : beginning(of: text, at: size)
      let beginning = String(decoding: text[..<end], as: UTF8.self)
      if let excerpt = excerpt(beginning, isWhole: isWhole, characterCount) { return excerpt }
      size = min(text.count, size * 8)
    }
  }

  /// The last place at or before another one where a scalar begins.
  private static func beginning(of text: Bytes, at place: Int) -> Int {
    var place = place
    while place > 0, text[place] & 0xC0 == 0x80 { place -= 1 }
    return place
  }

  /// - Parameter isWhole: whether the text ends here, and doesn't go on with what may belong to its last character.
  /// - Returns: nil where more of the text must be seen.
  private static func excerpt(_ text: String, isWhole: Bool, _ characterCount: Int) -> String? {
    var folded: [Character] = []
    var isBlankPending = false
    for character in text {
      if character.isWhitespace {
        isBlankPending = !folded.isEmpty
        continue
      }
      if isBlankPending { folded.append(" ") }
      isBlankPending = false
      folded.append(character)
      // One more than there is room for, and another one that may not be whole.
      if folded.count > characterCount + 2 { return cut(folded, characterCount) }
    }
    guard isWhole else { return nil }
    return folded.count <= characterCount ? String(folded) : cut(folded, characterCount)
  }

  private static func cut(_ folded: [Character], _ characterCount: Int) -> String {
    let room = characterCount - 1
    var end = room
    if folded[room] != " ", let blank = folded[..<room].lastIndex(of: " "), blank * 2 >= room { end = blank }
    while end > 0, folded[end - 1] == " " { end -= 1 }
    return String(folded[..<end]) + "\u{2026}"
  }
}

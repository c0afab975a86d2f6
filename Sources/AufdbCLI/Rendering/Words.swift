// A text as a sequence of words, none of it left out.
//
// A word is a run of letters and digits, or a run of blanks; a line end, a punctuation mark and any other character is
// a word of its own, and so is every wide one: Chinese and Japanese are written without blanks. No character, as people
// see it, is split.

/// The words of a text, as places in its UTF-8.
struct Words {
  let bytes: [UInt8]
  /// One after the other, without gaps: together they are all of `bytes`.
  let ranges: [Range<Int>]

  private enum Kind {
    case letters, blanks, single
  }

  init(_ text: String) {
    bytes = Array(text.utf8)
    var ranges: [Range<Int>] = []
    var start = 0
    var end = 0
    var last: Kind?
    for character in text {
      let kind = Self.kind(of: character)
      if kind != last || kind == .single {
        if end > start { ranges.append(start..<end) }
        start = end
        last = kind
      }
      end += character.utf8.count
    }
    if end > start { ranges.append(start..<end) }
    self.ranges = ranges
  }

  /// The bytes of a word.
  subscript(word: Int) -> ArraySlice<UInt8> { bytes[ranges[word]] }

  /// The text of some words in a row.
  func text(_ words: Range<Int>) -> String {
    guard let first = words.first, let last = words.last else { return "" }
    return String(decoding: bytes[ranges[first].lowerBound..<ranges[last].upperBound], as: UTF8.self)
  }

  /// Whether a word is made of blanks; a line end isn't.
  func isBlank(_ word: Int) -> Bool { self[word].first == 0x20 || self[word].first == 0x09 }

  private static func kind(of character: Character) -> Kind {
    if let ascii = character.asciiValue {
      switch ascii {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: return .letters
      case 0x20, 0x09: return .blanks
      default: return .single
      }
    }
    guard let scalar = character.unicodeScalars.first, DisplayWidth.of(scalar) < 2 else { return .single }
    return character.isLetter || character.isNumber ? .letters : .single
  }
}

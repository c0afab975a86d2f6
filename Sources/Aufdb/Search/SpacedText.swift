// Text as the tokenizer should see it: with a gap around every character of a script that is written without blanks.
//
// FTS5's tokenizer unicode61 takes a run of letters for one word, and so a whole Chinese sentence. With U+0004, which
// is no letter, around each Chinese character and each Japanese kana, each of them is a word, and what is asked for
// becomes a phrase of them: 漢字 finds that very sequence anywhere. The gap is put into what is indexed, what is asked
// and what is highlighted alike. Thai, Lao, Khmer and Burmese are left as they are: there, only the beginning of a run
// is found (with *).
//
// Emoji and other pictures are no words. The tokenizer knows the older ones as signs, but takes those that came after
// its Unicode 6.1 for letters, so that "thanks" would not be found where one follows it; U+0003 stands for each of
// their bytes.
//
// Texts that have none of these characters, and most don't, stay where they are: the first of them in UTF-8 begins with
// the byte E3.

enum SpacedText {
  static let gap: UInt8 = 0x04
  /// Stands for a byte that no word has.
  static let blank: UInt8 = 0x03

  /// Whether some byte may begin a character that needs a gap.
  static func mayNeedGaps(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.contains { $0 >= 0xE3 } }

  /// Appends the bytes, with the gaps between them. Whatever is not UTF-8 is copied as it is.
  static func append(_ bytes: UnsafeRawBufferPointer, to spaced: inout [UInt8]) {
    spaced.reserveCapacity(spaced.count + bytes.count)
    var isAfterOne = false
    var index = 0
    while index < bytes.count {
      let (scalar, length) = scalar(bytes, at: index)
      let isSeparate = isSeparate(scalar)
      if isSeparate || isAfterOne { spaced.append(gap) }
      isAfterOne = isSeparate
      let isPicture = (0x1F000...0x1FBFF).contains(scalar)
      for byte in bytes[index..<index + length] { spaced.append(isPicture ? blank : byte) }
      index += length
    }
  }

  static func of(_ text: String) -> String {
    var spaced: [UInt8] = []
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &spaced) }
    return String(decoding: spaced, as: UTF8.self)
  }

  /// The character at `index`, if it is one of those that begin with E3 or more, and how many bytes it has; otherwise
  /// the byte.
  private static func scalar(_ bytes: UnsafeRawBufferPointer, at index: Int) -> (UInt32, length: Int) {
    let first = bytes[index]
    guard first >= 0xE3 else { return (UInt32(first), 1) }
    let length = first >= 0xF0 ? 4 : 3
    guard index + length <= bytes.count, bytes[index + 1..<index + length].allSatisfy({ $0 & 0xC0 == 0x80 }) else {
      return (UInt32(first), 1)
    }
    let start = UInt32(first & (length == 4 ? 0x07 : 0x0F))
    return (bytes[index + 1..<index + length].reduce(start) { $0 << 6 | UInt32($1 & 0x3F) }, length)
  }

  private static func isSeparate(_ scalar: UInt32) -> Bool {
    switch scalar {
    // Signs that stand for characters, kana, Bopomofo, kana of Ainu, Chinese characters and their supplements, and
    // kana of half the width.
    case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

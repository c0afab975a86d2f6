// How many columns of a terminal a character takes: none, one or two.
//
// Terminals go by single code points, as `wcwidth` does, and so does this: an emoji of several parts is the sum of its
// parts. Wide are the East Asian Wide and Fullwidth ranges (Unicode Standard Annex 11), in which unassigned places
// count as wide too, and what is shown as an emoji by itself.

enum DisplayWidth {
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
    0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// The columns of one code point that is not a control character.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The later letters of a Korean syllable block go on top of its first one.
    if (0x1160...0x11FF).contains(value) { return 0 }
    if scalar.properties.isEmojiPresentation {
      // One half of a flag: terminals give each half one column.
      return (0x1F1E6...0x1F1FF).contains(value) ? 1 : 2
    }
    return wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The columns of a text without control characters.
  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }
}

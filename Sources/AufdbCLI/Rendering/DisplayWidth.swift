// How many columns of a terminal a text takes.
//
// Wide, two columns, are the East Asian Wide and Fullwidth ranges (Unicode Standard Annex 11), in which unassigned
// places count as wide too, and what is shown as an emoji. Marks and format characters take none.
//
// What people see as one character may be several code points, and terminals that know this show it as one: kitty,
// Ghostty, foot, WezTerm, iTerm2 and Windows Terminal, for which this counts.
//
//   U+1F468 U+200D U+1F469 ...   emoji joined by ZWJ are one emoji, two columns
//   U+2764 U+FE0F                variation selector 16 makes an emoji of a narrow sign: two columns
//   U+1F44D U+1F3FD              a skin tone belongs to the emoji before it
//   U+1F1E9 U+1F1EA              two regional indicators are a flag, two columns; and so is one without another
//   1 U+FE0F U+20E3              a keycap, two columns
//
// Terminals that go by single code points, as `wcwidth` does (xterm, the Linux console), leave more room for these: a
// line with one of them is then out of line with its neighbours, and all else is the same.

enum DisplayWidth {
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
    0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// The columns of one code point by itself, which is not a control character.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The later letters of a Korean syllable block go on top of its first one.
    if (0x1160...0x11FF).contains(value) { return 0 }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The columns of a text without control characters.
  static func of(_ text: String) -> Int { columns(of: text.unicodeScalars).reduce(0, +) }

  /// What each code point of such a text adds to its width.
  static func columns(of scalars: some Sequence<Unicode.Scalar>) -> [Int] {
    var meter = Meter()
    return scalars.map { meter.add($0).columns }
  }

  /// Measures a text code point by code point.
  struct Meter {
    /// The width of the emoji, or of what a selector can make one, that the next code point may belong to; 0 if none.
    private var emojiColumns = 0
    private var isJoined = false
    private var isHalfFlag = false

    /// - Returns: the columns that a code point adds, and whether the character that people see begins with it.
    mutating func add(_ scalar: Unicode.Scalar) -> (columns: Int, isFirst: Bool) {
      let value = scalar.value
      if value < 0x80 {
        self = Meter()
        let isKeycap = (0x30...0x39).contains(value) || value == 0x23 || value == 0x2A
        emojiColumns = isKeycap ? 1 : 0
        return (1, true)
      }
      switch value {
      case 0x200D:
        isJoined = emojiColumns > 0
        return (0, false)
      case 0xFE0F:
        return (emojiColumns > 0 ? grow(to: 2) : 0, false)
      case 0x1F3FB...0x1F3FF where emojiColumns > 0 && !isJoined:
        return (grow(to: 2), false)
      case 0x1F1E6...0x1F1FF:
        let completesFlag = isHalfFlag
        self = Meter()
        isHalfFlag = !completesFlag
        return completesFlag ? (0, false) : (2, true)
      default:
        return addOther(scalar)
      }
    }

    private mutating func addOther(_ scalar: Unicode.Scalar) -> (columns: Int, isFirst: Bool) {
      let columns = DisplayWidth.of(scalar)
      let isPartOfEmoji = isJoined
      (isJoined, isHalfFlag) = (false, false)
      if columns == 0 { return (0, false) }
      let isEmoji = scalar.properties.isEmoji
      if isPartOfEmoji, isEmoji { return (grow(to: columns), false) }
      emojiColumns = isEmoji ? columns : 0
      return (columns, true)
    }

    /// Makes the emoji at least so wide; returns how much wider it is.
    private mutating func grow(to columns: Int) -> Int {
      let growth = max(0, columns - emojiColumns)
      emojiColumns += growth
      return growth
    }
  }
}

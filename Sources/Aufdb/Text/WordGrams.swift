// Texts as sequences of words, to see whether one text stands in another in parts.
//
// A word is a run of letters, marks and digits, in lower case; an apostrophe in it is passed over ("don't" is "dont"),
// and all else ends it. Scripts that are written without blanks have words of one scalar: ideographs, kana, Thai.
//
// Words are kept as 64-bit hashes, and an n-gram as a polynomial of its words' hashes, which rolls from one to the next
// (Karp and Rabin, "Efficient randomized pattern-matching algorithms", IBM J. Res. Dev. 31, 1987). Two different
// n-grams share a hash once in 2^64, which is less often than memory errs.

/// The words of one text, in memory that serves the next one again.
struct WordGrams {
  /// The words' hashes, in the text's order.
  private(set) var words: [UInt64] = []

  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let emptyWord: UInt64 = 0xCBF2_9CE4_8422_2325

  init() {}

  /// Sets this to the words of a text.
  ///
  /// - Complexity: O(n).
  mutating func set(_ text: Bytes) {
    words.removeAll(keepingCapacity: true)
    append(text)
  }

  /// Appends the words of another text, which begins with a new word.
  mutating func append(_ text: Bytes) {
    var (hash, isInWord) = (Self.emptyWord, false)
    func end() {
      if isInWord { words.append(Self.mixed(hash)) }
      (hash, isInWord) = (Self.emptyWord, false)
    }
    func take(_ value: UInt32) {
      hash = (hash ^ UInt64(value)) &* 0x100_0000_01B3
      isInWord = true
    }
    var scalars = ScalarBytes(text)
    while let next = scalars.next() {
      switch next {
      case .ascii(let byte):
        switch byte {
        case 0x30...0x39, 0x61...0x7A: take(UInt32(byte))
        case 0x41...0x5A: take(UInt32(byte | 0x20))
        case UInt8(ascii: "'"): break
        default: end()
        }
      case .scalar(let scalar, _):
        if scalar == "\u{2019}" || scalar == "\u{02BC}" { continue }
        guard Self.isWordPart(scalar) else {
          end()
          continue
        }
        if Self.isWordByItself(scalar) { end() }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars { take(lower.value) }
        if Self.isWordByItself(scalar) { end() }
      case .malformed: end()
      }
    }
    end()
  }

  /// Calls `body` with the hash of each n-gram, in order, until it answers false.
  ///
  /// - Parameter length: n, at least 1. A text of fewer words has none.
  /// - Complexity: O(words).
  func forEach(length: Int, _ body: (UInt64) -> Bool) {
    guard length >= 1, words.count >= length else { return }
    // base^(length - 1), the weight of the word that leaves.
    var weight: UInt64 = 1
    for _ in 1..<max(length, 1) { weight = weight &* Self.base }
    var hash: UInt64 = 0
    for index in words.indices {
      if index >= length { hash = hash &- words[index - length] &* weight }
      hash = hash &* Self.base &+ words[index]
      if index >= length - 1, !body(hash) { return }
    }
  }

  /// The hash of all words together, as one n-gram; nil where there are none.
  var whole: UInt64? {
    words.isEmpty ? nil : words.reduce(0) { $0 &* Self.base &+ $1 }
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }

  private static func isWordByItself(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isIdeographic || (0x3041...0x30FF).contains(scalar.value)
      || (0x0E01...0x0E5B).contains(scalar.value)
  }

  /// Spreads a hash over all bits (the finaliser of SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ base
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

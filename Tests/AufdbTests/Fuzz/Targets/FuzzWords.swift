// Words that lead parsers astray, and words that lead into them: those of the sound inputs.

enum FuzzWords {
  /// What has a meaning of its own somewhere: numbers at their limits, brackets, marks of YAML, invisible characters.
  static let hostile = [
    "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e400", "-0", "1e-400", "null", "true",
    "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\u{FEFF}", "\u{0}", "\u{1B}[2J", "[[[[[[[[", "{\"a\":", "]", "}", "~~^^",
    "main~99999999999999999999", "\n", ",", ":", "*a", "&a ", "!!binary ", "..", "@{", "\u{202E}", "é\u{301}",
  ]

  /// The names, numbers and other words in some inputs, each once.
  static func words(in inputs: [[UInt8]]) -> [[UInt8]] {
    var words: Set<[UInt8]> = []
    for input in inputs {
      for word in input.split(whereSeparator: { !isOfWord($0) }) where (2...24).contains(word.count) {
        words.insert(Array(word))
      }
    }
    return words.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

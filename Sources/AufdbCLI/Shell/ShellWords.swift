// The words of a shell's own command: blanks are between them, and quotes, single or double, keep blanks inside.

import Aufdb

enum ShellWords {
  /// - Throws: `.usage` for a quote without its end.
  static func split(_ line: some StringProtocol) throws(AufdbError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      switch character {
      case quote: quote = nil
      case "'", "\"":
        if quote == nil {
          quote = character
          word = word ?? ""
        } else {
          word?.append(character)
        }
      case " ", "\t":
        if quote != nil {
          word?.append(character)
        } else if let done = word {
          words.append(done)
          word = nil
        }
      default: word = (word ?? "") + String(character)
      }
    }
    if let quote { throw AufdbError(.usage, "the quote \(quote) isn't closed") }
    return words + (word.map { [$0] } ?? [])
  }
}

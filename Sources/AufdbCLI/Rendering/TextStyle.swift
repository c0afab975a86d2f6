// Colours, where somebody sees them: on a terminal whose owner didn't say NO_COLOR (https://no-color.org).

/// Marks parts of a text by what they mean; or doesn't, where nobody would see it.
struct TextStyle {
  /// What a part means, as the terminal is told (ECMA-48, SGR).
  enum Role: String {
    /// Bold.
    case heading = "1"
    /// What was searched for: bold, and in a colour that the headings don't have.
    case found = "1;36"
    case removed = "31"
    case added = "32"
    case modified = "33"
    /// Struck through, too: a blank that is gone shows that way.
    case deletedWords = "31;9"
    /// Underlined, too: a blank that is new shows that way.
    case insertedWords = "32;4"
    /// Faint: NULL, so that it can't be taken for a text.
    case absent = "2"
  }

  let isColoured: Bool

  static let plain = TextStyle(isColoured: false)

  init(isColoured: Bool) { self.isColoured = isColoured }

  /// That of standard output.
  init(in surroundings: Surroundings) {
    let isRefused = surroundings.environment("NO_COLOR").map { !$0.isEmpty } ?? false
    isColoured = surroundings.terminalColumns != nil && !isRefused && surroundings.environment("TERM") != "dumb"
  }

  /// - Parameter text: without control characters.
  func text(_ text: String, _ role: Role) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}

// Text for roff, in the macros of man(7).

/// Gathers lines. Whatever comes from elsewhere is escaped: no text can be taken for a request.
struct Roff {
  private(set) var text = ""
  /// Whether a heading was just made, after which a paragraph begins by itself.
  private var isBelowHeading = false

  mutating func line(_ line: String) {
    text += line + "\n"
    isBelowHeading = false
  }

  mutating func section(_ title: String) {
    line(".SH \(title)")
    isBelowHeading = true
  }

  mutating func subsection(_ title: String) {
    line(".SS \"\(Self.escaped(title))\"")
    isBelowHeading = true
  }

  private mutating func beginParagraph() {
    if !isBelowHeading { line(".PP") }
  }

  /// Text that is filled: lines of the source end at blanks, where they get too long for other programs.
  mutating func text(_ text: String) {
    var filled = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !filled.isEmpty, filled.count + 1 + word.count > Self.lineWidth {
        fill(filled)
        filled = ""
      }
      filled += (filled.isEmpty ? "" : " ") + word
    }
    if !filled.isEmpty { fill(filled) }
  }

  private mutating func fill(_ text: String) {
    let escaped = Self.escaped(text)
    // A list without blanks may be broken behind its commas; where one ends a word, nothing is to be said.
    let isList = text.count > Self.lineWidth
    line(isList ? escaped.replacing(",", with: ",\\:").replacing(",\\: ", with: ", ") : escaped)
  }

  /// Escapes come on top of it.
  private static let lineWidth = 60

  mutating func paragraph(_ words: String) {
    beginParagraph()
    text(words)
  }

  /// How a command is called.
  mutating func synopsis(bold: String, rest: String) {
    beginParagraph()
    line("\\fB\(Self.escaped(bold))\\fR")
    text(rest)
  }

  /// A term, and its meaning below it.
  mutating func item(bold: String, _ meaning: String) {
    line(".TP")
    line("\\fB\(Self.escaped(bold))\\fR")
    text(meaning)
  }

  /// Lines as they stand.
  mutating func verbatim(_ lines: [String]) {
    beginParagraph()
    line(".RS 4")
    line(".nf")
    for verbatim in lines { line(Self.escaped(verbatim)) }
    line(".fi")
    line(".RE")
  }

  /// A line of text: backslashes and hyphens mean themselves, and a point or a quote at its beginning is no request.
  static func escaped(_ text: some StringProtocol) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "\"": escaped += "\\(dq"
      case "`": escaped += "\\(ga"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      case "\n", "\r\n", "\t": escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
  }
}

// Text for roff, in the macros of man(7).

/// Gathers lines. Whatever comes from elsewhere is escaped: no text can be taken for a request.
struct Roff {
  private(set) var text = ""

  mutating func line(_ line: String) { text += line + "\n" }

  mutating func section(_ title: String) { line(".SH \(title)") }

  mutating func subsection(_ title: String) { line(".SS \"\(Self.escaped(title))\"") }

  /// Text that is filled.
  mutating func text(_ words: String) { line(Self.escaped(words)) }

  mutating func paragraph(_ words: String) {
    line(".PP")
    text(words)
  }

  /// How a command is called.
  mutating func synopsis(bold: String, rest: String) {
    line(".PP")
    line("\\fB\(Self.escaped(bold))\\fR" + (rest.isEmpty ? "" : " " + Self.escaped(rest)))
  }

  /// A term, and its meaning below it.
  mutating func item(bold: String, _ meaning: String) {
    line(".TP")
    line("\\fB\(Self.escaped(bold))\\fR")
    line(Self.escaped(meaning))
  }

  /// Lines as they stand.
  mutating func verbatim(_ lines: [String]) {
    line(".PP")
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

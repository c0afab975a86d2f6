// The manual page: aufdb(1), in the macros of man(7), which groff and mandoc read.
//
// It has the usual sections. Each verb is a part of COMMANDS: how it is called, what it does, its arguments, and its
// help's longer text, in which lines that are indented are shown as they stand.

import Aufdb

enum ManualPage {
  /// The whole page.
  static func text(of root: CommandDescription) -> String {
    var page = Roff()
    page.line(".TH AUFDB 1 \"\(date)\" \"aufdb \(AufdbVersion.current)\" \"User Commands\"")
    // Neither stretched nor hyphenated: options are to be read and copied.
    page.line(".ad l")
    page.line(".nh")
    page.section("NAME")
    page.text("aufdb - \((root.abstract ?? "").prefix(1).lowercased())\((root.abstract ?? "").dropFirst().dropLast())")
    page.section("SYNOPSIS")
    page.synopsis(bold: "aufdb", rest: "VERB STORE [ARGUMENT...]")
    page.synopsis(bold: "aufdb help", rest: "[VERB]")
    page.section("DESCRIPTION")
    for paragraph in description { page.paragraph(paragraph) }
    page.section("COMMANDS")
    for verb in root.verbs { append(verb, after: [root.commandName], to: &page) }
    page.section("EXIT STATUS")
    for (code, meaning) in exitCodes { page.item(bold: code, meaning) }
    page.section("ENVIRONMENT")
    for (name, meaning) in environment { page.item(bold: name, meaning) }
    page.section("FILES")
    for (name, meaning) in files { page.item(bold: name, meaning) }
    page.section("SEE ALSO")
    page.text("sqlite3(1), editrc(5)")
    return page.text
  }

  private static func append(_ verb: CommandDescription, after names: [String], to page: inout Roff) {
    let path = names + [verb.commandName]
    page.subsection(path.joined(separator: " "))
    let own = verb.ownArguments
    page.synopsis(bold: path.joined(separator: " "), rest: own.map(use).joined(separator: " "))
    if let abstract = verb.abstract { page.paragraph(abstract) }
    for argument in own { page.item(bold: head(of: argument), meaning(of: argument)) }
    if let discussion = verb.discussion { append(discussion: discussion, to: &page) }
    for below in verb.verbs { append(below, after: path, to: &page) }
  }

  /// Paragraphs are filled, and lines that are indented stay as they are.
  private static func append(discussion: String, to page: inout Roff) {
    let lines = discussion.split(separator: "\n", omittingEmptySubsequences: false)
    var rest = lines[...]
    while let first = rest.first {
      if first.isEmpty {
        rest.removeFirst()
        continue
      }
      let isIndented = first.hasPrefix("  ")
      let block = rest.prefix { !$0.isEmpty && $0.hasPrefix("  ") == isIndented }
      rest = rest.dropFirst(block.count)
      if isIndented {
        page.verbatim(block.map { String($0.dropFirst(2)) })
      } else {
        for line in block { page.paragraph(String(line)) }
      }
    }
  }

  /// How an argument stands in a synopsis.
  private static func use(_ argument: CommandDescription.Argument) -> String {
    let value = "<\(argument.valueName ?? "value")>"
    let names = argument.names ?? []
    let name = (names.first { $0.kind == .long } ?? names.first).map(spelled) ?? ""
    let text =
      switch argument.kind {
      case .positional: value
      case .option: "\(name) \(value)"
      case .flag: name
      }
    let repeated = argument.isRepeating ? text + "..." : text
    return argument.isOptional ? "[\(repeated)]" : repeated
  }

  private static func head(of argument: CommandDescription.Argument) -> String {
    let names = (argument.names ?? []).map(spelled).sorted { $0.count < $1.count }.joined(separator: ", ")
    let value = "<\(argument.valueName ?? "value")>"
    return switch argument.kind {
    case .positional: value
    case .option: "\(names) \(value)"
    case .flag: names
    }
  }

  private static func spelled(_ name: CommandDescription.Argument.Name) -> String {
    name.kind == .long ? "--\(name.name)" : "-\(name.name)"
  }

  private static func meaning(of argument: CommandDescription.Argument) -> String {
    let values = argument.allValues.map { $0.isEmpty ? "" : " (values: \($0.joined(separator: ", ")))" } ?? ""
    let usual = argument.defaultValue.map { $0.isEmpty ? "" : " (default: \($0))" } ?? ""
    return (argument.abstract ?? "") + values + usual
  }
}

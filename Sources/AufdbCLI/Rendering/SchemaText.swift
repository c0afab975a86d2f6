// The tables that can be queried, explained on a page: each with its columns below each other, and examples. And the
// functions that aufdb adds to SQLite's.

import Aufdb

struct SchemaText {
  let style: TextStyle
  /// How wide a line may be.
  let lineWidth: Int

  /// Without a terminal, lines are as wide as a text that is read.
  private static let usualWidth = 100
  /// What a meaning needs beside its column; with less it stands below.
  private static let leastMeaningWidth = 24

  /// - Parameter columnCount: the terminal's width; nil where there is none.
  init(style: TextStyle, columnCount: Int?) {
    self.style = style
    lineWidth = min(columnCount ?? Self.usualWidth, 120)
  }

  /// All that there is, in groups.
  func overview() -> String {
    let groups: [(title: String, kind: RelationPage.Kind)] = [
      ("Versioned tables, as the revision has them", .versioned),
      ("Derived tables, computed from these", .derived),
      ("History, the same at every revision", .history),
    ]
    let listed = groups.map { title, kind in
      heading(title) + pages(RelationPage.all.filter { $0.kind == kind }.map(SchemaPage.relation))
    }
    let functions = heading("Functions, beside those of SQLite") + pages(FunctionPage.all.map(SchemaPage.function))
    return (listed + [versions, functions]).joined(separator: "\n")
  }

  /// Some pages, one after the other.
  func pages(_ pages: [SchemaPage]) -> String {
    pages.map { page in
      switch page {
      case .relation(let relation): self.page(relation)
      case .function(let function): self.page(function)
      }
    }.joined(separator: "\n")
  }

  private func heading(_ title: String) -> String {
    style.text(title, .heading) + "\n" + String(repeating: "=", count: min(title.count, lineWidth)) + "\n\n"
  }

  private func page(_ page: FunctionPage) -> String {
    let example = page.example.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
    return style.text(page.name, .heading) + "\n" + paragraph(page.signature) + paragraph(page.summary)
      + "\n  > \(example)\n"
  }

  private func page(_ page: RelationPage) -> String {
    let typed = page.columns.map { column in
      (name: column.name, type: column.type.map { column.isOptional ? "\($0) or NULL" : $0 } ?? "", column.meaning)
    }
    let nameWidth = typed.map(\.name.count).max() ?? 0
    let typeWidth = typed.map(\.type.count).max() ?? 0
    var text = style.text(page.name, .heading) + "\n" + paragraph(page.summary)
    if let key = page.key { text += paragraph("Key: \(key)") }
    text += "\n"
    for column in typed {
      let type = typeWidth == 0 ? "" : "  " + padded(column.type, typeWidth)
      text += item("  \(padded(column.name, nameWidth))\(type)  ", column.2)
    }
    text += "\n"
    // An example stays in one line, to be copied.
    for example in page.examples { text += "  > \(example)\n" }
    return text
  }

  /// X_history and X_diff, explained once for all.
  private var versions: String {
    group(
      "Versions of each versioned table X",
      [
        ("X_history", RelationPage.historySummary + " `aufdb schema STORE labels_history` lists the columns."),
        ("X_diff", RelationPage.diffSummary + " `aufdb schema STORE labels_diff` lists the columns."),
      ],
      examples: [
        "SELECT * FROM labels_history WHERE prompt_id = 'p1'",
        "SELECT change, count(*) FROM labels_diff('main~1', 'main') GROUP BY change",
      ])
  }

  /// Names with what they are, below a heading.
  private func group(_ title: String, _ items: [(name: String, text: String)], examples: [String]) -> String {
    let width = items.map(\.name.count).max() ?? 0
    let lines = items.map { item("  \(padded($0.name, width))  ", $0.text) } + ["\n"]
    return heading(title) + (lines + examples.map { "  > \($0)\n" }).joined()
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func paragraph(_ text: String) -> String { item("  ", text) }

  /// A text after some beginning, broken at blanks, every line of it as far in as the first.
  private func item(_ beginning: String, _ text: String) -> String {
    let isBeside = beginning.count < 3 || lineWidth - beginning.count >= Self.leastMeaningWidth
    let indent = isBeside ? beginning.count : 4
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, indent + last.count + 1 + word.count <= lineWidth {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    let margin = String(repeating: " ", count: indent)
    let broken = lines.joined(separator: "\n" + margin)
    return isBeside ? "\(beginning)\(broken)\n" : "\(Self.withoutEnd(beginning))\n\(margin)\(broken)\n"
  }

  private static func withoutEnd(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}

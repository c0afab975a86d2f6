// A diff for people: the changed rows under the name of their table, and of a modified row what changed.
//
//   labels
//     + p3  atlas-70b > ember-3b  (overall)
//     ~ p1  atlas-70b > birch-32b  (overall)  flipped
//         chosen_score  7.0 -> 8.5
//
// On a terminal every line fits its width, and a changed text is shown around its change. Elsewhere nothing is cut, and
// long values stand below each other, line by line:
//
//         response
//           - The moon is
//             round.
//           + The moon is
//             a ball.
//
// Control characters are shown and never sent.

import Aufdb

final class DiffTextRenderer: DiffRenderer {
  private let output: StandardOutput
  /// nil where the output is no terminal.
  private let terminalColumns: Int?
  private let style: TextStyle
  private var relation: Relation?

  private static let valueIndent = "      "
  private static let blockIndent = "        "
  /// Less than this is of no use; a narrower terminal wraps the lines.
  private static let valueWidthLimit = 24

  init(in surroundings: Surroundings) {
    output = surroundings.output
    terminalColumns = surroundings.terminalColumns
    style = TextStyle(in: surroundings)
  }

  func change(_ change: RowChange) throws(StreamError) {
    if change.relation != relation {
      if relation != nil { try output.write("\n") }
      try output.write(style.text(change.relation.name, .heading) + "\n")
      relation = change.relation
    }
    try output.write("  \(headline(of: change))\n")
    guard let old = change.old, let new = change.new else { return }
    let columns = Self.shownColumns(of: change)
    let names = change.relation.columns
    let nameWidth = columns.map { names[$0].utf8.count }.max() ?? 0
    for column in columns {
      let name = names[column] + String(repeating: " ", count: nameWidth - names[column].utf8.count)
      let value = ChangedValue(old[column], new[column])
      if let terminalColumns {
        let width = max(Self.valueWidthLimit, terminalColumns - Self.valueIndent.count - nameWidth - 2)
        try output.write("\(Self.valueIndent)\(name)  \(value.line(width: width, style))\n")
      } else if value.needsBlock {
        try output.write("\(Self.valueIndent)\(names[column])\n")
        for line in value.block { try output.write(line.isEmpty ? "\n" : "\(Self.blockIndent)\(line)\n") }
      } else {
        try output.write("\(Self.valueIndent)\(name)  \(value.line)\n")
      }
    }
  }

  func finish() {}

  private func headline(of change: RowChange) -> String {
    let (mark, role): (String, TextStyle.Role) =
      switch change.kind {
      case .added: ("+", .added)
      case .removed: ("-", .removed)
      case .modified: ("~", .modified)
      }
    let note = change.labelChange == .flipped ? "  flipped" : ""
    var text = VisibleText.of("\(mark) \(change.headline)\(note)")
    if let terminalColumns, DisplayWidth.of(text) > terminalColumns - 2 {
      text = String(
        decoding: VisibleText.shortened(Array(text.utf8), to: max(Self.valueWidthLimit, terminalColumns - 2)).text,
        as: UTF8.self)
    }
    return style.text(text, role)
  }

  /// The changed columns, without those that "flipped" has told already.
  private static func shownColumns(of change: RowChange) -> [Int] {
    guard change.labelChange == .flipped else { return change.changedColumns }
    let told = ["chosen_model", "chosen_sample", "rejected_model", "rejected_sample"]
    return change.changedColumns.filter { !told.contains(change.relation.columns[$0]) }
  }
}

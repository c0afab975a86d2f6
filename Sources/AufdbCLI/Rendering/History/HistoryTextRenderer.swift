// The history of rows for people: each commit, and below it the rows that it did something to.
//
//   35bb16de593c  2026-01-01T00:00:00.000Z  ada  Annotate 64 pairs by overall
//     ~ p1  atlas-70b vs birch-32b  (overall)
//         tie: 0 -> 1
//
// A value stands on one line, whatever it holds; on a terminal it is shortened to fit.

import Aufdb

final class HistoryTextRenderer: HistoryRenderer {
  private let output: StandardOutput
  /// nil where the output is no terminal.
  private let terminalColumns: Int?
  private var commit: CommitID?

  private static let valueIndent = "      "
  /// Less than this is of no use; a narrower terminal wraps the lines.
  private static let valueWidthLimit = 12

  init(in surroundings: Surroundings) {
    output = surroundings.output
    terminalColumns = surroundings.terminalColumns
  }

  func event(_ event: RowEvent) throws {
    if event.commit.id != commit {
      try output.write((commit == nil ? "" : "\n") + Self.headline(event.commit) + "\n")
      commit = event.commit.id
    }
    let change = event.change
    let mark =
      switch change.kind {
      case .added: "+"
      case .removed: "-"
      case .modified: "~"
      }
    try output.write("  \(mark) \(VisibleText.of(change.keyText))\n")
    switch change.kind {
    case .removed: break
    case .added: try write(change.new ?? [], of: change)
    case .modified:
      if change.changedColumns.isEmpty { try output.write("\(Self.valueIndent)(both sides had made the same of it)\n") }
      for column in change.changedColumns { try write(column, of: change) }
    }
  }

  func finish() {}

  private static func headline(_ commit: Commit) -> String {
    let subject = commit.message.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
    return "\(commit.id.short)  \(commit.time)  \(VisibleText.of(commit.author))  \(VisibleText.of(String(subject)))"
  }

  /// The values that the key doesn't tell.
  private func write(_ row: [SQLValue], of change: RowChange) throws {
    for (name, value) in zip(change.relation.columns, row) where value != .null {
      guard !change.relation.keyColumns.contains(name) else { continue }
      let width = width(besides: "\(name): ")
      try output.write("\(Self.valueIndent)\(name): \(Self.visible(value, width))\n")
    }
  }

  private func write(_ column: Int, of change: RowChange) throws {
    let name = change.relation.columns[column]
    let width = width(besides: "\(name):  -> ").map { max(Self.valueWidthLimit, $0 / 2) }
    let (old, new) = (change.old?[column] ?? .null, change.new?[column] ?? .null)
    try output.write(
      "\(Self.valueIndent)\(name): \(Self.visible(old, width)) -> \(Self.visible(new, width))\n")
  }

  /// How wide a value may be; nil for no limit.
  private func width(besides text: String) -> Int? {
    terminalColumns.map { max(Self.valueWidthLimit, $0 - Self.valueIndent.count - text.count) }
  }

  private static func visible(_ value: SQLValue, _ width: Int?) -> String {
    let cell = value.withQueryValue { TableCell($0, widthLimit: width ?? .max) }
    let shown = width.map { cell.width > $0 ? cell.shortened(to: $0) : cell } ?? cell
    return String(decoding: shown.text, as: UTF8.self)
  }
}

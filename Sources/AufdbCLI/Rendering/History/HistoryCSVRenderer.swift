// The history of rows as CSV: a line for each column that a commit changed; of a row that came or went, for each that
// isn't NULL. Values look as `query --format csv` writes them.

import Aufdb

final class HistoryCSVRenderer: HistoryRenderer {
  private let renderer: DelimitedRenderer
  private var hasHeader = false

  init(in surroundings: Surroundings) { renderer = CSV.renderer(in: surroundings) }

  func event(_ event: RowEvent) throws {
    try writeHeader()
    let (commit, change) = (event.commit, event.change)
    let beginning = [
      commit.id.description, commit.time, commit.author, change.relation.name, change.kind.rawValue, change.keyText,
    ].map { SQLValue.text($0) }
    for column in change.changedColumns {
      let (old, new) = (change.old?[column] ?? .null, change.new?[column] ?? .null)
      guard change.kind == .modified || old != .null || new != .null else { continue }
      try write(beginning + [.text(change.relation.columns[column]), old, new])
    }
    // A merge that kept one of two equal versions changed no column, and did something all the same.
    if change.changedColumns.isEmpty { try write(beginning + [.null, .null, .null]) }
  }

  func finish() throws { try writeHeader() }

  private func writeHeader() throws {
    guard !hasHeader else { return }
    hasHeader = true
    try renderer.header(["commit", "time", "author", "table", "change", "key", "column", "old", "new"])
  }

  private func write(_ values: [SQLValue]) throws {
    for value in values {
      try value.withQueryValue { value throws(StreamError) in try renderer.value(value) }
    }
    try renderer.endRow()
  }
}

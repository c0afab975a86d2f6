// The formats in which rows are written, and writing rows in one of them.

import Aufdb

/// A format for rows. The first is the default.
enum OutputFormat: String, CaseIterable {
  case table, csv, tsv, json, jsonl, markdown

  /// What writes this format to the surroundings' output.
  func renderer(in surroundings: Surroundings) -> any RowRenderer {
    let output = surroundings.output
    return switch self {
    case .table: TableRenderer(output, terminalColumns: surroundings.terminalColumns)
    case .csv: CSV.renderer(output)
    case .tsv: TSV.renderer(output)
    case .json: JSONRenderer(output)
    case .jsonl: JSONLinesRenderer(output)
    case .markdown: MarkdownRenderer(output)
    }
  }

  /// Writes what a query gives.
  func write(_ rows: borrowing QueryRows, in surroundings: Surroundings) throws {
    let renderer = renderer(in: surroundings)
    let columnCount = rows.columns.count
    try renderer.header(rows.columns)
    while try rows.next() {
      for column in 0..<columnCount { try renderer.value(rows.value(column)) }
      try renderer.endRow()
    }
    try renderer.finish()
  }

  /// Writes rows that a verb has made itself, each with one value a column.
  func write(_ columns: [String], _ rows: some Sequence<[SQLValue]>, in surroundings: Surroundings) throws {
    let renderer = renderer(in: surroundings)
    try renderer.header(columns)
    for row in rows {
      for value in row { try value.withQueryValue(renderer.value) }
      try renderer.endRow()
    }
    try renderer.finish()
  }
}

// The formats in which rows are written, and writing rows in one of them.
//
//             NULL   empty text  blob                      a text's controls
//   table     NULL   nothing     x'00ff' (2 bytes)         \n \r \t \x1b \u{9b}; long texts are cut on a terminal
//   vertical  NULL   nothing     x'00ff' (2 bytes)         the same, but line ends are line ends
//   markdown  NULL   nothing     x'00ff' (2 bytes)         the same, but a line end is <br>
//   csv       nothing  ""        x'00ff'                   as they are
//   tsv       \N     nothing     x'00ff'                   \t \n \r and the backslash are escaped, others as they are
//   json(l)   null   ""          {"$blob":"00ff"}          JSON's escapes
//
// On a terminal NULL is faint where it is a word, and CSV, TSV and JSON show controls that would act on it as escapes;
// written elsewhere they are exact. A table that is too wide for the terminal has one field a line. The formats for people
// show long blobs and vectors by their beginnings.

import Aufdb

/// A format for rows. The first is the default.
enum OutputFormat: String, CaseIterable {
  case table, vertical, csv, tsv, json, jsonl, markdown

  /// Whether people read it rather than programs.
  var isForPeople: Bool {
    switch self {
    case .table, .vertical, .markdown: true
    case .csv, .tsv, .json, .jsonl: false
    }
  }

  /// What writes this format to the surroundings' output.
  func renderer(in surroundings: Surroundings) -> any RowRenderer {
    switch self {
    case .table: TableRenderer(in: surroundings)
    case .vertical: VerticalRenderer(in: surroundings)
    case .csv: CSV.renderer(in: surroundings)
    case .tsv: TSV.renderer(in: surroundings)
    case .json: JSONRenderer(in: surroundings)
    case .jsonl: JSONLinesRenderer(in: surroundings)
    case .markdown: MarkdownRenderer(surroundings.output)
    }
  }

  /// Writes what a query gives.
  func write(_ rows: borrowing QueryRows, in surroundings: Surroundings) throws {
    let renderer = renderer(in: surroundings)
    let columnCount = rows.columns.count
    try renderer.header(rows.columns)
    surroundings.output.writeHeld = (renderer as? TableRenderer)?.writeEarly
    defer { surroundings.output.writeHeld = nil }
    do {
      while try rows.next() {
        for column in 0..<columnCount { try renderer.value(rows.value(column)) }
        try renderer.endRow()
      }
    } catch {
      // Rows that couldn't be handed on are why the query was interrupted.
      throw surroundings.output.failure ?? error
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

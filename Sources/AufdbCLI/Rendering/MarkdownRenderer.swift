// A Markdown table, as GitHub and most other renderers know it.
//
// A pipe is \| and a line end <br>; other control characters are made visible. NULL is NULL, and blobs and vectors are
// shown as in a table: their beginnings and lengths.

import Aufdb

final class MarkdownRenderer: RowRenderer {
  private let output: StandardOutput
  private var row: CellRow

  init(_ output: StandardOutput) {
    self.output = output
    row = CellRow([], .markdown)
  }

  func header(_ names: [String]) throws(StreamError) {
    row = CellRow(names, .markdown)
    for name in names { SQLValue.text(name).withQueryValue { row.append($0) } }
    try endRow()
    for _ in names { try output.write("| --- ") }
    try output.write("|\n")
  }

  func value(_ value: QueryValue) { row.append(value) }

  func endRow() throws(StreamError) {
    for cell in row.take() {
      try output.write("| ")
      try output.write(cell.text)
      try output.write(UInt8(ascii: " "))
    }
    try output.write("|\n")
  }

  func finish() {}
}

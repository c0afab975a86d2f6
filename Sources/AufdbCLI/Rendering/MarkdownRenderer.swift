// A Markdown table, as GitHub and most other renderers know it.
//
// A pipe is \| and a line end <br>; other control characters are made visible. A blob is x'00ff', as SQL writes it.

import Aufdb

final class MarkdownRenderer: RowRenderer {
  private let output: StandardOutput
  private var cell: [UInt8] = []

  init(_ output: StandardOutput) { self.output = output }

  func header(_ names: [String]) throws(StreamError) {
    for name in names {
      try SQLValue.text(name).withQueryValue { name throws(StreamError) in try value(name) }
    }
    try endRow()
    for _ in names { try output.write("| --- ") }
    try endRow()
  }

  func value(_ value: QueryValue) throws(StreamError) {
    try output.write("| ")
    switch value {
    case .null: try output.write("NULL")
    case .integer(let integer): try output.write(integer)
    case .real(let real): try output.write(real)
    case .text(let bytes):
      cell.removeAll(keepingCapacity: true)
      _ = VisibleText.markdown.append(bytes, to: &cell)
      try output.write(cell)
    case .blob(let bytes): try output.write(hex: bytes)
    }
    try output.write(UInt8(ascii: " "))
  }

  func endRow() throws(StreamError) { try output.write("|\n") }

  func finish() {}
}

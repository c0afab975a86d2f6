// Lines of values with a separator between them: what CSV and TSV have in common.

import Aufdb

/// A header line, then a line a row. How a text is written, and what stands for NULL, is the format's.
final class DelimitedRenderer: RowRenderer {
  private let output: StandardOutput
  private let separator: UInt8
  private let null: String
  private let writeText: (UnsafeRawBufferPointer, StandardOutput) throws(StreamError) -> Void
  private var isFirst = true

  init(
    _ output: StandardOutput, separator: UInt8, null: String,
    writeText: @escaping (UnsafeRawBufferPointer, StandardOutput) throws(StreamError) -> Void
  ) {
    self.output = output
    self.separator = separator
    self.null = null
    self.writeText = writeText
  }

  func header(_ names: [String]) throws(StreamError) {
    for name in names { try SQLValue.text(name).withQueryValue(value) }
    try endRow()
  }

  func value(_ value: QueryValue) throws(StreamError) {
    if !isFirst { try output.write(separator) }
    isFirst = false
    switch value {
    case .null: try output.write(null)
    case .integer(let integer): try output.write(integer)
    case .real(let real): try output.write(real)
    case .text(let bytes): try writeText(bytes, output)
    case .blob(let bytes): try output.write(hex: bytes)
    }
  }

  func endRow() throws(StreamError) {
    try output.write(UInt8(ascii: "\n"))
    isFirst = true
  }

  func finish() {}
}

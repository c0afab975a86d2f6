// Tab-separated values: a header line, then a line a row, with no quotes anywhere.
//
// A tab, a line end, a carriage return and a backslash are written \t \n \r \\, and NULL is \N, as PostgreSQL and MySQL
// do. A blob is x'00ff', as SQL writes it.

import Aufdb

final class TSVRenderer: RowRenderer {
  private let output: StandardOutput
  private var isFirst = true

  init(_ output: StandardOutput) { self.output = output }

  func header(_ names: [String]) throws(StreamError) {
    for name in names {
      try separate()
      try name.utf8.span.bytes.withUnsafeBytes { bytes throws(StreamError) in try text(bytes) }
    }
    try endRow()
  }

  func value(_ value: QueryValue) throws(StreamError) {
    try separate()
    switch value {
    case .null: try output.write("\\N")
    case .integer(let integer): try output.write(integer)
    case .real(let real): try output.write(real)
    case .text(let bytes): try text(bytes)
    case .blob(let bytes): try output.write(hex: bytes)
    }
  }

  func endRow() throws(StreamError) {
    try output.write(UInt8(ascii: "\n"))
    isFirst = true
  }

  func finish() {}

  private func separate() throws(StreamError) {
    if !isFirst { try output.write(UInt8(ascii: "\t")) }
    isFirst = false
  }

  private func text(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    var plainStart = 0
    for index in bytes.indices {
      guard let letter = Self.letter(of: bytes[index]) else { continue }
      try output.write(UnsafeRawBufferPointer(rebasing: bytes[plainStart..<index]))
      try output.write(UInt8(ascii: "\\"))
      try output.write(letter)
      plainStart = index + 1
    }
    try output.write(UnsafeRawBufferPointer(rebasing: bytes[plainStart...]))
  }

  /// The letter that stands for a byte after a backslash; nil for a byte that stands for itself.
  @inline(__always)
  private static func letter(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case UInt8(ascii: "\\"): byte
    default: nil
    }
  }
}

// Tab-separated values: a header line, then a line a row, with no quotes anywhere.
//
// A tab, a line end, a carriage return and a backslash are written \t \n \r \\, and NULL is \N, as PostgreSQL and MySQL
// do. A blob is x'00ff', as SQL writes it.

import Aufdb

enum TSV {
  static func renderer(_ output: StandardOutput) -> DelimitedRenderer {
    DelimitedRenderer(output, separator: UInt8(ascii: "\t"), null: "\\N", writeText: write)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to output: StandardOutput) throws(StreamError) {
    var plainStart = 0
    for index in bytes.indices {
      guard let letter = letter(of: bytes[index]) else { continue }
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

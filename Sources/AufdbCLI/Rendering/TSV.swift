// Tab-separated values: a header line, then a line a row, with no quotes anywhere.
//
// A tab, a line end, a carriage return and a backslash are written \t \n \r \\, and NULL is \N, as PostgreSQL and MySQL
// do. A blob is x'00ff', as SQL writes it. On a terminal the other control characters are made visible, too.

import Aufdb

enum TSV {
  static func renderer(in surroundings: Surroundings) -> DelimitedRenderer {
    let writeText: (UnsafeRawBufferPointer, StandardOutput) throws(StreamError) -> Void =
      if surroundings.terminalColumns == nil { write } else { writeVisible }
    return DelimitedRenderer(
      surroundings.output, separator: UInt8(ascii: "\t"), null: "\\N", writeText: writeText)
  }

  private static let special = ByteSearch("\t", "\n", "\r", "\\")

  private static func write(_ bytes: UnsafeRawBufferPointer, to output: StandardOutput) throws(StreamError) {
    var plainStart = 0
    while let index = special.firstIndex(in: bytes, from: plainStart) {
      try output.write(UnsafeRawBufferPointer(rebasing: bytes[plainStart..<index]))
      try output.write(UInt8(ascii: "\\"))
      try output.write(letter(of: bytes[index]))
      plainStart = index + 1
    }
    try output.write(UnsafeRawBufferPointer(rebasing: bytes[plainStart...]))
  }

  private static func writeVisible(_ bytes: UnsafeRawBufferPointer, to output: StandardOutput) throws(StreamError) {
    var visible: [UInt8] = []
    _ = VisibleText.tsv.append(bytes, to: &visible)
    try output.write(visible)
  }

  /// The letter that stands for a special byte after a backslash.
  private static func letter(of byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    default: byte
    }
  }
}

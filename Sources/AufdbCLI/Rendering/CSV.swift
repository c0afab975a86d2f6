// Comma-separated values (RFC 4180, but with \n at the end of a line): a header line, then a line a row.
//
// NULL is nothing and the empty string is "", so that they differ. A blob is x'00ff', as SQL writes it, and a text
// that begins like one stands in quotes. Texts are written as they are stored, whatever bytes they hold; but on a
// terminal control characters other than line ends are made visible.

import Aufdb
import Glibc

enum CSV {
  static func renderer(in surroundings: Surroundings) -> DelimitedRenderer {
    let writeText: (UnsafeRawBufferPointer, StandardOutput) throws(StreamError) -> Void =
      if surroundings.terminalColumns == nil { write } else { writeVisible }
    return DelimitedRenderer(
      surroundings.output, separator: UInt8(ascii: ","), null: "", writeText: writeText)
  }

  private static let special = ByteSearch("\"", ",", "\n", "\r")

  private static func write(_ bytes: UnsafeRawBufferPointer, to output: StandardOutput) throws(StreamError) {
    guard needsQuotes(bytes) else { return try output.write(bytes) }
    try output.write(UInt8(ascii: "\""))
    var rest = bytes
    while let start = rest.baseAddress, let quote = memchr(start, Int32(UInt8(ascii: "\"")), rest.count) {
      // With the quote itself, which is then written once more.
      let count = UnsafeRawPointer(quote) - start + 1
      try output.write(UnsafeRawBufferPointer(rebasing: rest[..<count]))
      try output.write(UInt8(ascii: "\""))
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    try output.write(rest)
    try output.write(UInt8(ascii: "\""))
  }

  private static func writeVisible(_ bytes: UnsafeRawBufferPointer, to output: StandardOutput) throws(StreamError) {
    var visible: [UInt8] = []
    _ = VisibleText.csv.append(bytes, to: &visible)
    try visible.span.bytes.withUnsafeBytes { bytes throws(StreamError) in try write(bytes, to: output) }
  }

  private static func needsQuotes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.isEmpty || (bytes.count > 1 && bytes[0] == UInt8(ascii: "x") && bytes[1] == UInt8(ascii: "'"))
      || special.firstIndex(in: bytes) != nil
  }
}

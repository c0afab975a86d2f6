// Comma-separated values (RFC 4180, but with \n at the end of a line): a header line, then a line a row.
//
// NULL is nothing and the empty string is "", so that they differ. A blob is x'00ff', as SQL writes it, and a text
// that begins like one stands in quotes. Texts are written as they are stored, whatever bytes they hold.

import Aufdb
import Glibc

enum CSV {
  static func renderer(_ output: StandardOutput) -> DelimitedRenderer {
    DelimitedRenderer(output, separator: UInt8(ascii: ","), null: "", writeText: write)
  }

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

  private static func needsQuotes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if bytes.isEmpty || (bytes.count > 1 && bytes[0] == UInt8(ascii: "x") && bytes[1] == UInt8(ascii: "'")) {
      return true
    }
    // Without a way out of the loop, so that the compiler makes it look at many bytes at once.
    var special: UInt8 = 0
    for byte in bytes {
      special |= byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") ? 1 : 0
      special |= byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") ? 1 : 0
    }
    return special != 0
  }
}

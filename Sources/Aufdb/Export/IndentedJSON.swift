// Compact JSON set out over lines, for files that people read.

/// Lays out JSON with one value a line and two spaces a level.
enum IndentedJSON {
  /// The same JSON, indented and with a line feed at its end.
  ///
  /// - Parameter compact: valid JSON without white space outside strings, as `JSONWriter` writes it.
  static func text(of compact: String) -> String {
    var output: [UInt8] = []
    var depth = 0
    var isInString = false
    var isEscaped = false
    func beginLine() {
      output.append(UInt8(ascii: "\n"))
      output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }
    let bytes = Array(compact.utf8)
    for (index, byte) in bytes.enumerated() {
      if isInString {
        output.append(byte)
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        output.append(byte)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        output.append(byte)
        depth += 1
        // An empty container stays on its line: the closing bracket is two bytes on in ASCII.
        if index + 1 < bytes.count, bytes[index + 1] != byte + 2 { beginLine() }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if index > 0, bytes[index - 1] != byte - 2 { beginLine() }
        output.append(byte)
      case UInt8(ascii: ","):
        output.append(byte)
        beginLine()
      case UInt8(ascii: ":"): output.append(contentsOf: ": ".utf8)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\n"))
    return String(decoding: output, as: UTF8.self)
  }
}

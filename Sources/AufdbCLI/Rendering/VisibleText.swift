// Text that is safe to show: nothing in it can move the cursor, change colours, reorder the line or end it.
//
// Control characters become escapes that one can read: \n \r \t, \x1b for the others of ASCII, \u{202e} for those
// beyond (the C1 controls, line separators, and what switches the direction of writing), and \xff for a byte that is
// not UTF-8. Letters of any script and direction stay as they are.

/// Makes bytes that may be anything visible, in one of two dialects.
struct VisibleText {
  /// For terminals.
  static let plain = VisibleText([:])
  /// For a cell of a Markdown table, which ends at a pipe and can't hold a line end.
  static let markdown = VisibleText([UInt8(ascii: "\n"): "<br>", UInt8(ascii: "|"): "\\|"])

  /// What each byte of ASCII becomes; empty for those that stay.
  private let replacements: [[UInt8]]

  private init(_ special: [UInt8: String]) {
    replacements = (0..<128).map { (byte: UInt8) -> [UInt8] in
      if let replacement = special[byte] { return Array(replacement.utf8) }
      switch byte {
      case 0x09: return Array("\\t".utf8)
      case 0x0A: return Array("\\n".utf8)
      case 0x0D: return Array("\\r".utf8)
      case 0x00...0x1F, 0x7F: return Self.escape(byte)
      default: return []
      }
    }
  }

  /// A text of one's own, such as a message, in the plain dialect.
  static func of(_ text: String) -> String {
    var text = text
    var visible: [UInt8] = []
    text.withUTF8 { _ = plain.append(UnsafeRawBufferPointer($0), to: &visible) }
    return String(decoding: visible, as: UTF8.self)
  }

  /// Appends the visible form of `bytes`, which is valid UTF-8, and gives its width in columns.
  ///
  /// - Parameter limit: goes no further once the width is beyond it.
  func append(_ bytes: UnsafeRawBufferPointer, to visible: inout [UInt8], limit: Int = .max) -> Int {
    var width = 0
    var index = 0
    while index < bytes.count, width <= limit {
      let byte = bytes[index]
      if byte < 0x80 {
        let replacement = replacements[Int(byte)]
        if replacement.isEmpty {
          visible.append(byte)
          width += 1
        } else {
          visible += replacement
          width += replacement.count
        }
        index += 1
      } else {
        index += appendBeyondASCII(UnsafeRawBufferPointer(rebasing: bytes[index...]), to: &visible, &width)
      }
    }
    return width
  }

  /// Appends the first character of `bytes`; gives how many bytes it was made of.
  private func appendBeyondASCII(
    _ bytes: UnsafeRawBufferPointer, to visible: inout [UInt8], _ width: inout Int
  ) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    switch parser.parseScalar(from: &iterator) {
    case .valid(let encoded):
      let scalar = Unicode.UTF8.decode(encoded)
      if Self.isControl(scalar) {
        let escape = Array("\\u{\(String(scalar.value, radix: 16))}".utf8)
        visible += escape
        width += escape.count
      } else {
        visible += encoded
        width += DisplayWidth.of(scalar)
      }
      return encoded.count
    case .error(let length):
      for byte in bytes.prefix(length) { visible += Self.escape(byte) }
      width += 4 * length
      return length
    case .emptyInput:
      return bytes.count
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    Array("\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
  }

  /// The longest beginning of a visible text that leaves room for the ellipsis in `width` columns, and the ellipsis.
  ///
  /// - Returns: the text, and its width: `width`, or one less before a wide character.
  static func shortened(_ visible: [UInt8], to width: Int) -> (text: [UInt8], width: Int) {
    var text: [UInt8] = []
    var used = 0
    for scalar in String(decoding: visible, as: UTF8.self).unicodeScalars {
      let next = DisplayWidth.of(scalar)
      if used + next > width - 1 { break }
      used += next
      text += Array(String(scalar).utf8)
    }
    return (text + Array("…".utf8), used + 1)
  }
}

// Text that is safe to show: nothing in it can move the cursor, change colours, reorder the line or end it.
//
// Control characters become escapes that one can read: \n \r \t, \x1b for the others of ASCII, \u{202e} for those
// beyond (the C1 controls, line separators, and what switches the direction of writing), and \xff for a byte that is
// not UTF-8. Letters of any script and direction stay as they are.

/// Makes bytes that may be anything visible, in one of several dialects.
struct VisibleText {
  /// For terminals.
  static let plain = VisibleText()
  /// For a cell of a Markdown table, which ends at a pipe and can't hold a line end.
  static let markdown = VisibleText([UInt8(ascii: "\n"): "<br>", UInt8(ascii: "|"): "\\|"])
  /// For a field of CSV, in which line ends are what they are.
  static let csv = VisibleText([UInt8(ascii: "\n"): "\n"])
  /// For a field of TSV, which has escapes of its own.
  static let tsv = VisibleText([UInt8(ascii: "\\"): "\\\\"])
  /// For lines of JSON, whose strings have no controls of ASCII left: the others become escapes that mean the same.
  static let json = VisibleText([UInt8(ascii: "\n"): "\n"], isJSON: true)

  /// What each byte of ASCII becomes; empty for those that stay.
  private let replacements: [[UInt8]]
  private let staysSame: [Bool]
  private let isJSON: Bool

  private init(_ special: [UInt8: String] = [:], isJSON: Bool = false) {
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
    staysSame = replacements.map(\.isEmpty)
    self.isJSON = isJSON
  }

  /// A text of one's own, such as a message, in the plain dialect.
  static func of(_ text: String) -> String { plain.visible(text) }

  /// The same of several lines, whose ends stay.
  static func ofLines(_ text: String) -> String { csv.visible(text) }

  private func visible(_ text: String) -> String {
    var text = text
    var visible: [UInt8] = []
    text.withUTF8 { _ = append(UnsafeRawBufferPointer($0), to: &visible) }
    return String(decoding: visible, as: UTF8.self)
  }

  /// Appends the visible form of `bytes` and gives its width in columns.
  ///
  /// - Parameter limit: goes no further once the width is beyond it.
  func append(_ bytes: UnsafeRawBufferPointer, to visible: inout [UInt8], limit: Int = .max) -> Int {
    var meter = DisplayWidth.Meter()
    var width = 0
    var index = 0
    while index < bytes.count, width <= limit {
      // All but the last byte of ASCII that stays, at once: what follows may belong to that one.
      let runLimit = limit - width < bytes.count - index ? index + limit - width + 1 : bytes.count
      var end = index
      while end < runLimit, bytes[end] < 0x80, staysSame[Int(bytes[end])] { end += 1 }
      if end - index > 1 {
        visible += bytes[index..<(end - 1)]
        width += end - 1 - index
        index = end - 1
      }
      let piece = append(bytes, at: index, to: &visible, &meter)
      width += piece.width
      index += piece.byteCount
    }
    return width
  }

  /// One code point, or one byte that belongs to none, in its visible form.
  struct Piece {
    /// How many bytes it was made of.
    var byteCount: Int
    /// The columns that it adds to what stands before it.
    var width: Int
    /// Whether what people see as a character begins with it.
    var isFirst: Bool
  }

  /// Appends the visible form of what stands at `index`.
  ///
  /// - Parameter meter: has measured what was appended before.
  func append(
    _ bytes: UnsafeRawBufferPointer, at index: Int, to visible: inout [UInt8], _ meter: inout DisplayWidth.Meter
  ) -> Piece {
    let byte = bytes[index]
    guard byte < 0x80 else { return appendBeyondASCII(bytes, at: index, to: &visible, &meter) }
    let replacement = replacements[Int(byte)]
    guard replacement.isEmpty else { return escape(1, as: replacement, &visible, &meter) }
    visible.append(byte)
    return Piece(byteCount: 1, width: meter.add(Unicode.Scalar(byte)).columns, isFirst: true)
  }

  private func appendBeyondASCII(
    _ bytes: UnsafeRawBufferPointer, at index: Int, to visible: inout [UInt8], _ meter: inout DisplayWidth.Meter
  ) -> Piece {
    var parser = Unicode.UTF8.ForwardParser()
    // No code point is longer.
    let encodedBytes = UnsafeRawBufferPointer(rebasing: bytes[index..<min(bytes.count, index + 4)])
    var iterator = encodedBytes.makeIterator()
    switch parser.parseScalar(from: &iterator) {
    case .valid(let encoded):
      let scalar = Unicode.UTF8.decode(encoded)
      guard !Self.isControl(scalar) else {
        return escape(encoded.count, as: Array(escape(scalar).utf8), &visible, &meter)
      }
      visible += encoded
      let (columns, isFirst) = meter.add(scalar)
      return Piece(byteCount: encoded.count, width: columns, isFirst: isFirst)
    case .error(let length):
      return escape(length, as: encodedBytes.prefix(length).flatMap(Self.escape), &visible, &meter)
    case .emptyInput:
      return Piece(byteCount: bytes.count - index, width: 0, isFirst: false)
    }
  }

  private func escape(
    _ byteCount: Int, as escape: [UInt8], _ visible: inout [UInt8], _ meter: inout DisplayWidth.Meter
  ) -> Piece {
    visible += escape
    meter = DisplayWidth.Meter()
    return Piece(byteCount: byteCount, width: escape.count, isFirst: true)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    default: false
    }
  }

  private func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return isJSON ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : "\\u{\(digits)}"
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
    var meter = DisplayWidth.Meter()
    for scalar in String(decoding: visible, as: UTF8.self).unicodeScalars {
      let next = meter.add(scalar).columns
      if used + next > width - 1 { break }
      used += next
      text += Array(String(scalar).utf8)
    }
    return (text + Array("…".utf8), used + 1)
  }
}

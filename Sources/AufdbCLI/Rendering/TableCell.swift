// A value as a table shows it.

import Aufdb

/// Text without control characters, and how wide it is.
struct TableCell {
  enum Kind {
    case null, number, text
  }

  let text: [UInt8]
  let width: Int
  let kind: Kind

  /// - Parameter widthLimit: nothing beyond this width will be shown, so a text that is wider may be cut anywhere
  ///   beyond it.
  init(_ value: QueryValue, widthLimit: Int) {
    switch value {
    case .null: self.init("NULL", .null)
    case .integer(let integer): self.init(String(integer), .number)
    case .real(let real): self.init(real.description, .number)
    case .text(let bytes):
      var text: [UInt8] = []
      let width = VisibleText.plain.append(bytes, to: &text, limit: widthLimit)
      self.init(text: text, width: width, kind: .text)
    case .blob(let bytes): self.init(Self.describe(bytes), .text)
    }
  }

  /// A part of the rule under the header.
  init(dashes count: Int) { self.init(String(repeating: "-", count: count), .text) }

  private init(_ visible: String, _ kind: Kind) {
    self.init(text: Array(visible.utf8), width: DisplayWidth.of(visible), kind: kind)
  }

  private init(text: [UInt8], width: Int, kind: Kind) {
    self.text = text
    self.width = width
    self.kind = kind
  }

  func shortened(to width: Int) -> TableCell {
    let (text, width) = VisibleText.shortened(text, to: width)
    return TableCell(text: text, width: width, kind: kind)
  }

  /// x'00ff', or the beginning of it with the length for what is longer than anybody reads.
  private static func describe(_ bytes: UnsafeRawBufferPointer) -> String {
    let shown = bytes.prefix(bytes.count > 16 ? 8 : 16)
    let digits = shown.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return bytes.count > 16 ? "x'\(digits)…' (\(bytes.count) bytes)" : "x'\(digits)'"
  }
}

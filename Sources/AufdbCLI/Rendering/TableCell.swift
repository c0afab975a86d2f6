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
  init(_ value: QueryValue, _ dialect: VisibleText = .plain, widthLimit: Int = .max) {
    switch value {
    case .null: self.init("NULL", .null)
    case .integer(let integer): self.init(String(integer), .number)
    case .real(let real): self.init(real.description, .number)
    case .text(let bytes):
      var text: [UInt8] = []
      let width = dialect.append(bytes, to: &text, limit: widthLimit)
      self.init(text: text, width: width, kind: .text)
    case .blob(let bytes): self.init(BlobExcerpt(bytes).text(of: nil), .text)
    }
  }

  /// A text of one's own.
  init(_ visible: String, _ kind: Kind) {
    self.init(text: Array(visible.utf8), width: DisplayWidth.of(visible), kind: kind)
  }

  private init(text: [UInt8], width: Int, kind: Kind) {
    self.text = text
    self.width = width
    self.kind = kind
  }

  /// Of a number, the columns from its point, or its exponent, to its end.
  var fractionWidth: Int {
    text.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }.map { text.count - $0 } ?? 0
  }

  func shortened(to width: Int) -> TableCell {
    let (text, width) = VisibleText.shortened(text, to: width)
    return TableCell(text: text, width: width, kind: kind)
  }
}

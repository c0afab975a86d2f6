// A column's value before and after: whole for a pipe, in one line for a terminal.

import Aufdb

struct ChangedValue {
  private let old: SQLValue
  private let new: SQLValue

  private static let arrow = " -> "
  private static let lineWidthLimit = 80

  init(_ old: SQLValue, _ new: SQLValue) {
    self.old = old
    self.new = new
  }

  /// Whether the two should stand below each other: one of them has several lines, or both together are too long to be
  /// compared at a glance.
  var needsBlock: Bool {
    [old, new].contains { Self.text($0).utf8.contains(0x0A) } || !fits(in: Self.lineWidthLimit)
  }

  /// `old -> new`, whole.
  var line: String { VisibleText.of(Self.text(old)) + Self.arrow + VisibleText.of(Self.text(new)) }

  /// The lines of the old value after a `-`, and those of the new one after a `+`, whole.
  var block: [String] { Self.lines(old, "- ") + Self.lines(new, "+ ") }

  /// What changed, in at most `width` columns, which are 24 or more: `old -> new` where that says it, and for texts of
  /// several words or of some length the words around the change.
  func line(width: Int, _ style: TextStyle) -> String {
    if case .text(let oldText) = old, case .text(let newText) = new,
      !fits(in: width) || [oldText, newText].contains(where: { $0.contains(where: \.isWhitespace) })
    {
      return ChangeExcerpt(WordDiff(old: oldText, new: newText), style).line(width: width)
    }
    let shown = Self.shortened(Self.visible(old, width), Self.visible(new, width), to: width)
    return style.text(shown.old, .removed) + Self.arrow + style.text(shown.new, .added)
  }

  /// Whether `line` has at most `width` columns.
  private func fits(in width: Int) -> Bool {
    Self.visible(old, width).width + Self.arrow.utf8.count + Self.visible(new, width).width <= width
  }

  /// Both parts with the arrow between them in `width` columns: a short one leaves its room to the other.
  private static func shortened(
    _ old: (text: [UInt8], width: Int), _ new: (text: [UInt8], width: Int), to width: Int
  ) -> (old: String, new: String) {
    let room = width - arrow.utf8.count
    let half = room / 2
    let oldRoom = new.width <= half ? room - new.width : half
    let newRoom = old.width <= half ? room - old.width : room - half
    func cut(_ part: (text: [UInt8], width: Int), _ room: Int) -> String {
      String(decoding: part.width > room ? VisibleText.shortened(part.text, to: room).text : part.text, as: UTF8.self)
    }
    return (cut(old, oldRoom), cut(new, newRoom))
  }

  /// The beginning of a value as it can be shown, a little beyond `limit` columns.
  private static func visible(_ value: SQLValue, _ limit: Int) -> (text: [UInt8], width: Int) {
    var text = text(value)
    var visible: [UInt8] = []
    let width = text.withUTF8 {
      VisibleText.plain.append(UnsafeRawBufferPointer($0), to: &visible, limit: limit)
    }
    return (visible, width)
  }

  /// A text without a single character shows as two quotes.
  private static func text(_ value: SQLValue) -> String { value == .text("") ? "\"\"" : value.shortText }

  private static func lines(_ value: SQLValue, _ mark: String) -> [String] {
    let lines = text(value).utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.enumerated().map { number, line in
      let visible = VisibleText.of(String(Substring(line)))
      return number == 0 ? mark + visible : visible.isEmpty ? "" : "  " + visible
    }
  }
}

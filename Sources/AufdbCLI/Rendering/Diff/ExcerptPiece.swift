// One segment of a word diff in a terminal's line, and cutting it.

/// A segment of a word diff as it can be shown, whole or with an ellipsis for a part of it.
struct ExcerptPiece {
  let kind: WordDiff.Kind
  private let scalars: [Unicode.Scalar]
  /// In columns.
  let width: Int

  init(_ segment: WordDiff.Segment) {
    self.init(segment.kind, Array(VisibleText.of(segment.text).unicodeScalars))
  }

  private init(_ kind: WordDiff.Kind, _ scalars: [Unicode.Scalar]) {
    self.kind = kind
    self.scalars = scalars
    width = DisplayWidth.columns(of: scalars).reduce(0, +)
  }

  var text: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// At most `columns` of its beginning, with an ellipsis in the last of them.
  ///
  /// - Parameter isCut: whether the ellipsis is there in any case.
  func beginning(_ columns: Int, isCut: Bool = false) -> Self {
    guard isCut || width > columns else { return self }
    return Self(kind, Self.prefix(scalars, columns - 1) + ["…"])
  }

  /// At most `columns` of its end, with an ellipsis in the first of them.
  func end(_ columns: Int) -> Self {
    guard width > columns else { return self }
    return Self(kind, ["…"] + Self.suffix(scalars, columns - 1))
  }

  /// At most `columns` of its beginning and as many of its end, with an ellipsis between them.
  func withoutMiddle(_ columns: Int) -> Self {
    guard columns < width, width > 2 * columns else { return self }
    return Self(kind, Self.prefix(scalars, columns - 1) + ["…"] + Self.suffix(scalars, columns))
  }

  private static func prefix(_ scalars: [Unicode.Scalar], _ columns: Int) -> ArraySlice<Unicode.Scalar> {
    let widths = DisplayWidth.columns(of: scalars)
    var used = 0
    var end = 0
    while end < scalars.count, used + widths[end] <= columns {
      used += widths[end]
      end += 1
    }
    return scalars[..<end]
  }

  private static func suffix(_ scalars: [Unicode.Scalar], _ columns: Int) -> ArraySlice<Unicode.Scalar> {
    let widths = DisplayWidth.columns(of: scalars)
    var used = 0
    var start = scalars.count
    while start > 0, used + widths[start - 1] <= columns {
      start -= 1
      used += widths[start]
    }
    // A mark would go on top of the ellipsis, and the rest of an emoji is another one.
    while start < scalars.count, widths[start] == 0 { start += 1 }
    return scalars[start...]
  }
}

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
    width = scalars.reduce(0) { $0 + DisplayWidth.of($1) }
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
    var used = 0
    var end = 0
    while end < scalars.count, used + DisplayWidth.of(scalars[end]) <= columns {
      used += DisplayWidth.of(scalars[end])
      end += 1
    }
    return scalars[..<end]
  }

  private static func suffix(_ scalars: [Unicode.Scalar], _ columns: Int) -> ArraySlice<Unicode.Scalar> {
    var used = 0
    var start = scalars.count
    while start > 0, used + DisplayWidth.of(scalars[start - 1]) <= columns {
      start -= 1
      used += DisplayWidth.of(scalars[start])
    }
    // A mark would go on top of the ellipsis.
    while start < scalars.count, DisplayWidth.of(scalars[start]) == 0 { start += 1 }
    return scalars[start...]
  }
}

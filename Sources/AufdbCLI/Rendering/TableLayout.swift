// How wide the columns of a table are, decided from its first rows.

/// The widths and sides of a table's columns.
struct TableLayout: Equatable {
  var widths: [Int]
  /// Whether a column has numbers and no text, and so stands to the right.
  var isNumeric: [Bool]
  /// Whether values wider than their column are cut.
  var isCut: Bool

  /// Columns further apart than this are no easier to read for standing below each other.
  private static let uncutWidthLimit = 80
  private static let gap = 2

  /// - Parameter terminalColumns: how wide the table may be; nil for as wide as it gets.
  init(names: [TableCell], rows: [[TableCell]], terminalColumns: Int?) {
    widths = names.map { max(1, $0.width) }
    var hasText = names.map { _ in false }
    var hasNumber = hasText
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], cell.width)
        hasText[column] = hasText[column] || cell.kind == .text
        hasNumber[column] = hasNumber[column] || cell.kind == .number
      }
    }
    isNumeric = zip(hasText, hasNumber).map { !$0 && $1 }
    isCut = terminalColumns != nil
    if let terminalColumns {
      shrink(to: terminalColumns - Self.gap * (widths.count - 1))
    } else {
      widths = widths.map { min($0, Self.uncutWidthLimit) }
    }
  }

  /// Makes the widest columns narrower, all to the same width, until the sum is `total` or every column is minimal.
  ///
  /// Numbers are spared as long as there is text to cut, because a number without its end is another number.
  private mutating func shrink(to total: Int) {
    for columns in [widths.indices.filter { !isNumeric[$0] }, Array(widths.indices)] {
      let others = widths.indices.filter { !columns.contains($0) }.reduce(0) { $0 + widths[$1] }
      let room = total - others
      guard columns.reduce(0, { $0 + widths[$1] }) > room else { return }
      // The largest common bound under which they fit: narrow columns leave what they don't need to the wide ones.
      var bound = 1
      var left = room
      for (index, column) in columns.sorted(by: { widths[$0] < widths[$1] }).enumerated() {
        bound = max(1, left / (columns.count - index))
        if widths[column] > bound { break }
        left -= widths[column]
      }
      // Four columns show something of a text; less only where the terminal leaves no choice.
      if bound < 4, columns.count < widths.count { bound = 4 }
      for column in columns { widths[column] = min(widths[column], bound) }
      if widths.reduce(0, +) <= total { return }
    }
  }
}

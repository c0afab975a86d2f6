// How wide the columns of a table are, decided from its first rows.

/// The widths and sides of a table's columns.
struct TableLayout: Equatable {
  var widths: [Int]
  /// Whether a column has numbers and no text, and so stands to the right.
  var isNumeric: [Bool]
  /// How far from the end of a column of numbers their points stand; 0 where the numbers' ends are aligned.
  var fractionWidths: [Int]
  /// Whether values wider than their column are cut.
  var isCut: Bool

  /// Columns further apart than this are no easier to read for standing below each other.
  private static let uncutWidthLimit = 80
  static let gap = 2
  /// Points aren't aligned where that makes a column wider by more than this.
  private static let pointRoom = 8

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
    fractionWidths = widths.map { _ in 0 }
    for column in widths.indices where isNumeric[column] { alignPoints(column, rows) }
    let aligned = widths
    if let terminalColumns {
      shrink(to: terminalColumns - Self.gap * (widths.count - 1))
    } else {
      widths = widths.map { min($0, Self.uncutWidthLimit) }
    }
    for column in widths.indices where widths[column] < aligned[column] { fractionWidths[column] = 0 }
  }

  private mutating func alignPoints(_ column: Int, _ rows: [[TableCell]]) {
    var integerWidth = 0
    var fractionWidth = 0
    for row in rows where row[column].kind == .number {
      let fraction = row[column].fractionWidth
      integerWidth = max(integerWidth, row[column].width - fraction)
      fractionWidth = max(fractionWidth, fraction)
    }
    guard integerWidth + fractionWidth <= widths[column] + Self.pointRoom else { return }
    widths[column] = max(widths[column], integerWidth + fractionWidth)
    fractionWidths[column] = fractionWidth
  }

  /// The blanks that a cell has on either side.
  func padding(of cell: TableCell, in column: Int) -> (left: Int, right: Int) {
    let surplus = max(0, widths[column] - cell.width)
    guard isNumeric[column] else { return (0, surplus) }
    guard cell.kind == .number, fractionWidths[column] > 0 else { return (surplus, 0) }
    let right = min(surplus, max(0, fractionWidths[column] - cell.fractionWidth))
    return (surplus - right, right)
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

// How wide the columns of a table are, decided from its first rows.
//
// Where they don't fit, texts and the names above numbers are cut, the longest first; numbers aren't, because a number
// without its end is another number. Of texts and names eight columns can be read: where not even these fit, the rows
// are better written with one field a line.

/// The widths and sides of a table's columns.
struct TableLayout: Equatable {
  var widths: [Int]
  /// Whether a column has numbers and no text, and so stands to the right.
  var isNumeric: [Bool]
  /// How far from the end of a column of numbers their points stand; 0 where the numbers' ends are aligned.
  var fractionWidths: [Int]
  /// Whether values wider than their column are cut.
  var isCut: Bool
  /// Whether there is enough of each column to be read.
  var isReadable = true

  /// Columns further apart than this are no easier to read for standing below each other.
  private static let uncutWidthLimit = 80
  static let gap = 2
  /// What a column needs to be read, if it is as wide.
  private static let leastWidth = 8
  /// Points aren't aligned where that makes a column wider by more than this.
  private static let pointRoom = 8

  /// - Parameter terminalColumns: how wide the table may be; nil for as wide as it gets.
  init(names: [TableCell], rows: [[TableCell]], terminalColumns: Int?) {
    widths = names.map { max(1, $0.width) }
    var hasText = names.map { _ in false }
    var hasNumber = hasText
    var contentWidths = names.map { _ in 1 }
    for row in rows {
      for (column, cell) in row.enumerated() {
        contentWidths[column] = max(contentWidths[column], cell.width)
        hasText[column] = hasText[column] || cell.kind == .text
        hasNumber[column] = hasNumber[column] || cell.kind == .number
      }
    }
    for column in widths.indices { widths[column] = max(widths[column], contentWidths[column]) }
    isNumeric = zip(hasText, hasNumber).map { !$0 && $1 }
    isCut = terminalColumns != nil
    fractionWidths = widths.map { _ in 0 }
    for column in widths.indices where isNumeric[column] { alignPoints(column, rows) }
    let aligned = widths
    if let terminalColumns {
      let floors = widths.indices.map { column in
        max(isNumeric[column] ? contentWidths[column] : 1, min(widths[column], Self.leastWidth))
      }
      let room = terminalColumns - Self.gap * (widths.count - 1)
      isReadable = floors.reduce(0, +) <= room
      shrink(to: room, above: isReadable ? floors : floors.map { _ in 1 })
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

  /// Makes the widest columns narrower, all to the same width but those whose floor is higher, until the sum is `total`.
  private mutating func shrink(to total: Int, above floors: [Int]) {
    func shrunk(_ bound: Int) -> [Int] { zip(widths, floors).map { max(min($0, bound), $1) } }
    guard widths.reduce(0, +) > total else { return }
    var bound = max(1, total)
    while bound > 1, shrunk(bound).reduce(0, +) > total { bound -= 1 }
    widths = shrunk(bound)
  }
}

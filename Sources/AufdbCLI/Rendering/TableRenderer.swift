// A table for people: columns of one width, numbers to the right with their points below each other, a rule under
// the header.
//
// The widths are those of the first rows, which are held back until there are enough of them; the rows after them get
// the same widths, so a million rows take no more memory than the first. On a terminal the table is as wide as the
// terminal at most, and what doesn't fit ends in an ellipsis; elsewhere nothing is cut, and a value that is wider than
// its column pushes the rest of its line to the right.
//
// Where the terminal is too narrow for something of each column to be read, each row is written as in `vertical`, one
// field a line, but with texts cut to that line. A table of one column, or without rows, stays one.

import Aufdb

final class TableRenderer: RowRenderer {
  private let output: StandardOutput
  private let terminalColumns: Int?
  private let style: TextStyle
  private var layout: TableLayout?
  /// Writes the rows that are too wide for a table.
  private let vertical: VerticalRenderer
  private var isVertical = false
  private var names: [TableCell] = []
  private var held: [[TableCell]] = []
  private var heldBytes = 0
  private var row: CellRow

  /// So many rows decide on the widths, or the first four megabytes of them.
  private static let heldRowLimit = 1000
  private static let heldByteLimit = 4 << 20

  init(in surroundings: Surroundings) {
    output = surroundings.output
    terminalColumns = surroundings.terminalColumns
    style = TextStyle(in: surroundings)
    row = CellRow([], .plain)
    vertical = VerticalRenderer(in: surroundings)
  }

  func header(_ names: [String]) {
    vertical.header(names)
    row = CellRow(names, .plain, widthLimit: terminalColumns ?? .max)
    for name in names { SQLValue.text(name).withQueryValue { row.append($0) } }
    self.names = row.take()
  }

  func value(_ value: QueryValue) { row.append(value) }

  func endRow() throws(StreamError) {
    let cells = row.take()
    if let layout { return try write(cells, layout) }
    held.append(cells)
    heldBytes += cells.reduce(0) { $0 + $1.text.count }
    if held.count >= Self.heldRowLimit || heldBytes >= Self.heldByteLimit { try writeHeld() }
  }

  func finish() throws(StreamError) { try writeHeld() }

  /// Doesn't wait for more rows where somebody watches; elsewhere the clock must not change what is written.
  func writeEarly() throws(StreamError) {
    if terminalColumns != nil, !held.isEmpty { try writeHeld() }
  }

  /// Decides on the widths, if nothing has yet, and writes the rows that waited for that.
  private func writeHeld() throws(StreamError) {
    guard layout == nil else { return }
    let layout = TableLayout(names: names, rows: held, terminalColumns: terminalColumns)
    self.layout = layout
    isVertical = !layout.isReadable && names.count > 1 && !held.isEmpty
    if !isVertical {
      try write(names, layout)
      try write(layout.widths.map { TableCell(String(repeating: "-", count: $0), .text) }, layout)
    }
    for row in held { try write(row, layout) }
    held = []
  }

  private func write(_ cells: [TableCell], _ layout: TableLayout) throws(StreamError) {
    if isVertical { return try writeVertically(cells) }
    // Blanks are written only before something else, so that no line ends in them.
    var blanks = 0
    for (column, whole) in cells.enumerated() {
      let width = layout.widths[column]
      let cell = layout.isCut && whole.width > width ? whole.shortened(to: width) : whole
      let (left, right) = layout.padding(of: cell, in: column)
      blanks += (column > 0 ? TableLayout.gap : 0) + left
      if !cell.text.isEmpty {
        for _ in 0..<blanks { try output.write(UInt8(ascii: " ")) }
        try write(cell)
        blanks = 0
      }
      blanks += right
    }
    try output.write(UInt8(ascii: "\n"))
  }

  private func writeVertically(_ cells: [TableCell]) throws(StreamError) {
    let room = vertical.room ?? .max
    for whole in cells {
      let cell = whole.width > room ? whole.shortened(to: room) : whole
      try cell.text.span.bytes.withUnsafeBytes { bytes throws(StreamError) in
        try vertical.value(cell.kind == .null ? .null : .text(bytes))
      }
    }
    try vertical.endRow()
  }

  private func write(_ cell: TableCell) throws(StreamError) {
    guard style.isColoured, cell.kind == .null else { return try output.write(cell.text) }
    try output.write(style.text(String(decoding: cell.text, as: UTF8.self), .absent))
  }
}

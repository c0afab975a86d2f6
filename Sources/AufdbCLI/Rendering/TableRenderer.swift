// A table for people: columns of one width, numbers to the right, a rule under the header.
//
// The widths are those of the first rows, which are held back until there are enough of them; the rows after them get
// the same widths, so a million rows take no more memory than the first. On a terminal the table is as wide as the
// terminal at most, and what doesn't fit ends in an ellipsis; elsewhere nothing is cut, and a value that is wider than
// its column pushes the rest of its line to the right.

import Aufdb

final class TableRenderer: RowRenderer {
  private let output: StandardOutput
  private let terminalColumns: Int?
  private var layout: TableLayout?
  private var names: [TableCell] = []
  private var held: [[TableCell]] = []
  private var heldBytes = 0
  private var row: [TableCell] = []

  /// So many rows decide on the widths, or the first four megabytes of them.
  private static let heldRowLimit = 1000
  private static let heldByteLimit = 4 << 20

  init(_ output: StandardOutput, terminalColumns: Int?) {
    self.output = output
    self.terminalColumns = terminalColumns
  }

  func header(_ names: [String]) {
    self.names = names.map { SQLValue.text($0).withQueryValue(cell) }
  }

  func value(_ value: QueryValue) { row.append(cell(value)) }

  func endRow() throws(StreamError) {
    defer { row.removeAll(keepingCapacity: true) }
    if let layout { return try write(row, layout) }
    held.append(row)
    heldBytes += row.reduce(0) { $0 + $1.text.count }
    if held.count >= Self.heldRowLimit || heldBytes >= Self.heldByteLimit { try writeHeld() }
  }

  func finish() throws(StreamError) {
    if layout == nil { try writeHeld() }
  }

  private func cell(_ value: QueryValue) -> TableCell { TableCell(value, widthLimit: terminalColumns ?? .max) }

  private func writeHeld() throws(StreamError) {
    let layout = TableLayout(names: names, rows: held, terminalColumns: terminalColumns)
    self.layout = layout
    try write(names, layout)
    try write(layout.widths.map { TableCell(dashes: $0) }, layout)
    for row in held { try write(row, layout) }
    held = []
  }

  private func write(_ cells: [TableCell], _ layout: TableLayout) throws(StreamError) {
    // Empty cells at the end of a line are left out, so that no line ends in blanks.
    let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
    for (column, whole) in cells.prefix(last + 1).enumerated() {
      let width = layout.widths[column]
      let cell = layout.isCut && whole.width > width ? whole.shortened(to: width) : whole
      let padding = max(0, width - cell.width)
      if column > 0 { try output.write("  ") }
      if layout.isNumeric[column] { try pad(padding) }
      try output.write(cell.text)
      if !layout.isNumeric[column], column < last { try pad(padding) }
    }
    try output.write(UInt8(ascii: "\n"))
  }

  private func pad(_ count: Int) throws(StreamError) {
    for _ in 0..<count { try output.write(UInt8(ascii: " ")) }
  }
}

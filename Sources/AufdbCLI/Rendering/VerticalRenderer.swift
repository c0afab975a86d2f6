// One field a line, for rows that are wider than the screen:
//
//   --- row 1 ---
//   prompt_id: p1
//        text: a long text, wrapped to
//              the terminal
//
// The names end at one column, and all of a text but its first line stands to the right of it: so nothing in a text can
// pass for another field. On a terminal half of whose columns, or more, the names would take, each value begins in a
// line of its own, two columns in. Texts are whole, and elsewhere than on a terminal no line is wrapped. NULL is NULL,
// faint where there are colours; an empty text is nothing.

import Aufdb

final class VerticalRenderer: RowRenderer {
  private let output: StandardOutput
  private let terminalColumns: Int?
  private let style: TextStyle
  /// What stands before each value, up to the colon.
  private var names: [[UInt8]] = []
  private var kinds: [VectorColumns.Kind] = []
  private var hasNamesAbove = false
  private var block = TextBlock(indent: 0, room: nil)
  /// How wide a line of a value may be; nil for as wide as it gets.
  private(set) var room: Int?
  private var rowCount = 0
  private var column = 0
  private var elements: [Int: EmbeddingElement] = [:]
  /// A vector that stands before the column `element` of its row, and all that comes after it in the row.
  private var held: [(blob: BlobExcerpt, elementColumn: Int, following: [UInt8])] = []

  init(in surroundings: Surroundings) {
    output = surroundings.output
    terminalColumns = surroundings.terminalColumns
    style = TextStyle(in: surroundings)
  }

  func header(_ names: [String]) {
    kinds = VectorColumns(names).kinds
    let cells = names.map { SQLValue.text($0).withQueryValue { TableCell($0) } }
    let nameWidth = cells.map(\.width).max() ?? 0
    hasNamesAbove = terminalColumns.map { nameWidth + 2 > $0 / 2 } ?? false
    let indent = hasNamesAbove ? 2 : nameWidth + 2
    room = terminalColumns.map { max(1, $0 - indent) }
    block = TextBlock(indent: indent, room: room)
    self.names = cells.map { cell in
      if hasNamesAbove, let terminalColumns, cell.width >= terminalColumns {
        return cell.shortened(to: max(1, terminalColumns - 1)).text + ":".utf8
      }
      let blanks = [UInt8](repeating: UInt8(ascii: " "), count: hasNamesAbove ? 0 : nameWidth - cell.width)
      return blanks + cell.text + ":".utf8
    }
  }

  func value(_ value: QueryValue) throws(StreamError) {
    if column == 0 {
      rowCount += 1
      try output.write(style.text("--- row \(rowCount) ---", .heading) + "\n")
    }
    try put(names[column])
    switch value {
    case .null: try putShort(style.text("NULL", .absent))
    case .integer(let integer): try putShort(String(integer))
    case .real(let real): try putShort(real.description)
    case .text(let bytes):
      if kinds[column] == .element { elements[column] = EmbeddingElement(named: bytes) }
      try putText(bytes)
    case .blob(let bytes): try putBlob(BlobExcerpt(bytes))
    }
    try put([UInt8(ascii: "\n")])
    column += 1
  }

  func endRow() throws(StreamError) {
    let blobs = held
    held = []
    for (blob, elementColumn, following) in blobs {
      try putShort(blob.text(of: elements[elementColumn]))
      try output.write(following)
    }
    column = 0
    elements.removeAll(keepingCapacity: true)
  }

  func finish() {}

  private func putText(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    guard !bytes.isEmpty else { return }
    // A first line that is empty leaves nothing after the colon.
    if hasNamesAbove {
      try put([UInt8(ascii: "\n")])
    } else if bytes[0] != UInt8(ascii: "\n") {
      try put([UInt8(ascii: " ")])
    }
    try block.write(bytes, isIndented: hasNamesAbove) { bytes throws(StreamError) in try put(bytes) }
  }

  private func putBlob(_ blob: BlobExcerpt) throws(StreamError) {
    switch kinds[column] {
    case .vector(let element) where element > column: held.append((blob, element, []))
    case .vector(let element): try putShort(blob.text(of: elements[element]))
    case .heads: try putShort(blob.text(of: .float32))
    case .element, .other: try putShort(blob.text(of: nil))
    }
  }

  /// A value that is never wrapped: half a number is another number.
  private func putShort(_ text: String) throws(StreamError) {
    try put(Array((hasNamesAbove ? "\n  " : " ").utf8))
    try put(Array(text.utf8))
  }

  private func put(_ bytes: [UInt8]) throws(StreamError) {
    if held.isEmpty { try output.write(bytes) } else { held[held.count - 1].following += bytes }
  }
}

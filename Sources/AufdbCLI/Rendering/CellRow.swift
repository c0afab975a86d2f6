// The cells of one row, value after value.
//
// A vector can be shown only when the row's column `element` is known, which may come after it: so blobs wait for the
// end of the row.

import Aufdb

/// Gathers a row's values as people see them.
struct CellRow {
  private let kinds: [VectorColumns.Kind]
  private let dialect: VisibleText
  private let widthLimit: Int
  private var cells: [TableCell] = []
  private var blobs: [(column: Int, blob: BlobExcerpt)] = []
  private var elements: [Int: EmbeddingElement] = [:]

  /// - Parameters:
  ///   - names: of the columns.
  ///   - widthLimit: nothing of a cell beyond this width will be shown.
  init(_ names: [String], _ dialect: VisibleText, widthLimit: Int = .max) {
    kinds = VectorColumns(names).kinds
    self.dialect = dialect
    self.widthLimit = widthLimit
  }

  mutating func append(_ value: QueryValue) {
    let column = cells.count
    if case .text(let bytes) = value, kinds[column] == .element { elements[column] = EmbeddingElement(named: bytes) }
    guard case .blob(let bytes) = value else {
      return cells.append(TableCell(value, dialect, widthLimit: widthLimit))
    }
    blobs.append((column, BlobExcerpt(bytes)))
    cells.append(TableCell("", .text))
  }

  /// Ends the row and begins the next.
  mutating func take() -> [TableCell] {
    for (column, blob) in blobs { cells[column] = TableCell(blob.text(of: element(of: column)), .text) }
    defer {
      cells.removeAll(keepingCapacity: true)
      blobs.removeAll(keepingCapacity: true)
      elements.removeAll(keepingCapacity: true)
    }
    return cells
  }

  private func element(of column: Int) -> EmbeddingElement? {
    switch kinds[column] {
    case .vector(let element): elements[element]
    case .heads: .float32
    case .element, .other: nil
    }
  }
}

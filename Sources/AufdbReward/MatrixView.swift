// Where a matrix, a part of it or its transpose stands in somebody's memory: what products read and write.

/// A readable matrix in borrowed memory: element (i, j) lies i * `rowStep` + j * `columnStep` after `start`.
///
/// It owns nothing: the memory must outlive the view, which therefore isn't stored or passed on beyond the call it
/// was lent to.
public struct MatrixView<Element: MatrixElement> {
  public let rowCount: Int
  public let columnCount: Int
  let start: UnsafePointer<Element>?
  let rowStep: Int
  let columnStep: Int

  /// Views a buffer of `rowCount` x `columnCount` elements, row after row.
  public init(_ elements: UnsafeBufferPointer<Element>, rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 0 && columnCount >= 0, "a negative shape")
    precondition(elements.count == rowCount * columnCount, "a buffer of another size than its shape says")
    self.init(
      start: elements.baseAddress, rowCount: rowCount, columnCount: columnCount, rowStep: columnCount, columnStep: 1)
  }

  init(start: UnsafePointer<Element>?, rowCount: Int, columnCount: Int, rowStep: Int, columnStep: Int) {
    self.start = start
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowStep = rowStep
    self.columnStep = columnStep
  }

  /// The same memory with rows and columns exchanged; nothing is copied.
  public var transposed: MatrixView {
    MatrixView(start: start, rowCount: columnCount, columnCount: rowCount, rowStep: columnStep, columnStep: rowStep)
  }

  /// The part of the matrix in `rows` and `columns`; nothing is copied.
  public func part(rows: Range<Int>, columns: Range<Int>) -> MatrixView {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows outside the matrix")
    precondition(columns.lowerBound >= 0 && columns.upperBound <= columnCount, "columns outside the matrix")
    return MatrixView(
      start: start.map { $0 + (rows.lowerBound * rowStep + columns.lowerBound * columnStep) },
      rowCount: rows.count, columnCount: columns.count, rowStep: rowStep, columnStep: columnStep)
  }
}

/// A writable matrix in borrowed memory, each row of it in one piece; the rules are those of `MatrixView`.
public struct MutableMatrixView<Element: MatrixElement> {
  public let rowCount: Int
  public let columnCount: Int
  let start: UnsafeMutablePointer<Element>?
  let rowStep: Int

  /// Views a buffer of `rowCount` x `columnCount` elements, row after row.
  public init(_ elements: UnsafeMutableBufferPointer<Element>, rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 0 && columnCount >= 0, "a negative shape")
    precondition(elements.count == rowCount * columnCount, "a buffer of another size than its shape says")
    self.init(start: elements.baseAddress, rowCount: rowCount, columnCount: columnCount, rowStep: columnCount)
  }

  init(start: UnsafeMutablePointer<Element>?, rowCount: Int, columnCount: Int, rowStep: Int) {
    self.start = start
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowStep = rowStep
  }

  /// The same memory, to be read.
  public var readable: MatrixView<Element> {
    MatrixView(
      start: start.map { UnsafePointer($0) }, rowCount: rowCount, columnCount: columnCount, rowStep: rowStep,
      columnStep: 1)
  }

  /// The part of the matrix in `rows` and `columns`; nothing is copied.
  public func part(rows: Range<Int>, columns: Range<Int>) -> MutableMatrixView {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows outside the matrix")
    precondition(columns.lowerBound >= 0 && columns.upperBound <= columnCount, "columns outside the matrix")
    return MutableMatrixView(
      start: start.map { $0 + (rows.lowerBound * rowStep + columns.lowerBound) },
      rowCount: rows.count, columnCount: columns.count, rowStep: rowStep)
  }

  /// Makes this matrix C = `keeping` * C + `scale` * `left` * `right`.
  ///
  /// The same numbers give the same bits on every processor and in every layout: each element is a chain of fused
  /// multiply-adds in the order of the inner index, in runs of 256. Its error is therefore at most n u / (1 - n u)
  /// times the sum of the |left| * |right| that go into it, where n is the inner dimension and u half the distance
  /// from 1 to the next number (N. Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1).
  ///
  /// - Parameters:
  ///   - left: m x n.
  ///   - right: n x k.
  ///   - scale: what the product is multiplied with.
  ///   - keeping: what C is multiplied with before; with 0 its old elements aren't read, so that they may be NaN.
  ///   - onlyLower: whether elements above the diagonal stay as they are. It saves nearly half of the work.
  /// - Precondition: C is m x k and overlaps neither factor. Any dimension may be 0.
  /// - Complexity: m n k multiply-adds on one thread; nothing is allocated.
  public func setProduct(
    _ left: MatrixView<Element>, _ right: MatrixView<Element>, scale: Element = 1, keeping: Element = 0,
    onlyLower: Bool = false
  ) {
    precondition(left.columnCount == right.rowCount, "factors that don't fit together")
    precondition(
      rowCount == left.rowCount && columnCount == right.columnCount, "a result of another shape than the product")
    Element.multiply(left, right, scale: scale, keeping: keeping, onlyLower: onlyLower, into: self)
  }
}

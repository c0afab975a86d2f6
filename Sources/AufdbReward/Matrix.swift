// Matrices that own their numbers.

/// A dense matrix, row after row in one array; a value, whose copies share memory until one is changed.
public struct Matrix<Element: MatrixElement>: Sendable, Equatable {
  public let rowCount: Int
  public let columnCount: Int
  private var elements: [Element]

  /// Makes a matrix of zeros; either dimension may be 0.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 0 && columnCount >= 0, "a negative shape")
    self.rowCount = rowCount
    self.columnCount = columnCount
    elements = Array(repeating: 0, count: rowCount * columnCount)
  }

  /// Makes a matrix of given elements, row after row.
  /// - Precondition: there are `rowCount` * `columnCount` of them.
  public init(rowCount: Int, columnCount: Int, elements: [Element]) {
    precondition(rowCount >= 0 && columnCount >= 0, "a negative shape")
    precondition(elements.count == rowCount * columnCount, "another number of elements than the shape says")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.elements = elements
  }

  /// The element in a row and column, both counted from 0. For loops over many, borrow the memory instead.
  public subscript(row: Int, column: Int) -> Element {
    get {
      precondition(row < rowCount && column >= 0 && column < columnCount, "an element outside the matrix")
      return elements[row * columnCount + column]
    }
    set {
      precondition(row < rowCount && column >= 0 && column < columnCount, "an element outside the matrix")
      elements[row * columnCount + column] = newValue
    }
  }

  /// Lends the elements, row after row.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try elements.withUnsafeBufferPointer { (elements) throws(Failure) in try body(elements) }
  }

  /// Lends the elements, row after row, to be changed.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try elements.withUnsafeMutableBufferPointer { (elements) throws(Failure) in try body(elements) }
  }

  /// Lends a view of the whole matrix.
  public func withView<Result, Failure: Error>(
    _ body: (MatrixView<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeElements { (elements) throws(Failure) in
      try body(MatrixView(elements, rowCount: rowCount, columnCount: columnCount))
    }
  }

  /// Lends a view of the whole matrix, to be changed.
  public mutating func withMutableView<Result, Failure: Error>(
    _ body: (MutableMatrixView<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (rowCount, columnCount) = (rowCount, columnCount)
    return try withUnsafeMutableElements { (elements) throws(Failure) in
      try body(MutableMatrixView(elements, rowCount: rowCount, columnCount: columnCount))
    }
  }
}

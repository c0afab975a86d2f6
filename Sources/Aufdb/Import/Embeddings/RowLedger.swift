// Which rows of a matrix an index has named: each must be, once.

/// Notes rows as they are named.
struct RowLedger {
  private let rowCount: Int
  private(set) var namedCount = 0
  /// A bit for each row; empty where rows come in ascending order, for then the number of rows tells all. A stream may
  /// say that it has more rows than there is memory for bits.
  private var bits: [UInt64]

  init(rowCount: Int, isAscending: Bool) {
    self.rowCount = rowCount
    bits = isAscending ? [] : Array(repeating: 0, count: (rowCount + 63) / 64)
  }

  /// Notes a row.
  ///
  /// - Throws: `.badData` without a place: the row was named before, isn't there, or comes out of turn.
  mutating func take(_ row: Int) throws(AufdbError) {
    guard row < rowCount else {
      throw AufdbError(.badData, "row \(row) is not in the matrix, which has \(rowCount), counted from 0")
    }
    guard !isNamed(row) else { throw AufdbError(.badData, "row \(row) stands twice in the index") }
    if bits.isEmpty {
      guard row == namedCount else {
        throw AufdbError(
          .badData,
          "row \(row) stands where row \(namedCount) would: a matrix that is compressed, or comes through a "
            + "pipe, is read from beginning to end",
          hint: "sort the index by row, or give the matrix as a plain file")
      }
    } else {
      bits[row / 64] |= 1 << UInt64(row % 64)
    }
    namedCount += 1
  }

  private func isNamed(_ row: Int) -> Bool {
    bits.isEmpty ? row < namedCount : bits[row / 64] >> UInt64(row % 64) & 1 == 1
  }

  /// Makes sure that every row was named.
  ///
  /// - Throws: `.badData` without a place.
  func finish() throws(AufdbError) {
    guard namedCount < rowCount else { return }
    let first = bits.isEmpty ? namedCount : (0..<rowCount).first { !isNamed($0) } ?? 0
    throw AufdbError(
      .badData,
      "no line of the index names row \(first) of the matrix: of \(rowCount) rows \(rowCount - namedCount) "
        + "belong to nothing")
  }
}

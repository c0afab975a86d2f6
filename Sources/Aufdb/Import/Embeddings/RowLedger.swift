// Which rows of a matrix an index has named: each must be, once.

/// Notes rows as they are named.
///
/// Memory: a bit for each row, in pages that come with the first row of theirs that is named. A header's number of rows
/// is only what the file says: a sparse file of some kilobytes can truthfully have 10^12.
struct RowLedger {
  private static let pageRows = 1 << 15

  private let rowCount: Int
  /// Whether rows come in ascending order, for then the number of rows tells all.
  private let isAscending: Bool
  private(set) var namedCount = 0
  /// Lines that named no row: each may have been meant for one that no other names.
  private var lostLineCount = 0
  private var pages: [Int: [UInt64]] = [:]

  init(rowCount: Int, isAscending: Bool) {
    (self.rowCount, self.isAscending) = (rowCount, isAscending)
  }

  /// Notes a row.
  ///
  /// - Throws: `.badData` without a place: the row was named before, isn't there, or comes out of turn.
  mutating func take(_ row: Int) throws(AufdbError) {
    guard row < rowCount else {
      throw AufdbError(.badData, "row \(row) is not in the matrix, which has \(rowCount), counted from 0")
    }
    guard !isNamed(row) else { throw AufdbError(.badData, "row \(row) stands twice in the index") }
    if isAscending {
      // In place of the rows between stood lines that named none.
      guard row - namedCount <= lostLineCount else {
        throw AufdbError(
          .badData,
          "row \(row) stands where row \(namedCount) would: a matrix that is compressed, or comes through a "
            + "pipe, is read from beginning to end",
          hint: "sort the index by row, or give the matrix as a plain file")
      }
      lostLineCount -= row - namedCount
      namedCount = row
    } else {
      let (page, bit) = row.quotientAndRemainder(dividingBy: Self.pageRows)
      pages[page, default: Array(repeating: 0, count: Self.pageRows / 64)][bit / 64] |= 1 << UInt64(bit % 64)
    }
    namedCount += 1
  }

  /// Notes a line that names no row, or none that can be taken: where such lines are skipped, as many rows may be left.
  mutating func loseLine() { lostLineCount += 1 }

  private func isNamed(_ row: Int) -> Bool {
    if isAscending { return row < namedCount }
    let (page, bit) = row.quotientAndRemainder(dividingBy: Self.pageRows)
    guard let words = pages[page] else { return false }
    return words[bit / 64] >> UInt64(bit % 64) & 1 == 1
  }

  /// Makes sure that every row was named, but for as many as lines were lost.
  ///
  /// - Throws: `.badData` without a place.
  func finish() throws(AufdbError) {
    guard namedCount + lostLineCount < rowCount else { return }
    let first = isAscending ? namedCount : (0..<rowCount).first { !isNamed($0) } ?? 0
    throw AufdbError(
      .badData,
      "no line of the index names row \(first) of the matrix: of \(rowCount) rows \(rowCount - namedCount) "
        + "belong to nothing")
  }
}

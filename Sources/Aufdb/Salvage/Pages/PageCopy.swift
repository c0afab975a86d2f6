// A page that stays in memory while others are read, and the payloads of its cells, wherever the rest of them stands.

/// One page, copied, with its cells.
final class PageCopy {
  private let file: DatabaseFile
  private let bytes: UnsafeMutableRawBufferPointer
  /// Where a payload is put together that goes on elsewhere.
  private var joined = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  let page: TreePage
  let cells: [TreePage.Cell]
  /// Whether all of it is in the file.
  let isWhole: Bool

  /// - Returns: nil for a page that can't be read, or that is none of a B-tree.
  init?(_ number: Int, of file: DatabaseFile) {
    guard let found = file.page(number) else { return nil }
    self.file = file
    bytes = .allocate(byteCount: found.count, alignment: 16)
    bytes.copyMemory(from: found)
    guard let page = TreePage(UnsafeRawBufferPointer(bytes), isFirst: number == 1) else {
      bytes.deallocate()
      return nil
    }
    let presentCount = file.presentCount
    self.page = page
    // Of a file that was cut, zeros stand where the rest of a row was.
    cells = page.cells.filter { $0.local.upperBound <= presentCount }
    isWhole = presentCount == found.count
  }

  deinit {
    bytes.deallocate()
    joined.deallocate()
  }

  /// Lends the record of a cell and its bytes, until the next one is asked for.
  ///
  /// - Returns: nil where there is none.
  func record(_ cell: TreePage.Cell) -> (StoredRecord, UnsafeRawBufferPointer)? {
    guard let payload = payload(cell), let record = StoredRecord(payload) else { return nil }
    return (record, payload)
  }

  private func payload(_ cell: TreePage.Cell) -> UnsafeRawBufferPointer? {
    let local = UnsafeRawBufferPointer(rebasing: bytes[cell.local])
    guard cell.overflowPage != 0 else { return local }
    // A length that no file of this size can hold isn't worth the memory.
    guard cell.payloadCount <= file.pageCount * file.pageSize else { return nil }
    if joined.count < cell.payloadCount {
      joined.deallocate()
      joined = .allocate(byteCount: cell.payloadCount, alignment: 16)
    }
    joined.copyMemory(from: local)
    var (filled, next) = (local.count, cell.overflowPage)
    // No row comes to a page twice. A page is remembered for twice as long as the one before it, so that a ring is found
    // in its second round, however long the way into it was.
    var (met, count, limit) = (0, 0, 1)
    while filled < cell.payloadCount {
      guard next != met, let page = file.page(next) else { return nil }
      count += 1
      if count == limit { (met, count, limit) = (next, 0, 2 * limit) }
      let part = UnsafeRawBufferPointer(rebasing: page[4..<min(page.count, 4 + cell.payloadCount - filled)])
      guard 4 + part.count <= file.presentCount else { return nil }
      UnsafeMutableRawBufferPointer(rebasing: joined[filled...]).copyMemory(from: part)
      filled += part.count
      next = Int(page.bigEndian32(0))
    }
    return UnsafeRawBufferPointer(rebasing: joined[..<cell.payloadCount])
  }
}

// One page of a B-tree, read with no trust in it: https://sqlite.org/fileformat2.html#b_tree_pages. What doesn't fit is
// passed over, cell by cell.

/// A page that looks like one of a B-tree.
struct TreePage {
  enum Kind: UInt8 {
    case indexInterior = 2
    case tableInterior = 5
    case indexLeaf = 10
    case tableLeaf = 13

    var isInterior: Bool { self == .indexInterior || self == .tableInterior }
    var isOfTable: Bool { self == .tableInterior || self == .tableLeaf }
  }

  /// A cell's content: a row, or an entry of an index.
  struct Cell {
    /// The row's number; nil in an index.
    var rowID: Int64?
    var payloadCount: Int
    /// What of the payload stands on the page.
    var local: Range<Int>
    /// Where the rest begins; 0 for none.
    var overflowPage: Int
  }

  let kind: Kind
  private let bytes: UnsafeRawBufferPointer
  /// Where the page's own header begins: behind the file's on the first page.
  private let start: Int
  private let cellCount: Int

  /// - Returns: nil for a page that can't be one of a B-tree.
  init?(_ bytes: UnsafeRawBufferPointer, isFirst: Bool) {
    start = isFirst ? 100 : 0
    guard bytes.count >= start + 12, let kind = Kind(rawValue: bytes[start]) else { return nil }
    let cellCount = bytes.bigEndian16(start + 3)
    guard start + (kind.isInterior ? 12 : 8) + 2 * cellCount <= bytes.count else { return nil }
    (self.bytes, self.kind, self.cellCount) = (bytes, kind, cellCount)
  }

  /// The pages below it, from left to right.
  var children: [Int] {
    guard kind.isInterior else { return [] }
    return offsets.filter { $0 + 4 <= bytes.count }.map { Int(bytes.bigEndian32($0)) }
      + [Int(bytes.bigEndian32(start + 8))]
  }

  /// Its cells that can be read; those of an interior page of a table hold nothing but numbers.
  var cells: [Cell] { kind == .tableInterior ? [] : offsets.compactMap { cell(at: $0) } }

  private var offsets: [Int] {
    let first = start + (kind.isInterior ? 12 : 8)
    return (0..<cellCount).map { bytes.bigEndian16(first + 2 * $0) }.filter { $0 >= first + 2 * cellCount }
  }

  private func cell(at offset: Int) -> Cell? {
    var place = offset + (kind == .indexInterior ? 4 : 0)
    guard let size = Varint.read(bytes, &place), size <= 1 << 30 else { return nil }
    var cell = Cell(payloadCount: Int(size), local: 0..<0, overflowPage: 0)
    if kind == .tableLeaf {
      guard let rowID = Varint.read(bytes, &place) else { return nil }
      cell.rowID = Int64(bitPattern: rowID)
    }
    let localCount = Self.localCount(cell.payloadCount, of: bytes.count, isTable: kind == .tableLeaf)
    let end = place + localCount
    let isWhole = localCount == cell.payloadCount
    guard end + (isWhole ? 0 : 4) <= bytes.count else { return nil }
    cell.local = place..<end
    if !isWhole { cell.overflowPage = Int(bytes.bigEndian32(end)) }
    return cell
  }

  /// How much of a payload stands on its page (https://sqlite.org/fileformat2.html#cell_payload_overflow_pages).
  private static func localCount(_ count: Int, of usable: Int, isTable: Bool) -> Int {
    let most = isTable ? usable - 35 : (usable - 12) * 64 / 255 - 23
    if count <= most { return count }
    let least = (usable - 12) * 32 / 255 - 23
    let rest = least + (count - least) % (usable - 4)
    return rest <= most ? rest : least
  }
}

/// SQLite's numbers of 1 to 9 bytes.
enum Varint {
  /// Reads one, and goes to what follows it; nil where the bytes end before it does.
  static func read(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for index in 0..<9 {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      if index == 8 { return value << 8 | UInt64(byte) }
      value = value << 7 | UInt64(byte & 0x7f)
      if byte < 0x80 { return value }
    }
    return value
  }
}

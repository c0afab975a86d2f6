// A store's file, page by page, without SQLite: which would refuse a damaged file for one page, or never end.
//
// A page is in the file, or in the log or journal beside it: a write-ahead log holds newer pages of transactions that
// were done, and a rollback journal the older ones of a transaction that wasn't. Both are read as SQLite would
// (https://sqlite.org/fileformat2.html), and neither they nor the file are changed.

/// The pages of a store's file as of its last transaction. They are numbered from 1.
final class DatabaseFile {
  /// The page size that aufdb makes stores with.
  private static let usualPageSize = 16384

  let pageSize: Int
  let pageCount: Int
  /// How much of the page that was lent last is there; the rest of it is zeros.
  private(set) var presentCount = 0
  private let file: OpenFile
  private let log: PageLog?
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Parameter withLog: whether a log or journal beside the file belongs to it.
  /// - Throws: `.cannotOpenInput` where the file can't be opened; whatever reading it throws.
  convenience init(_ path: String, withLog: Bool) throws {
    do throws(StreamError) {
      try self.init(OpenFile(path), withLog: withLog)
    } catch {
      throw AufdbError(error)
    }
  }

  /// The pages of a file that is open: where a connection has it, that must be inside a transaction, and what it has
  /// changed itself isn't seen.
  init(_ file: OpenFile, withLog: Bool) throws(StreamError) {
    let header = try file.beginning(100)
    let stated = header.count == 100 ? header.withUnsafeBytes { $0.bigEndian16(16) } : 0
    // 65536 is written as 1, for want of room.
    let size = stated == 1 ? 65536 : stated
    let isPowerOfTwo = size >= 512 && size & (size - 1) == 0
    pageSize = isPowerOfTwo ? size : Self.usualPageSize
    log = withLog ? try PageLog.find(beside: file.path, pageSize: pageSize) : nil
    // What the end of a file lacks of its last page is zeros, which are no cells.
    let inFile = (file.sizeBytes + pageSize - 1) / pageSize
    // A journal's own word for it has no checksum.
    pageCount = log.map { min($0.pageCount, inFile + $0.ownCount) } ?? inFile
    buffer = .allocate(byteCount: pageSize, alignment: 16)
    self.file = file
  }

  deinit { buffer.deallocate() }

  /// Lends a page, until the next one is read.
  ///
  /// - Returns: nil for a page that isn't there, or that the disk doesn't give.
  func page(_ number: Int) -> UnsafeRawBufferPointer? { read(number, into: buffer) }

  /// What the first byte of a page says that it is, where that is a page of a B-tree behind the first one.
  func kind(of number: Int) -> TreePage.Kind? {
    let first = UnsafeMutableRawBufferPointer(rebasing: buffer[..<1])
    return read(number, into: first)?.first.flatMap { TreePage.Kind(rawValue: $0) }
  }

  /// The page on which a row goes on after a page that is a part of it; nil where that can't be read.
  func next(after number: Int) -> Int? {
    read(number, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<4])).map { Int($0.bigEndian32(0)) }
  }

  /// Reads the beginning of a page.
  private func read(_ number: Int, into buffer: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard (1...max(1, pageCount)).contains(number) else { return nil }
    presentCount = pageSize
    if let found = log?.read(number, into: buffer) { return found ? UnsafeRawBufferPointer(buffer) : nil }
    guard let count = try? file.read(into: buffer, at: (number - 1) * pageSize), count > 0 else { return nil }
    presentCount = count
    UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).initializeMemory(as: UInt8.self, repeating: 0)
    return UnsafeRawBufferPointer(buffer)
  }
}

extension UnsafeRawBufferPointer {
  /// The big-endian number of 32 bits at `offset`.
  func bigEndian32(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The big-endian number of 16 bits at `offset`.
  func bigEndian16(_ offset: Int) -> Int {
    Int(UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
}

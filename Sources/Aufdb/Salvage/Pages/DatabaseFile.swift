// A damaged store's file, page by page, without SQLite: which would refuse the whole file for one page.
//
// A page is in the file, or in the log or journal beside it: a write-ahead log holds newer pages of transactions that
// were done, and a rollback journal the older ones of a transaction that wasn't. Both are read as SQLite would
// (https://sqlite.org/fileformat2.html), and neither they nor the file are changed.

import Glibc

/// The pages of a store's file as of its last transaction. They are numbered from 1.
final class DatabaseFile {
  /// The page size that aufdb makes stores with.
  private static let usualPageSize = 16384

  let pageSize: Int
  let pageCount: Int
  /// How much of the page that was lent last is there; the rest of it is zeros.
  private(set) var presentCount = 0
  private let file: FileDescriptor
  private let log: PageLog?
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Parameter withLog: whether a log or journal beside the file belongs to it.
  /// - Throws: `.cannotOpenInput` where the file can't be opened; whatever reading it throws.
  init(_ path: String, withLog: Bool) throws {
    do throws(StreamError) {
      let file = try FileDescriptor.opening(path)
      let header = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 16)
      defer { header.deallocate() }
      let headerCount = try file.read(into: header, at: 0)
      let stated = headerCount == header.count ? UnsafeRawBufferPointer(header).bigEndian16(16) : 0
      let isPowerOfTwo = stated >= 512 && stated & (stated - 1) == 0
      pageSize = isPowerOfTwo ? stated : Self.usualPageSize
      log = withLog ? try PageLog.find(beside: path, pageSize: pageSize) : nil
      let inFile = ((file.sizeBytes ?? 0) + pageSize - 1) / pageSize
      // A journal's own word for it has no checksum.
      pageCount = log.map { min($0.pageCount, inFile + $0.ownCount) } ?? inFile
      buffer = .allocate(byteCount: pageSize, alignment: 16)
      self.file = file
    } catch {
      throw AufdbError(error)
    }
  }

  deinit { buffer.deallocate() }

  /// Lends a page, until the next one is read.
  ///
  /// - Returns: nil for a page that isn't there, or that the disk doesn't give.
  func page(_ number: Int) -> UnsafeRawBufferPointer? {
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

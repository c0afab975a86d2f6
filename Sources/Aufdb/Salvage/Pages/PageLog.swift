// The pages that stand in a write-ahead log or a rollback journal instead of the file.

import Glibc

/// Where the log or journal beside a store has its pages.
final class PageLog {
  /// How many pages the file has, once the log or journal is taken into account.
  let pageCount: Int
  private let file: FileDescriptor
  /// Where in the log or journal a page's newest (of a journal: oldest) content begins.
  private let offsets: [Int: Int]

  /// How many pages it has.
  var ownCount: Int { offsets.count }

  private init(_ file: consuming FileDescriptor, _ pages: Pages) {
    self.file = file
    (offsets, pageCount) = pages
  }

  /// The log or the journal beside the file at `path`; nil where neither holds anything that counts.
  static func find(beside path: String, pageSize: Int) throws(StreamError) -> PageLog? {
    if isThere(path + "-wal") {
      let file = try FileDescriptor.opening(path + "-wal")
      if let pages = try readLog(file, pageSize) { return PageLog(file, pages) }
    }
    if isThere(path + "-journal") {
      let file = try FileDescriptor.opening(path + "-journal")
      if let pages = try readJournal(file, pageSize) { return PageLog(file, pages) }
    }
    return nil
  }

  private static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_size > 0
  }

  private typealias Pages = (offsets: [Int: Int], pageCount: Int)

  /// Reads a page; nil where the log doesn't have it, and false where it can't be read.
  func read(_ page: Int, into buffer: UnsafeMutableRawBufferPointer) -> Bool? {
    guard let offset = offsets[page] else { return nil }
    return (try? file.read(into: buffer, at: offset)) == buffer.count
  }

  /// The write-ahead log: frames of a header and a page, each with a checksum that goes on from the one before. Those
  /// after the last one that ends a transaction don't count.
  private static func readLog(_ file: borrowing FileDescriptor, _ pageSize: Int) throws(StreamError) -> Pages? {
    let (headerCount, frameHeaderCount) = (32, 24)
    let frame = UnsafeMutableRawBufferPointer.allocate(byteCount: frameHeaderCount + pageSize, alignment: 16)
    defer { frame.deallocate() }
    let bytes = UnsafeRawBufferPointer(frame)
    let header = UnsafeMutableRawBufferPointer(rebasing: frame[..<headerCount])
    guard try file.read(into: header, at: 0) == headerCount, bytes.bigEndian32(0) & ~1 == 0x377f_0682,
      Int(bytes.bigEndian32(8)) == pageSize
    else { return nil }
    let isBigEndian = bytes.bigEndian32(0) & 1 == 1
    let salts = (bytes.bigEndian32(16), bytes.bigEndian32(20))
    var sum = checksum((0, 0), bytes, 0..<24, isBigEndian)
    guard sum == (bytes.bigEndian32(24), bytes.bigEndian32(28)) else { return nil }
    var (offset, pageCount) = (headerCount, 0)
    var (done, waiting): ([Int: Int], [Int: Int]) = ([:], [:])
    while try file.read(into: frame, at: offset) == frame.count {
      guard (bytes.bigEndian32(8), bytes.bigEndian32(12)) == salts else { break }
      sum = checksum(sum, bytes, 0..<8, isBigEndian)
      sum = checksum(sum, bytes, frameHeaderCount..<bytes.count, isBigEndian)
      guard sum == (bytes.bigEndian32(16), bytes.bigEndian32(20)) else { break }
      waiting[Int(bytes.bigEndian32(0))] = offset + frameHeaderCount
      if bytes.bigEndian32(4) != 0 {
        pageCount = Int(bytes.bigEndian32(4))
        done.merge(waiting) { $1 }
        waiting = [:]
      }
      offset += frame.count
    }
    return done.isEmpty ? nil : (done, pageCount)
  }

  private static func checksum(
    _ sum: (UInt32, UInt32), _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ isBigEndian: Bool
  ) -> (UInt32, UInt32) {
    var (one, two) = sum
    for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
      let words = (
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self),
        bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
      )
      one &+= (isBigEndian ? UInt32(bigEndian: words.0) : UInt32(littleEndian: words.0)) &+ two
      two &+= (isBigEndian ? UInt32(bigEndian: words.1) : UInt32(littleEndian: words.1)) &+ one
    }
    return (one, two)
  }

  /// The rollback journal: what pages were before the transaction that wasn't done. A record's checksum samples it.
  private static func readJournal(_ file: borrowing FileDescriptor, _ pageSize: Int) throws(StreamError) -> Pages? {
    let record = UnsafeMutableRawBufferPointer.allocate(byteCount: max(pageSize + 8, 28), alignment: 16)
    defer { record.deallocate() }
    let bytes = UnsafeRawBufferPointer(record)
    let magic: [UInt8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]
    var (offset, pageCount) = (0, 0)
    var offsets: [Int: Int] = [:]
    while try file.read(into: record, at: offset) >= 28, bytes.starts(with: magic) {
      let (count, nonce) = (Int(bytes.bigEndian32(8)), bytes.bigEndian32(12))
      let sector = Int(bytes.bigEndian32(20))
      guard Int(bytes.bigEndian32(24)) == pageSize, (32...65536).contains(sector) else { break }
      if offset == 0 { pageCount = Int(bytes.bigEndian32(16)) }
      offset += sector
      var index = 0
      // A journal that wasn't synchronised doesn't count its records.
      while index < count || count == 0xffff_ffff, try file.read(into: record, at: offset) >= pageSize + 8 {
        var sum = nonce
        for place in stride(from: pageSize - 200, to: 0, by: -200) { sum &+= UInt32(bytes[4 + place]) }
        guard sum == bytes.bigEndian32(4 + pageSize) else { return offsets.isEmpty ? nil : (offsets, pageCount) }
        let page = Int(bytes.bigEndian32(0))
        if offsets[page] == nil { offsets[page] = offset + 4 }
        offset += pageSize + 8
        index += 1
      }
      offset = (offset + sector - 1) / sector * sector
    }
    return pageCount == 0 ? nil : (offsets, pageCount)
  }
}

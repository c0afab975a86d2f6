// A store's file, read past SQLite's cache and without SQL.
//
// It is never opened with open(2): closing it again would take away all of the process's locks on it, which other
// connections of this process rely on (https://sqlite.org/howtocorrupt.html, section 2.2). SQLite knows of them.

import CSQLiteConfig
import GRDBSQLite
import Glibc

/// A store's file that is open for reading.
final class OpenFile {
  let path: String
  private let pointer: UnsafeMutablePointer<sqlite3_file>
  private let isOwned: Bool

  /// The file of a connection, for no longer than that is open.
  ///
  /// - Returns: nil where there is no file.
  init?(of handle: OpaquePointer) {
    guard let path = sqlite3_db_filename(handle, "main"), let pointer = aufdb_file(handle) else { return nil }
    (self.path, self.pointer, isOwned) = (String(cString: path), pointer, false)
  }

  /// Opens a file.
  init(_ path: String) throws(StreamError) {
    // SQLite doesn't follow symbolic links.
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    guard let resolved, let pointer = aufdb_open_file(resolved) else {
      throw StreamError(.open, path: path, code: errno)
    }
    (self.path, self.pointer, isOwned) = (path, pointer, true)
  }

  deinit {
    if isOwned { aufdb_close_file(pointer) }
  }

  /// The size of the file alone.
  var sizeBytes: Int { Int(aufdb_file_size(pointer)) }

  /// The size of it and its write-ahead log.
  var sizeBytesWithLog: Int64 {
    var status = stat()
    let logBytes = stat(path + "-wal", &status) == 0 ? Int64(status.st_size) : 0
    return aufdb_file_size(pointer) + logBytes
  }

  /// Fills a buffer from a place on; returns how many bytes there were.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StreamError) -> Int {
    switch aufdb_read_file(pointer, buffer.baseAddress, Int32(buffer.count), Int64(offset)) {
    case SQLITE_OK: return buffer.count
    case SQLiteCode.shortRead: return min(buffer.count, max(0, sizeBytes - offset))
    default: throw StreamError(.read, path: path, code: EIO)
    }
  }

  /// The first bytes of it, or fewer where it has no more.
  func beginning(_ count: Int) throws(StreamError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    return Array(buffer[..<(try read(into: buffer, at: 0))])
  }

  /// The first bytes of the write-ahead log beside it, which are others once it is begun anew.
  var logHeader: [UInt8] {
    guard let log = try? FileDescriptor.opening(path + "-wal") else { return [] }
    return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
      let count = (try? log.read(into: buffer, at: 0)) ?? 0
      return Array(buffer[..<count])
    }
  }
}

// Giving the room of dropped rows back to the disk.
//
// VACUUM (https://sqlite.org/lang_vacuum.html) writes the store anew, first to a temporary file and then over itself,
// as one transaction: killed anywhere, the store is what it was, only larger. In WAL mode that transaction goes through
// the log, so the folder needs room for the store a second time, and readers go on meanwhile.

import GRDBSQLite
import Glibc

extension Connection {
  /// The path of the store's file.
  private var path: String? { sqlite3_db_filename(handle, "main").map { String(cString: $0) } }

  /// The bytes of the store's file and of its write-ahead log; nil for a store without a file.
  func fileSizes() throws(AufdbError) -> (file: Int64, log: Int64)? {
    guard let path, !path.isEmpty else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw AufdbError(.inputOutput, "\(path): \(String(cString: strerror(errno)))")
    }
    let fileBytes = Int64(status.st_size)
    return (fileBytes, stat(path + "-wal", &status) == 0 ? Int64(status.st_size) : 0)
  }

  /// Makes the file as small as what it holds. Not inside a transaction.
  ///
  /// - Returns: why it couldn't be done, for want of room or because others are using the store; nil when it was.
  func compact() throws(AufdbError) -> String? {
    do {
      // What the log holds needs its room only until it stands in the file.
      try checkpoint()
      let pages = try integer("PRAGMA page_count") - integer("PRAGMA freelist_count")
      let needed = try pages * integer("PRAGMA page_size")
      if let path, let free = Self.freeBytes(beside: path), free < needed {
        return "it needs \(needed) bytes of disk for a moment, and \(free) are free"
      }
      try executeScript("VACUUM")
      return try checkpoint() ? nil : "somebody is reading the store; the next writer does it"
    } catch {
      guard error.kind == .inputOutput || error.kind == .busy else { throw error }
      // Of a log that grew too long nothing counts.
      _ = try? checkpoint()
      return error.message
    }
  }

  /// Moves the log into the file, as far as readers let it; returns whether all of it is there. In rollback mode it
  /// always is.
  @discardableResult
  private func checkpoint() throws(AufdbError) -> Bool {
    // A reader may take its time, and the next writer does it as well.
    try executeScript("PRAGMA busy_timeout = 0")
    defer { try? executeScript("PRAGMA busy_timeout = \(Store.busyMilliseconds)") }
    return try first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) == 0 } ?? true
  }

  /// How much room a user has in the folder of a file; nil where the system doesn't tell.
  private static func freeBytes(beside path: String) -> Int64? {
    var system = statvfs()
    guard statvfs(path, &system) == 0 else { return nil }
    return Int64(clamping: UInt64(system.f_bavail) &* UInt64(system.f_frsize))
  }
}

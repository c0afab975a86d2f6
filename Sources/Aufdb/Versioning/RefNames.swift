// The names of a store's branches and tags for somebody who is still typing: at once, or not at all.

import CSQLiteConfig
import GRDBSQLite
import Glibc

public enum RefNames {
  /// How many steps of SQLite's machine they may take: a store needs a few for each name.
  private static let stepLimit: Int32 = 200_000

  /// The names in the store at a path, branches first; none where there is no store, or it can't be read.
  ///
  /// It waits for nobody, and neither makes nor changes a file: it reads the file as if nothing could change it
  /// (https://sqlite.org/uri.html#uriimmutable), so that what a writer has just written may not be there yet.
  public static func names(at path: String) -> [String] {
    // A pipe would wait for somebody to write into it.
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    var handle: OpaquePointer?
    defer { sqlite3_close(handle) }
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(StoreFile.immutableURI(path), &handle, flags, nil) == SQLITE_OK else { return [] }
    _ = aufdb_defensive(handle)
    sqlite3_progress_handler(handle, stepLimit, { _ in 1 }, nil)
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, "SELECT name FROM ref ORDER BY kind, name", -1, &statement, nil) == SQLITE_OK
    else {
      return []
    }
    var names: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      if let text = sqlite3_column_text(statement, 0) { names.append(String(cString: text)) }
    }
    return names
  }
}

// The store as a file: is it there, is it ours, which format version; and making a new one whole or not at all.

import FoundationEssentials
import GRDB
import Glibc

enum StoreFile {
  static let applicationID: UInt32 = 0x6175_6664
  static let formatVersion: UInt32 = 6

  /// The store's path without symbolic links, once its header says that it is a store of ours that we can read.
  ///
  /// - Parameter formats: the format versions that the caller can do something with.
  static func locate(
    _ path: String, formats: ClosedRange<UInt32> = formatVersion...formatVersion
  ) throws(AufdbError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let reason = errno == ENOENT ? "there is no store at \(path)" : "\(path): \(String(cString: strerror(errno)))"
      throw AufdbError(.cannotOpenInput, reason, hint: errno == ENOENT ? "`aufdb init \(path)` makes one" : nil)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw AufdbError(.cannotOpenInput, "\(path) is not a file")
    }
    guard let resolved = realpath(path, nil) else {
      throw AufdbError(.cannotOpenInput, "\(path): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    let located = String(cString: resolved)
    let format = try formatInHeader(path)
    // An older format in the header may be a newer one in the write-ahead log, as an upgrade that was killed at its
    // very end leaves it. SQLite reads both; see `checkFormat`.
    let mayBeNewer = stat(located + "-wal", &status) == 0 && status.st_size > 0
    guard formats.contains(format) || (format < formats.lowerBound && mayBeNewer) else {
      throw unknownFormat(Int64(format), of: path)
    }
    return located
  }

  /// - Returns: the format version of a store of ours.
  private static func formatInHeader(_ path: String) throws(AufdbError) -> UInt32 {
    guard let header = try DatabaseHeader(ofFileAt: path) else {
      throw AufdbError(.badData, "\(path) is not an aufdb store: it isn't a SQLite file")
    }
    guard header.applicationID == applicationID else {
      throw AufdbError(.badData, "\(path) is a SQLite file, but not an aufdb store")
    }
    // SQLite looks at two of its bits at one time, and at all of it at another.
    guard (1...3).contains(header.textEncoding) else {
      throw AufdbError(
        .badData, "the store is damaged: its header says that its texts are in the encoding \(header.textEncoding)",
        hint: "`aufdb salvage STORE NEW` copies out what can be read")
    }
    return header.formatVersion
  }

  /// The path as a URI that tells SQLite to look at nothing but the file.
  static func immutableURI(_ path: String) -> String { uri(path, "immutable=1") }

  /// The path as a URI with a parameter (https://sqlite.org/uri.html).
  static func uri(_ path: String, _ parameter: String) -> String {
    let escaped = path.utf8.map { byte in
      byte >= 0x80 || "?#%".utf8.contains(byte)
        ? "%" + String(byte, radix: 16) : String(decoding: [byte], as: UTF8.self)
    }
    // Without a host's name, which would begin behind two slashes.
    return "file:\(path.hasPrefix("/") ? "//" : "")\(escaped.joined())?\(parameter)"
  }

  /// Asks SQLite for the format version, which may be newer in the write-ahead log than in the file's header.
  static func checkFormat(in connection: Connection) throws(AufdbError) {
    let version = try connection.integer("PRAGMA user_version")
    guard version == Int64(formatVersion) else { throw unknownFormat(version, of: "the store") }
    // Lengths and digests are those of UTF-8, and SQLite would convert every text.
    let encoding = try connection.first("PRAGMA encoding") { $0.string(0) }
    guard encoding == "UTF-8" else {
      throw AufdbError(
        .badData, "the store's texts are in \(encoding ?? "no encoding"), and those of aufdb's stores in UTF-8")
    }
  }

  /// What to say of a store whose format isn't today's.
  static func unknownFormat(_ version: Int64, of store: String) -> AufdbError {
    AufdbError(
      .badData, "\(store) has format version \(version), and this aufdb knows \(formatVersion)",
      hint: (1..<Int64(formatVersion)).contains(version)
        ? "`aufdb upgrade STORE` brings it up to date; keep a copy" : "use a newer aufdb")
  }

  /// Makes a store at `path` with what `fill` puts into it: written aside, then linked into place, so that nobody
  /// ever sees half of one.
  static func create(_ path: String, fill: (Connection) throws -> Void) throws {
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw AufdbError(.refused, "\(path) exists already", hint: "choose another name; aufdb never overwrites a store")
    }
    // SQLite would take the log of a store that had this name for the new one's.
    for log in [path + "-wal", path + "-journal"] where lstat(log, &status) == 0 {
      guard status.st_size == 0 else {
        throw AufdbError(.refused, "\(log) is left of an earlier store", hint: "remove it, or choose another name")
      }
      unlink(log)
    }
    var aside = try AsideFile.making(beside: path)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: aside.path, configuration: configuration)
    try queue.inDatabase { database in
      guard let handle = database.sqliteConnection else { throw AufdbError(.internalDefect, "no connection") }
      let connection = Connection(handle: handle)
      // Each statement of the schema is a transaction. Nobody needs one of them by itself, and the file is brought to the
      // disk as a whole by the last.
      try connection.executeScript("PRAGMA synchronous = OFF")
      try connection.executeScript(Schema.text)
      try connection.executeScript("PRAGMA synchronous = EXTRA")
      try database.inTransaction(.immediate) {
        try fill(connection)
        return .commit
      }
    }
    try queue.close()
    do throws(StreamError) {
      try aside.settle()
      try aside.take(path)
      do throws(StreamError) {
        try Folder.synchronizeName(path)
      } catch {
        // What isn't there for good isn't there, and the name is free again.
        unlink(path)
        throw error
      }
    } catch {
      throw AufdbError(error)
    }
  }
}

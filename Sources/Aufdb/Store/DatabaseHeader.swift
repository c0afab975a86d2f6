// The first 100 bytes of a SQLite file (https://sqlite.org/fileformat2.html#the_database_header): what it says that it is.

/// The header of a file that is one of SQLite's.
struct DatabaseHeader {
  /// Whose file it is, `PRAGMA application_id`.
  let applicationID: UInt32
  /// The format version of a file of ours, `PRAGMA user_version`.
  let formatVersion: UInt32
  /// 1 for UTF-8, 2 and 3 for UTF-16; there are no others.
  let textEncoding: UInt32

  /// - Returns: nil where the file isn't one of SQLite's.
  /// - Throws: `.cannotOpenInput` or `.inputOutput`.
  init?(ofFileAt path: String) throws(AufdbError) {
    let bytes = try AufdbError.ofStream(OpenFile(path).beginning(100))
    guard bytes.count == 100, bytes.starts(with: "SQLite format 3\0".utf8) else { return nil }
    (applicationID, formatVersion, textEncoding) = bytes.withUnsafeBytes {
      ($0.bigEndian32(68), $0.bigEndian32(60), $0.bigEndian32(56))
    }
  }
}

// SQL that stands in a file.

public enum QueryFile {
  /// Reads a file of SQL.
  ///
  /// - Throws: `StreamError` where it can't be read; `.badData` for one that is longer than a script may be, or isn't
  ///   UTF-8, with the line.
  public static func text(of path: String) throws -> String {
    guard let bytes = try ByteSource.contents(of: path, limit: QueryLimits.sqlBytes) else {
      throw AufdbError(
        .badData, "the file is longer than \(QueryLimits.sqlBytes >> 20) MB", hint: "it should be SQL",
        at: AufdbError.Place(file: path))
    }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    // Decoding puts U+FFFD where something is wrong, and keeps all before it: there the two part.
    let good = zip(bytes, String(decoding: bytes, as: UTF8.self).utf8).prefix { $0 == $1 }.count
    throw AufdbError(
      .badData, "the file is not UTF-8", hint: "it should be SQL",
      at: AufdbError.Place(file: path, line: SQLPlace.line(good, in: bytes)))
  }
}

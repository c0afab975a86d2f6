// Where in somebody's SQL something is wrong, for people to see.

/// Places are bytes of UTF-8, counted from the beginning of the text, whatever part of it is given.
enum SQLPlace {
  /// More of a line than this isn't shown.
  private static let shownCount = 100

  /// The line that a place is in, counted from 1. A line ends as editors see it: with LF, CR or both.
  static func line(_ offset: Int, in utf8: some RandomAccessCollection<UInt8>) -> Int {
    var (count, last) = (1, UInt8(0))
    for byte in utf8.prefix(offset) {
      if byte == 0x0A ? last != 0x0D : byte == 0x0D { count += 1 }
      last = byte
    }
    return count
  }

  /// The line that the byte at `offset` stands in, and below it a caret. What is wrong behind the text, such as the
  /// bracket that closes it too early, is wrong at its end.
  static func marked(_ offset: Int, in utf8: ArraySlice<UInt8>) -> String {
    let offset = min(offset, utf8.endIndex)
    let isLineEnd = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
    let start = utf8[..<offset].lastIndex(where: isLineEnd).map { $0 + 1 } ?? utf8.startIndex
    let end = utf8[offset...].firstIndex(where: isLineEnd) ?? utf8.endIndex
    let text = { (bytes: ArraySlice<UInt8>) in
      String(String(decoding: bytes, as: UTF8.self).map { $0 == "\t" ? " " : $0 })
    }
    var (before, after) = (text(utf8[start..<offset]), text(utf8[offset..<end]))
    // Of a long line the part around the place.
    if before.count > shownCount / 2 { before = "..." + before.suffix(shownCount / 2) }
    if before.count + after.count > shownCount { after = after.prefix(shownCount - before.count) + "..." }
    return before + after + "\n" + String(repeating: " ", count: before.count) + "^"
  }

  /// Where a name that an error of SQLite is about stands, for errors that SQLite gives no place of; nil where it isn't
  /// found. It is the first word that reads like it.
  static func offset(ofNameIn error: AufdbError, in sql: ArraySlice<UInt8>) -> Int? {
    let beginnings = ["no such table: ", "no such function: ", "no such table-valued function: "]
    guard let beginning = beginnings.first(where: { error.message.hasPrefix($0) }) else { return nil }
    let name = Array(error.message.dropFirst(beginning.count).utf8)
    guard !name.isEmpty, name.count <= sql.count else { return nil }
    for start in sql.startIndex...(sql.endIndex - name.count) where sql[start] == name[0] {
      let end = start + name.count
      if sql[start..<end].elementsEqual(name), start == sql.startIndex || !SQLSpace.isNameByte(sql[start - 1]),
        end == sql.endIndex || !SQLSpace.isNameByte(sql[end])
      {
        return start
      }
    }
    return nil
  }
}

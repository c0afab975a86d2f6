// What stands between the words of SQL and says nothing (https://sqlite.org/lang_comment.html), and what words are of.

enum SQLSpace {
  /// Whether a byte of UTF-8 can be part of a name that stands without quotes, apart from a $.
  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }

  /// Where white space, semicolons and comments that begin at `start` end.
  static func end(from start: Int, in sql: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var place = start
    while place < sql.endIndex {
      let isPair = place + 1 < sql.endIndex
      switch sql[place] {
      case UInt8(ascii: "-") where isPair && sql[place + 1] == UInt8(ascii: "-"):
        while place < sql.endIndex, sql[place] != UInt8(ascii: "\n") { place += 1 }
      case UInt8(ascii: "/") where isPair && sql[place + 1] == UInt8(ascii: "*"):
        place += 2
        while place + 1 < sql.endIndex, !(sql[place] == UInt8(ascii: "*") && sql[place + 1] == UInt8(ascii: "/")) {
          place += 1
        }
        place = min(place + 2, sql.endIndex)
      case 9, 10, 12, 13, 32, UInt8(ascii: ";"): place += 1
      default: return place
      }
    }
    return place
  }
}

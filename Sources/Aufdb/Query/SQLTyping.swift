// What a line editor asks about SQL that is still being typed.

import GRDBSQLite

public enum SQLTyping {
  /// Whether the text ends with the semicolon of a whole statement, comments behind it apart
  /// (https://sqlite.org/c3ref/complete.html). Complexity: O(length).
  public static func isComplete(_ sql: String) -> Bool { sqlite3_complete(sql) != 0 }

  /// Whether there is nothing but white space, semicolons and comments.
  public static func isBlank(_ sql: String) -> Bool {
    var sql = sql
    return sql.withUTF8 { utf8 in
      let all = utf8[utf8.startIndex..<utf8.endIndex]
      return SQLSpace.end(from: all.startIndex, in: all) == all.endIndex
    }
  }

  /// SQLite's keywords, in capitals (https://sqlite.org/c3ref/keyword_check.html).
  public static let keywords: [String] = (0..<sqlite3_keyword_count()).compactMap { index in
    var start: UnsafePointer<CChar>?
    var count: Int32 = 0
    guard sqlite3_keyword_name(index, &start, &count) == SQLITE_OK, let start else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: Int(count)), as: UTF8.self)
  }

  /// The parameters that occur in the text, strings and comments apart, without their marks.
  public static func parameterNames(in sql: String) -> Set<String> {
    var names: Set<String> = []
    let utf8 = Array(sql.utf8)
    var place = 0
    while place < utf8.count {
      switch utf8[place] {
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
        // A doubled quote ends the string and begins another one, which comes to the same.
        place = (utf8[(place + 1)...].firstIndex(of: utf8[place]) ?? utf8.count) + 1
      case UInt8(ascii: "-"), UInt8(ascii: "/"):
        place = utf8.withUnsafeBufferPointer { max(place + 1, SQLSpace.end(from: place, in: $0[0..<$0.count])) }
      case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"):
        let name = utf8[(place + 1)...].prefix(while: SQLSpace.isNameByte)
        if !name.isEmpty { names.insert(String(decoding: name, as: UTF8.self)) }
        place += 1 + name.count
      case let byte where SQLSpace.isNameByte(byte):
        place += utf8[place...].prefix { SQLSpace.isNameByte($0) || $0 == UInt8(ascii: "$") }.count
      default: place += 1
      }
    }
    return names
  }
}

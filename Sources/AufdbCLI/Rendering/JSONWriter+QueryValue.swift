// SQLite's values as JSON, the same in everything that the command writes.
//
// Integers and reals are numbers (a real always has a point or an exponent, and reads back as the same double), NULL
// and the infinities, which JSON doesn't have, are null, and a blob is {"$blob":"00ff"}. Bytes of a text that are not
// UTF-8 become U+FFFD.

import Aufdb

extension JSONWriter {
  mutating func value(_ value: QueryValue) {
    switch value {
    case .null: null()
    case .integer(let integer): int(integer)
    case .real(let real):
      do throws(JSONError) { try double(real) } catch { null() }
    case .text(let bytes): text(bytes)
    case .blob(let bytes): blob(bytes)
    }
  }

  /// {column: value, ...}, or null where there is no row.
  mutating func row(_ columns: [String], _ values: [SQLValue]?) {
    guard let values else { return null() }
    beginObject()
    for (column, value) in zip(columns, values) {
      key(column)
      value.withQueryValue { self.value($0) }
    }
    endObject()
  }

  /// What a changed row is, as members of the object that is being written: table and key, and unless these are enough
  /// change, columns (the names of those that differ, of a modified row), old and new.
  mutating func members(of change: RowChange, namesOnly: Bool = false) {
    let columns = change.relation.columns
    key("table")
    string(change.relation.name)
    key("key")
    row(change.relation.keyColumns, change.key)
    guard !namesOnly else { return }
    key("change")
    string(change.kind.rawValue)
    if change.kind == .modified {
      key("columns")
      beginArray()
      for column in change.changedColumns { string(columns[column]) }
      endArray()
    }
    key("old")
    row(columns, change.old)
    key("new")
    row(columns, change.new)
  }

  private mutating func text(_ bytes: UnsafeRawBufferPointer) {
    if Self.isASCII(bytes) {
      string(bytes)
    } else {
      // This mends what isn't UTF-8; the writer takes its word.
      string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private mutating func blob(_ bytes: UnsafeRawBufferPointer) {
    let text = [UInt8](unsafeUninitializedCapacity: 2 * bytes.count) { digits, count in
      if let start = digits.baseAddress { HexDigits.encode(bytes, into: start) }
      count = 2 * bytes.count
    }
    beginObject()
    key("$blob")
    text.withUnsafeBytes { string($0) }
    endObject()
  }

  private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var union: UInt8 = 0
    for byte in bytes { union |= byte }
    return union < 0x80
  }
}

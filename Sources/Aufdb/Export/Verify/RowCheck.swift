// Whether a line is a row of an export: one JSON object with the columns that it should have, in order and of their
// types, and nothing else.

/// Checks lines against columns, keeping its memory from one to the next.
struct RowCheck: ~Copyable {
  private let columns: [Column]
  /// Whether further fields may follow the columns.
  private let hasOthers: Bool
  private var reader = JSONReader()

  init(_ columns: [Column], hasOthers: Bool = false) {
    self.columns = columns
    self.hasOthers = hasOthers
  }

  /// What is wrong with a line; nil if nothing is.
  mutating func finding(in line: Bytes) -> String? {
    reader.begin(line)
    do throws(JSONError) {
      if let finding = try fields(columns, hasOthers: hasOthers, path: "") { return finding }
      try reader.finish()
      return nil
    } catch {
      return error.reason.description
    }
  }

  private mutating func fields(_ columns: [Column], hasOthers: Bool, path: String) throws(JSONError) -> String? {
    guard try reader.peekKind() == .object else {
      return try "\(path.isEmpty ? "the line" : path) is \(reader.peekKind()), not an object"
    }
    try reader.beginObject(uniqueKeys: true)
    var index = 0
    while let key = try reader.nextKey() {
      guard index < columns.count else {
        guard hasOthers else { return "there is a column \(path)\(key.text) too many" }
        _ = try reader.skipValue()
        continue
      }
      let column = columns[index]
      guard key.bytes.elementsEqual(column.name.utf8) else {
        return "the column \(path)\(key.text) stands where \(path)\(column.name) should"
      }
      index += 1
      if column.isNullable, try reader.nullIfPresent() { continue }
      if let finding = try value(column.type, path: path + column.name) { return finding }
    }
    return index == columns.count ? nil : "the column \(path)\(columns[index].name) is missing"
  }

  private mutating func value(_ type: ColumnType, path: String) throws(JSONError) -> String? {
    let kind = try reader.peekKind()
    if let expected = type.kind, kind != expected { return "\(path) is \(kind), not \(expected)" }
    switch type {
    case .json: _ = try reader.skipValue()
    case .text: _ = try reader.string()
    case .flag: _ = try reader.bool()
    case .integer: _ = try reader.int()
    case .number:
      let text = try reader.skipValue()
      guard text.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) else {
        return "\(path) is \(String(decoding: text.prefix(40), as: UTF8.self)), a number without a point"
      }
    case .list(let element):
      try reader.beginArray()
      while try reader.nextElement() {
        if let finding = try value(element, path: path + "[]") { return finding }
      }
    case .object(let columns): return try fields(columns, hasOthers: false, path: path + ".")
    }
    return nil
  }
}

extension ColumnType {
  /// The kind of JSON value that it is; nil for any.
  fileprivate var kind: JSONKind? {
    switch self {
    case .text: .string
    case .number, .integer: .number
    case .flag: .bool
    case .list: .array
    case .object: .object
    case .json: nil
    }
  }
}

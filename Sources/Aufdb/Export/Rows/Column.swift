// The columns of a row and the types of what they hold, as the card names them and as a check reads them.
//
// `datasets` writes a list of values as `list: string`, a list of objects as `list:` over the object's fields, and an
// object as `struct:` over them (Features._to_yaml_list of https://github.com/huggingface/datasets).

/// One column: its name and what each row has there.
struct Column: Sendable, Equatable {
  var name: String
  var type: ColumnType
  /// Whether a row may have null there.
  var isNullable = false

  init(_ name: String, _ type: ColumnType, isNullable: Bool = false) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
  }

  /// The column's lines in the card, at a depth of so many blanks; the first begins with "- name:".
  func yaml(indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    return "\(blanks)- name: \(yamlName)\n\(type.yaml(indent: indent + 2))"
  }

  /// The name, quoted where it is not a plain word: YAML's double quotes take JSON's escapes.
  private var yamlName: String {
    let isWord = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    // These mean something else in some YAML: true, off, null ...
    guard
      !isWord || name.isEmpty
        || ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(name.lowercased())
    else { return name }
    var writer = JSONWriter()
    writer.string(name)
    return writer.text
  }
}

/// What a column holds.
indirect enum ColumnType: Sendable, Equatable {
  case text
  /// A double: written with a point or an exponent.
  case number
  /// An integer of 64 bits.
  case integer
  case flag
  case list(ColumnType)
  case object([Column])
  /// Any JSON.
  case json

  /// A list of messages with role and content.
  static let messages = ColumnType.list(.object([Column("role", .text), Column("content", .text)]))
  /// A message as LLaMA-Factory's sharegpt style has it.
  static let turn = ColumnType.object([Column("from", .text), Column("value", .text)])

  /// The name that `datasets` has for it; nil for what has parts.
  private var dtype: String? {
    switch self {
    case .text: "string"
    case .number: "float64"
    case .integer: "int64"
    case .flag: "bool"
    case .json: "json"
    case .list, .object: nil
    }
  }

  fileprivate func yaml(indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    switch self {
    case .list(let element):
      if let name = element.dtype { return "\(blanks)list: \(name)\n" }
      if case .object(let fields) = element {
        return "\(blanks)list:\n" + fields.map { $0.yaml(indent: indent) }.joined()
      }
      return "\(blanks)list:\n" + element.yaml(indent: indent + 2)
    case .object(let fields): return "\(blanks)struct:\n" + fields.map { $0.yaml(indent: indent) }.joined()
    case .text, .number, .integer, .flag, .json: return "\(blanks)dtype: \(dtype ?? "")\n"
    }
  }
}

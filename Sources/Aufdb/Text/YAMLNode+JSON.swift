// Values of YAML files as JSON, and back.
//
// A plain scalar is what YAML 1.2's core schema says (https://yaml.org/spec/1.2.2/#103-core-schema) as far as JSON has
// it: null, true and false, decimal numbers; all else is a string. A quoted one is a string.

import Yams

extension Node {
  /// The value as compact JSON, the keys of objects in alphabetical order.
  ///
  /// - Parameter file: for errors.
  /// - Throws: `.badData` with the line for what JSON doesn't have: infinity, NaN, an integer beyond 64 bits, a key that
  ///   is no word.
  func json(in file: String) throws(AufdbError) -> String {
    var writer = JSONWriter()
    try write(to: &writer, file)
    return writer.text
  }

  private func write(to writer: inout JSONWriter, _ file: String) throws(AufdbError) {
    switch self {
    case .scalar(let scalar): try write(scalar, to: &writer, file)
    case .sequence(let sequence):
      writer.beginArray()
      for element in sequence { try element.write(to: &writer, file) }
      writer.endArray()
    case .mapping(let mapping):
      var entries: [(key: String, value: Node)] = []
      for (key, value) in mapping {
        guard let name = key.scalar?.string else { throw fault("a key is a word", key, file) }
        entries.append((name, value))
      }
      writer.beginObject()
      for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
        writer.key(key)
        try value.write(to: &writer, file)
      }
      writer.endObject()
    case .alias: throw fault("aliases of what comes later aren't read here", self, file)
    }
  }

  private func write(_ scalar: Scalar, to writer: inout JSONWriter, _ file: String) throws(AufdbError) {
    let text = scalar.string
    let isTagged = scalar.tag.description == Tag.Name.str.rawValue
    guard scalar.style == .plain, !isTagged else { return writer.string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": writer.null()
    case "true", "True", "TRUE": writer.bool(true)
    case "false", "False", "FALSE": writer.bool(false)
    case _ where Self.isInteger(text):
      guard let number = Int64(text) else { throw fault("\(text.quoted) is too large a number", self, file) }
      writer.int(number)
    case _ where Self.isDecimal(text):
      guard let number = Double(text), (try? writer.double(number)) != nil else {
        throw fault("\(text.quoted) is too large a number", self, file)
      }
    case _ where [".inf", ".nan"].contains(text.lowercased().filter { $0 != "-" && $0 != "+" }):
      throw fault("JSON has no \(text)", self, file)
    default: writer.string(text)
    }
  }

  /// -7
  private static func isInteger(_ text: String) -> Bool {
    let digits =
      text.utf8.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") } == true
      ? text.utf8.dropFirst() : text.utf8[...]
    return !digits.isEmpty && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// 0.7, .5, 1e-3, -2.
  private static func isDecimal(_ text: String) -> Bool {
    let isNumeral = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "+-.eE".utf8.contains($0) }
    return isNumeral && text.utf8.contains { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } && Double(text) != nil
  }

  private func fault(_ message: String, _ node: Node, _ file: String) -> AufdbError {
    AufdbError(.badData, message, at: .init(file: file, line: node.mark?.line))
  }

  /// What is written so that `json(in:)` reads this text as a string again: in quotes where it must be, and over several
  /// lines where it has several.
  init(string: String) {
    self = Node(string, .implicit, string.contains("\n") ? .literal : Self.isPlain(string) ? .any : .doubleQuoted)
  }

  /// Whether a text is a string without quotes: here, and for programs that know YAML 1.1, where `no` is a truth value.
  private static func isPlain(_ string: String) -> Bool {
    let node = Node(string, .implicit, .plain)
    guard let json = try? node.json(in: ""), json.hasPrefix("\""), string.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return false }
    return node.bool == nil && node.int == nil && node.float == nil && node.timestamp == nil
      && !["y", "n"].contains(string.lowercased())
  }

  /// The value that JSON holds.
  init(json: String) throws(JSONError) {
    self = try JSONReader.read(json) { (reader) throws(JSONError) in try Node(&reader) }
  }

  private init(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.peekKind() {
    case .string: self.init(string: String(decoding: try reader.string(), as: UTF8.self))
    case .array:
      var elements: [Node] = []
      try reader.beginArray()
      while try reader.nextElement() { elements.append(try Node(&reader)) }
      self.init(elements, .implicit, .flow)
    case .object:
      var entries: [(Node, Node)] = []
      try reader.beginObject()
      while let key = try reader.nextKey() { entries.append((Node(string: key.text), try Node(&reader))) }
      self.init(entries, .implicit, .flow)
    default: self.init(String(decoding: try reader.skipValue(), as: UTF8.self), .implicit, .plain)
    }
  }
}

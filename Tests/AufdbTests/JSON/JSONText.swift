// What the JSON tests share: walking over a whole text, and small seeded randomness.

import AufdbTestSupport
import Testing

@testable import Aufdb

/// A JSON value as tests compare it.
enum JSONValue: Equatable {
  case object([Member])
  case array([JSONValue])
  case string(String)
  case number(JSONNumber)
  case bool(Bool)
  case null

  struct Member: Equatable {
    let key: String
    let value: JSONValue
  }

  /// Reads a whole text.
  static func reading(_ text: [UInt8], uniqueKeys: Bool = false) throws -> JSONValue {
    var reader = JSONReader()
    return try text.withUnsafeBytes { bytes in
      reader.begin(bytes)
      let value = try JSONValue(&reader, uniqueKeys: uniqueKeys)
      try reader.finish()
      return value
    }
  }

  static func reading(_ text: String, uniqueKeys: Bool = false) throws -> JSONValue {
    try reading(Array(text.utf8), uniqueKeys: uniqueKeys)
  }

  init(_ reader: inout JSONReader, uniqueKeys: Bool) throws(JSONError) {
    switch try reader.peekKind() {
    case .object:
      var members: [Member] = []
      try reader.beginObject(uniqueKeys: uniqueKeys)
      while let key = try reader.nextKey() {
        members.append(Member(key: key.text, value: try JSONValue(&reader, uniqueKeys: uniqueKeys)))
      }
      self = .object(members)
    case .array:
      var elements: [JSONValue] = []
      try reader.beginArray()
      while try reader.nextElement() { elements.append(try JSONValue(&reader, uniqueKeys: uniqueKeys)) }
      self = .array(elements)
    case .string: self = .string(try reader.stringValue())
    case .number: self = .number(try reader.number())
    case .bool: self = .bool(try reader.bool())
    case .null:
      try reader.null()
      self = .null
    }
  }
}

/// Skips a whole text, validating it; returns the bytes that the value took.
func skipping(_ text: [UInt8]) throws -> [UInt8] {
  var reader = JSONReader()
  return try text.withUnsafeBytes { bytes in
    reader.begin(bytes)
    let value = Array(try reader.skipValue())
    try reader.finish()
    return value
  }
}

/// Copies a whole text in compact form.
func compacting(_ text: [UInt8]) throws -> String {
  var reader = JSONReader()
  var writer = JSONWriter()
  try text.withUnsafeBytes { bytes in
    reader.begin(bytes)
    try reader.copyValue(to: &writer)
    try reader.finish()
  }
  return writer.text
}

extension SeededGenerator {
  /// A string of up to `length` scalars of every width, rich in what needs care.
  mutating func string(length: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      let scalar: UInt32 =
        switch next() % 12 {
        case 0: UInt32.random(in: 0..<0x20, using: &self)
        case 1: [0x22, 0x5C, 0x2F, 0x7F, 0x0A, 0x0D][Int.random(in: 0..<6, using: &self)]
        case 2: UInt32.random(in: 0x80..<0x800, using: &self)
        case 3: UInt32.random(in: 0x800..<0xD800, using: &self)
        case 4: UInt32.random(in: 0xE000...0xFFFF, using: &self)
        case 5: UInt32.random(in: 0x10000...0x10FFFF, using: &self)
        case 6: UInt32.random(in: 0x2020...0x2030, using: &self)
        default: UInt32.random(in: 0x20..<0x7F, using: &self)
        }
      if let scalar = UnicodeScalar(scalar) { text.append(scalar) }
    }
    return String(text)
  }
}

// A value exactly as SQLite stores it, and its canonical bytes, written a second time from CommitBytes.swift's page.

import Testing

@testable import Aufdb

/// A value with its storage class; a text is bytes, because what is stored need not be UTF-8.
enum StoredValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text([UInt8])
  case blob([UInt8])

  static func text(_ text: String) -> StoredValue { .text(Array(text.utf8)) }

  init(_ statement: SQLStatement, _ column: Int32) {
    switch statement.type(column) {
    case SQLiteType.integer: self = .integer(statement.integer(column))
    case SQLiteType.real: self = .real(statement.real(column))
    case SQLiteType.text: self = .text(Array(statement.bytes(column)))
    case SQLiteType.blob: self = .blob(Array(statement.bytes(column)))
    default: self = .null
    }
  }

  /// The tag byte and the value.
  var canonicalBytes: [UInt8] {
    switch self {
    case .null: [0]
    case .integer(let integer): [1] + littleEndian(UInt64(bitPattern: integer))
    case .real(let real): [2] + littleEndian(real.bitPattern)
    case .text(let bytes): [3] + lengthPrefixed(bytes)
    case .blob(let bytes): [4] + lengthPrefixed(bytes)
    }
  }

  /// The value as the library lends it, with what isn't UTF-8 mended.
  var sqlValue: SQLValue {
    switch self {
    case .null: .null
    case .integer(let integer): .integer(integer)
    case .real(let real): .real(real)
    case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
    case .blob(let bytes): .blob(bytes)
    }
  }

  /// A text's or integer's value in a form that a key can be made of.
  var keyText: String {
    switch self {
    case .null: "-"
    case .integer(let integer): "i\(integer)"
    case .real(let real): "r\(real)"
    case .text(let bytes): "t" + String(decoding: bytes, as: UTF8.self)
    case .blob(let bytes): "b\(bytes)"
    }
  }
}

extension StoredValue: CustomTestStringConvertible {
  var testDescription: String { keyText }
}

/// A number as eight bytes, the lowest first.
func littleEndian(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

/// The length as eight bytes, then the bytes.
func lengthPrefixed(_ bytes: [UInt8]) -> [UInt8] { littleEndian(UInt64(bytes.count)) + bytes }

/// One row version without its id, as the model of a store holds it.
struct ModelRow: Equatable, Sendable {
  let relation: Relation
  /// In the order of the relation's columns.
  let values: [StoredValue]
  /// Equal for rows of one natural key (schema.sql, "key"), and for those only.
  let key: String

  init(relation: Relation, values: [StoredValue]) {
    self.relation = relation
    self.values = values
    key = Self.key(relation, values)
  }

  /// How many of a relation's last columns are late, which may be NULL and leave no bytes then.
  static func lateCount(_ relation: Relation) -> Int { [.estimates, .selections, .labels].contains(relation) ? 1 : 0 }

  var canonicalBytes: [UInt8] {
    let firstLate = values.count - Self.lateCount(relation)
    let late = values[firstLate...].enumerated().flatMap { place, value -> [UInt8] in
      value == .null ? [] : [5, UInt8(place)] + value.canonicalBytes
    }
    return values[..<firstLate].flatMap(\.canonicalBytes) + late
  }

  var sqlValues: [SQLValue] { values.map(\.sqlValue) }

  subscript(column: String) -> StoredValue {
    relation.columns.firstIndex(of: column).map { values[$0] } ?? .null
  }

  /// Positions are written out, and not looked up by name, because a model makes thousands of these.
  private static func key(_ relation: Relation, _ values: [StoredValue]) -> String {
    func text(_ positions: Int...) -> String { positions.map { values[$0].keyText }.joined(separator: "\u{1}") }
    func pair() -> String { [text(1, 2), text(3, 4)].sorted().joined(separator: "\u{2}") }
    return switch relation {
    case .prompts, .snapshots, .rewardHeads, .queries: text(0)
    case .progress: text(0, 1)
    case .responses, .definitions: text(0, 1, 2)
    case .embeddings, .scores, .estimates: text(0, 1, 2, 3)
    case .selections: text(0, 5, 6) + pair()
    case .labels: text(0, 5) + pair()
    }
  }
}

extension RowWriter {
  /// Adds a row of the model.
  @discardableResult
  func add(_ row: ModelRow) throws -> Int64 {
    // Texts and blobs are given as lent bytes, as an importer gives them, so they must outlive `insert`.
    var lent: [UnsafeMutableRawBufferPointer] = []
    defer { for buffer in lent { buffer.deallocate() } }
    func lend(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
      buffer.copyBytes(from: bytes)
      lent.append(buffer)
      return UnsafeRawBufferPointer(buffer)
    }
    for value in row.values {
      switch value {
      case .null: null()
      case .integer(let value): integer(value)
      case .real(let value): real(value)
      case .text(let bytes): text(lend(bytes))
      case .blob(let bytes): blob(lend(bytes))
      }
    }
    return try insert()
  }
}

// The arrays of a line, element after element into flat memory, with errors that name the key and the element.
//
// Each function reads one array and gives its length, which is k.

import AufdbAcquisition

enum FilterColumn {
  /// Numbers in single precision, in which methods compute.
  static func floats(_ reader: inout JSONReader, _ key: FilterKey, into values: inout [Float]) throws -> Int {
    try beginArray(&reader, key)
    while try reader.nextElement() {
      values.append(try float(&reader) { "\(key.rawValue)[\(values.count)]" })
    }
    return values.count
  }

  /// Numbers in double precision.
  static func doubles(_ reader: inout JSONReader, _ key: FilterKey, into values: inout [Double]) throws -> Int {
    try beginArray(&reader, key)
    while try reader.nextElement() {
      values.append(try number(&reader) { "\(key.rawValue)[\(values.count)]" })
    }
    return values.count
  }

  /// Whole numbers, 0 or more.
  static func wholeNumbers(_ reader: inout JSONReader, _ key: FilterKey, into values: inout [Int]) throws -> Int {
    try beginArray(&reader, key)
    while try reader.nextElement() {
      // The field's name is only worth making for those few methods that need lengths.
      values.append(Int(try Field.wholeNumber(&reader, "\(key.rawValue)[\(values.count)]")))
    }
    return values.count
  }

  /// The lengths of texts, in Unicode code points.
  static func textLengths(_ reader: inout JSONReader, _ key: FilterKey, into values: inout [Int]) throws -> Int {
    try beginArray(&reader, key)
    while try reader.nextElement() {
      let text = try text(&reader) { "\(key.rawValue)[\(values.count)]" }
      // Every byte but those that go on with a code point.
      values.append(text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) })
    }
    return values.count
  }

  /// The names of models.
  static func models(_ reader: inout JSONReader, _ key: FilterKey, into storage: inout CandidateStorage) throws -> Int {
    try beginArray(&reader, key)
    while try reader.nextElement() {
      let count = storage.modelEnds.count
      storage.append(model: try text(&reader) { "\(key.rawValue)[\(count)]" })
    }
    return storage.modelEnds.count
  }

  /// Rows of as many numbers each, at least one, in single precision; the length is the number of rows.
  static func matrix(_ reader: inout JSONReader, _ key: FilterKey, into values: inout [Float]) throws -> Int {
    var (rowCount, rowLength) = (0, 0)
    try beginArray(&reader, key)
    while try reader.nextElement() {
      guard try reader.peekKind() == .array else {
        throw Field.mistyped(&reader, "\(key.rawValue)[\(rowCount)]", "an array")
      }
      let start = values.count
      try reader.beginArray()
      while try reader.nextElement() {
        values.append(try float(&reader) { "\(key.rawValue)[\(rowCount)][\(values.count - start)]" })
      }
      let length = values.count - start
      if rowCount == 0 { rowLength = length }
      guard length > 0 else { throw AufdbError(.badData, "\(key.rawValue)[\(rowCount)] is empty") }
      guard length == rowLength else {
        throw AufdbError(
          .badData, "\(key.rawValue)[\(rowCount)] has \(length) numbers, and \(key.rawValue)[0] \(rowLength)")
      }
      rowCount += 1
    }
    return rowCount
  }

  /// Elements of any kind, which are only counted.
  static func elementCount(_ reader: inout JSONReader, _ key: FilterKey) throws -> Int {
    var count = 0
    try beginArray(&reader, key)
    while try reader.nextElement() {
      _ = try reader.skipValue()
      count += 1
    }
    return count
  }

  private static func beginArray(_ reader: inout JSONReader, _ key: FilterKey) throws {
    guard try reader.peekKind() == .array else { throw Field.mistyped(&reader, key.rawValue, "an array") }
    try reader.beginArray()
  }

  @inline(__always)
  private static func float(_ reader: inout JSONReader, _ name: () -> String) throws -> Float {
    let value = Float(try number(&reader, name))
    guard value.isFinite else {
      throw AufdbError(.badData, "\(name()) is too large: methods compute in single precision")
    }
    return value
  }

  /// Asks for the kind only after it was the wrong one: this is where most of the time goes.
  @inline(__always)
  private static func number(_ reader: inout JSONReader, _ name: () -> String) throws -> Double {
    do throws(JSONError) {
      return try reader.double()
    } catch {
      guard case .wrongKind = error.reason else { throw error }
      throw Field.mistyped(&reader, name(), "a number")
    }
  }

  private static func text(_ reader: inout JSONReader, _ name: () -> String) throws -> Bytes {
    guard try reader.peekKind() == .string else { throw Field.mistyped(&reader, name(), "a text") }
    return try reader.string()
  }
}

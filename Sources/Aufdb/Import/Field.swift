// Reading the fields of an imported record: type by type, with errors that name the field.

enum Field {
  static func missing(_ name: String) -> AufdbError { AufdbError(.badData, "\(name) is missing") }

  /// The error for a line that names no judge, where the import doesn't either.
  static let missingJudge = AufdbError(
    .badData, "judge is missing", hint: "add it to the line, or name one for all such lines with --judge NAME")

  /// A text; anything else is an error that names the field.
  static func text(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Bytes {
    guard try reader.peekKind() == .string else { throw mistyped(&reader, name(), "a text") }
    return try reader.string()
  }

  /// A text or null.
  static func optionalText(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Bytes? {
    try reader.nullIfPresent() ? nil : text(&reader, name())
  }

  /// A name (prompt_id, model, judge): a text that isn't empty and has no control characters.
  static func name(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Bytes {
    let bytes = try text(&reader, name())
    guard !bytes.isEmpty else { throw AufdbError(.badData, "\(name()) is empty") }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw AufdbError(.badData, "\(name()) has a control character")
    }
    return bytes
  }

  static func number(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Double {
    guard try reader.peekKind() == .number else { throw mistyped(&reader, name(), "a number") }
    return try reader.double()
  }

  /// A number or null.
  static func optionalNumber(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Double? {
    try reader.nullIfPresent() ? nil : number(&reader, name())
  }

  /// A whole number, 0 or more: that of a sample or a batch.
  static func wholeNumber(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Int64 {
    guard try reader.peekKind() == .number else { throw mistyped(&reader, name(), "a whole number") }
    let value: Int64
    do throws(JSONError) {
      value = try reader.int()
    } catch {
      switch error.reason {
      case .notAnInteger: throw AufdbError(.badData, "\(name()) is not a whole number")
      case .numberTooLarge: throw AufdbError(.badData, "\(name()) is too large")
      default: throw error
      }
    }
    guard value >= 0 else { throw AufdbError(.badData, "\(name()) is negative") }
    return value
  }

  /// A score: a number, a text that holds one, or nothing ("", "N/A" or null).
  static func score(_ reader: inout JSONReader, _ name: @autoclosure () -> String) throws -> Double? {
    switch try reader.peekKind() {
    case .number: return try reader.double()
    case .null:
      try reader.null()
      return nil
    case .string:
      let text = try reader.string()
      if text.isEmpty || text.elementsEqual("N/A".utf8) { return nil }
      var inner = JSONReader()
      inner.begin(text)
      do throws(JSONError) {
        let value = try inner.double()
        try inner.finish()
        return value
      } catch {
        throw AufdbError(.badData, "\(name()) is the text \"\(excerpt(text))\", which isn't a number")
      }
    default: throw mistyped(&reader, name(), "a number")
    }
  }

  static func mistyped(_ reader: inout JSONReader, _ name: @autoclosure () -> String, _ expected: String) -> any Error {
    do throws(JSONError) {
      return AufdbError(.badData, "\(name()) is \(try reader.peekKind()), not \(expected)")
    } catch {
      return error
    }
  }

  /// The beginning of a text, for an error.
  static func excerpt(_ bytes: Bytes) -> String {
    guard bytes.count > 60 else { return String(decoding: bytes, as: UTF8.self) }
    // Not inside a character: its bytes after the first are 10xxxxxx.
    var end = 60
    while end > 57, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: bytes.prefix(end), as: UTF8.self) + "..."
  }

  /// Whether a column holds this number, or NULL for nil.
  static func isEqual(_ row: SQLStatement, _ column: Int32, _ number: Int64?) -> Bool {
    guard let number else { return row.isNull(column) }
    return row.type(column) == SQLiteType.integer && row.integer(column) == number
  }

  /// Whether a column holds this text, or NULL for nil.
  static func isEqual(_ row: SQLStatement, _ column: Int32, _ text: Bytes?) -> Bool {
    guard let text else { return row.isNull(column) }
    return row.type(column) == SQLiteType.text && row.bytes(column).isEqual(to: text)
  }
}

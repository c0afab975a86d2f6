// Values that the caller does not want, or wants as they stand, or wants written again in compact form.

extension JSONReader {
  /// Reads a value of any kind, validating all of it.
  ///
  /// - Returns: its bytes in the text, without white space around them.
  package mutating func skipValue() throws(JSONError) -> UnsafeRawBufferPointer {
    skipWhitespace()
    let first = cursor
    let outerDepth = depth
    var openKinds = OpenKinds()
    repeat {
      switch try peekKind() {
      case .object:
        try beginObject()
        openKinds.push(isObject: true, depth: depth - outerDepth)
      case .array:
        try beginArray()
        openKinds.push(isObject: false, depth: depth - outerDepth)
      case .string: try skipString()
      case .number: _ = try number()
      case .bool: _ = try bool()
      case .null: try null()
      }
      // Close what ends here, until a further value is due.
      while depth > outerDepth {
        let isObject = openKinds.isObject(depth: depth - outerDepth)
        if isObject ? try nextKey() != nil : try nextElement() { break }
      }
    } while depth > outerDepth
    return UnsafeRawBufferPointer(start: first, count: cursor - first)
  }

  /// Reads a value of any kind and writes it in compact form: no white space, the order of keys and the text of
  /// numbers as they were, strings with the writer's escapes only. So equal values that differ in spacing or escapes
  /// become equal bytes.
  package mutating func copyValue(to writer: inout JSONWriter) throws(JSONError) {
    switch try peekKind() {
    case .object:
      try beginObject()
      writer.beginObject()
      while let key = try nextKey() {
        writer.key(key.bytes)
        try copyValue(to: &writer)
      }
      writer.endObject()
    case .array:
      try beginArray()
      writer.beginArray()
      while try nextElement() { try copyValue(to: &writer) }
      writer.endArray()
    case .string: writer.string(try string())
    case .number, .bool, .null: writer.raw(try skipValue())
    }
  }
}

/// Whether each open container is an object, one bit a level: `skipValue` goes through any nesting without recursion.
private struct OpenKinds {
  private var words: [8 of UInt64] = .init(repeating: 0)

  mutating func push(isObject: Bool, depth: Int) {
    let (word, bit) = (depth - 1).quotientAndRemainder(dividingBy: 64)
    words[word] = words[word] & ~(1 << UInt64(bit)) | (isObject ? 1 : 0) << UInt64(bit)
  }

  func isObject(depth: Int) -> Bool {
    let (word, bit) = (depth - 1).quotientAndRemainder(dividingBy: 64)
    return words[word] >> UInt64(bit) & 1 == 1
  }
}

extension JSONReader {
  /// Whether a text is one JSON value and nothing else.
  static func isJSON(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      var reader = JSONReader()
      reader.begin(UnsafeRawBufferPointer(utf8))
      do throws(JSONError) {
        _ = try reader.skipValue()
        try reader.finish()
      } catch {
        return false
      }
      return true
    }
  }
}

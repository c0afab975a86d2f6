// A pull parser over one JSON text in memory.
//
// The caller asks for what it expects (an object, its next key, a string...) and gets it or a `JSONError`; nothing is
// built that nobody asked for. RFC 8259 to the letter: no trailing commas, no NaN, no raw control characters, no
// invalid UTF-8, no lone surrogates, nothing after the value. Everything is validated, also what is skipped.
//
// Strings come as slices of bytes: of the text itself where it has no escape, otherwise of the arena, a block as large
// as the text. Decoded text is never longer than its source, so the arena never moves while a text is read, and every
// slice stays valid until `begin` is called again, the reader goes, or the text's memory does.
//
// Between the elements of a container the reader needs to know one thing: whether a comma is due. That is one flag,
// for when an inner container closes, the outer one has had an element.

/// Reads one JSON text after another; the same reader serves all lines of a file, keeping its memory.
package struct JSONReader: ~Copyable {
  /// How many arrays and objects may stand inside each other.
  package static let depthLimit = 512

  let placeholder: UnsafeMutablePointer<UInt8>
  var start: UnsafePointer<UInt8>
  var cursor: UnsafePointer<UInt8>
  var end: UnsafePointer<UInt8>

  var depth = 0
  var isAtFirst = false
  var uniqueKeys = JSONKeySet()

  var arena: UnsafeMutablePointer<UInt8>
  var arenaCapacity = 0
  var arenaCount = 0

  /// Makes a reader that has no text yet.
  package init() {
    placeholder = .allocate(capacity: 1)
    placeholder.initialize(to: 0)
    start = UnsafePointer(placeholder)
    cursor = start
    end = start
    arena = placeholder
  }

  deinit {
    if arenaCapacity > 0 { arena.deallocate() }
    placeholder.deallocate()
  }

  /// Turns to a new text; slices and keys of the one before are no longer valid.
  ///
  /// - Parameter text: one JSON text, which must stay where it is until the next `begin`.
  package mutating func begin(_ text: UnsafeRawBufferPointer) {
    let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafePointer(placeholder)
    start = base
    cursor = base
    end = base + text.count
    depth = 0
    isAtFirst = false
    arenaCount = 0
    uniqueKeys.removeAll()
  }

  /// The byte that is read next, counted from 0.
  package var offset: Int { cursor - start }

  /// The kind of the value that comes next; reads nothing but white space.
  package mutating func peekKind() throws(JSONError) -> JSONKind {
    skipWhitespace()
    guard cursor < end else { throw failure(.endsEarly) }
    guard let kind = JSONKind(firstByte: cursor.pointee) else { throw unexpectedByte() }
    return kind
  }

  /// Reads an object's opening brace; `nextKey` follows.
  ///
  /// - Parameter uniqueKeys: whether `nextKey` refuses a key that this object had before.
  package mutating func beginObject(uniqueKeys isUnique: Bool = false) throws(JSONError) {
    try open(UInt8(ascii: "{"), .object)
    if isUnique { uniqueKeys.beginObject(depth: depth) }
  }

  /// Reads up to the next key's value, or the closing brace.
  ///
  /// - Returns: the key, or nil at the end of the object.
  package mutating func nextKey() throws(JSONError) -> JSONKey? {
    guard try advance(closing: UInt8(ascii: "}")) else {
      if uniqueKeys.depth > depth { uniqueKeys.endObject() }
      return nil
    }
    let keyOffset = offset
    let key = JSONKey(bytes: try string())
    if uniqueKeys.depth == depth, !uniqueKeys.insert(key) {
      throw JSONError(offset: keyOffset, reason: .duplicateKey(key.text))
    }
    skipWhitespace()
    guard cursor < end else { throw failure(.endsEarly) }
    guard cursor.pointee == UInt8(ascii: ":") else { throw unexpectedByte() }
    cursor += 1
    return key
  }

  /// Reads an array's opening bracket; `nextElement` follows.
  package mutating func beginArray() throws(JSONError) {
    try open(UInt8(ascii: "["), .array)
  }

  /// Reads up to the next element, or the closing bracket.
  ///
  /// - Returns: whether there is another element.
  package mutating func nextElement() throws(JSONError) -> Bool {
    try advance(closing: UInt8(ascii: "]"))
  }

  /// Makes sure that nothing but white space follows the value.
  package mutating func finish() throws(JSONError) {
    skipWhitespace()
    guard depth == 0 else { throw cursor < end ? unexpectedByte() : failure(.endsEarly) }
    guard cursor == end else { throw failure(.trailingText) }
  }

  private mutating func open(_ bracket: UInt8, _ kind: JSONKind) throws(JSONError) {
    skipWhitespace()
    guard cursor < end, cursor.pointee == bracket else { throw wrongKind(expected: kind) }
    guard depth < Self.depthLimit else { throw failure(.tooDeep) }
    cursor += 1
    depth += 1
    isAtFirst = true
  }

  /// Reads a comma where one is due, or the closing bracket; returns whether something follows.
  @inline(__always)
  private mutating func advance(closing bracket: UInt8) throws(JSONError) -> Bool {
    skipWhitespace()
    guard cursor < end else { throw failure(.endsEarly) }
    if cursor.pointee == bracket {
      cursor += 1
      depth -= 1
      isAtFirst = false
      return false
    }
    if isAtFirst {
      isAtFirst = false
      return true
    }
    guard cursor.pointee == UInt8(ascii: ",") else { throw unexpectedByte() }
    cursor += 1
    skipWhitespace()
    guard cursor < end else { throw failure(.endsEarly) }
    guard cursor.pointee != bracket else { throw failure(.trailingComma) }
    return true
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while cursor < end, cursor.pointee <= 0x20 {
      let byte = cursor.pointee
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      cursor += 1
    }
  }
}

extension JSONReader {
  @inline(never)
  func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(offset: offset, reason: reason) }

  @inline(never)
  func failure(_ reason: JSONError.Reason, at pointer: UnsafePointer<UInt8>) -> JSONError {
    JSONError(offset: pointer - start, reason: reason)
  }

  /// The error for a value of another kind than the caller asked for, or for no value at all.
  @inline(never)
  func wrongKind(expected: JSONKind) -> JSONError {
    guard cursor < end else { return failure(.endsEarly) }
    guard let found = JSONKind(firstByte: cursor.pointee), found != expected else { return unexpectedByte() }
    return failure(.wrongKind(expected: expected, found: found))
  }

  /// The error for a byte that cannot stand here; it knows the names under which programs write NaN and Infinity.
  @inline(never)
  func unexpectedByte() -> JSONError {
    guard cursor < end else { return failure(.endsEarly) }
    let byte = cursor.pointee
    return failure(byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I") ? .notFinite : .unexpectedByte(byte))
  }
}

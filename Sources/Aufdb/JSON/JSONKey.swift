// A key of a JSON object, comparable to literals without making a String of it.

import Glibc

/// A key of an object, as decoded bytes; valid as long as the text it was read from.
///
/// A `switch` over it takes plain literals: `switch key { case "model": ... default: ... }`.
package struct JSONKey {
  /// The key's UTF-8, escapes resolved.
  package let bytes: UnsafeRawBufferPointer

  /// The key as a String of its own.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  @inline(__always)
  package static func ~= (pattern: StaticString, key: JSONKey) -> Bool { key == pattern }

  @inline(__always)
  package static func == (key: JSONKey, literal: StaticString) -> Bool {
    // A literal of a single scalar may have no pointer; keys that short go the slow way.
    guard literal.hasPointerRepresentation else { return key.text == literal.description }
    let count = literal.utf8CodeUnitCount
    guard key.bytes.count == count, let base = key.bytes.baseAddress else { return false }
    return memcmp(base, literal.utf8Start, count) == 0
  }
}

// The fields of an object that the store has no column for: kept as they came, so that nothing that came in is lost.

/// Gathers fields into one JSON object, keeping its memory from one object to the next.
struct OtherFields: ~Copyable {
  private var json = JSONWriter(capacity: 256)
  private var isEmpty = true

  init() {}

  mutating func removeAll() {
    json.removeAll()
    isEmpty = true
  }

  /// Keeps the field whose value comes next.
  mutating func keep(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) {
    if isEmpty { json.beginObject() }
    isEmpty = false
    json.key(key.bytes)
    try reader.copyValue(to: &json)
  }

  /// Appends the object to a writer as a text of its own.
  ///
  /// - Returns: where it stands there; nil where nothing was kept.
  mutating func end(in writer: inout JSONWriter) -> Range<Int>? {
    guard !isEmpty else { return nil }
    json.endObject()
    let start = writer.count
    json.withBytes { writer.raw($0) }
    let end = writer.count
    writer.newline()
    return start..<end
  }

  /// Appends the fields to the object that a writer is in.
  mutating func appendFields(to writer: inout JSONWriter) {
    guard !isEmpty else { return }
    json.withBytes { writer.raw(Bytes(rebasing: $0.dropFirst())) }
  }
}

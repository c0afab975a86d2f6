// A field that is JSON of any shape, or a text that is such JSON, as a query gives it.

struct JSONField: ~Copyable {
  private let name: String
  private var reader = JSONReader()
  private var value = JSONWriter()

  init(_ name: String) { self.name = name }

  /// Reads it, without white space; nil where it says nothing (null, an empty text or object).
  ///
  /// - Returns: bytes that are valid until the next call.
  mutating func parse(_ record: inout JSONReader) throws -> Bytes? {
    let json = try record.peekKind() == .string ? record.string() : record.skipValue()
    if json.isEmpty || PromptRecord.saysNothing(json) { return nil }
    reader.begin(json)
    value.removeAll()
    do throws(JSONError) {
      try reader.copyValue(to: &value)
      try reader.finish()
    } catch {
      throw AufdbError(.badData, "\(name) is a text that is no JSON: \(error.reason.description)")
    }
    return value.withBytes { $0 }
  }
}

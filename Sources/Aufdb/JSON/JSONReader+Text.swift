// Short JSON texts that are Strings, such as the columns of a definition.

extension JSONReader {
  /// Reads one value, and nothing after it.
  static func read<Value>(
    _ text: String, _ body: (inout JSONReader) throws(JSONError) -> Value
  ) throws(JSONError) -> Value {
    var text = text
    let result = text.withUTF8 { bytes -> Result<Value, JSONError> in
      var reader = JSONReader()
      reader.begin(UnsafeRawBufferPointer(bytes))
      do throws(JSONError) {
        let value = try body(&reader)
        try reader.finish()
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

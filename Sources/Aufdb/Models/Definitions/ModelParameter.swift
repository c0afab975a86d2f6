// What a request says beside the question: temperature, max_tokens and whatever else a server knows.

/// One parameter of requests.
public struct ModelParameter: Sendable, Equatable {
  public var name: String
  /// Its value, as compact JSON, the keys of objects in alphabetical order.
  public var json: String

  public init(_ name: String, json: String) {
    self.name = name
    self.json = json
  }
}

extension [ModelParameter] {
  /// As an object, in JSON.
  var json: String { Operation.object(Dictionary(map { ($0.name, .json($0.json)) }) { _, last in last }) }

  /// Reads such an object.
  init(_ reader: inout JSONReader) throws(JSONError) {
    self = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      let name = key.text
      append(ModelParameter(name, json: String(decoding: try reader.skipValue(), as: UTF8.self)))
    }
  }
}

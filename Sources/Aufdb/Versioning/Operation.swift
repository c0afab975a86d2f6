// What a commit records of the command that made it.

/// A verb and its parameters, kept in the commit as JSON with the parameters in alphabetical order.
public struct Operation: Sendable, Equatable {
  /// A parameter's value.
  public enum Value: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case real(Double)
    case flag(Bool)
    case list([Value])
    /// Text that is JSON already.
    case json(String)
    case null
  }

  public var verb: String
  public var parameters: [String: Value]

  public init(_ verb: String, _ parameters: [String: Value] = [:]) {
    self.verb = verb
    self.parameters = parameters
  }

  /// {"verb":"import","parameters":{...}}
  public var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("verb")
    writer.string(verb)
    writer.key("parameters")
    Self.write(parameters, to: &writer)
    writer.endObject()
    return writer.text
  }

  /// A JSON object of some values, in alphabetical order.
  static func object(_ values: [String: Value]) -> String {
    var writer = JSONWriter()
    write(values, to: &writer)
    return writer.text
  }

  private static func write(_ values: [String: Value], to writer: inout JSONWriter) {
    writer.beginObject()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      writer.key(name)
      write(value, to: &writer)
    }
    writer.endObject()
  }

  private static func write(_ value: Value, to writer: inout JSONWriter) {
    switch value {
    case .text(let text): writer.string(text)
    case .integer(let integer): writer.int(integer)
    case .real(let real):
      // Infinity has no JSON; nothing that is recorded here can be infinite.
      if (try? writer.double(real)) == nil { writer.null() }
    case .flag(let flag): writer.bool(flag)
    case .list(let values):
      writer.beginArray()
      for value in values { write(value, to: &writer) }
      writer.endArray()
    case .json(var text): text.withUTF8 { writer.raw(UnsafeRawBufferPointer($0)) }
    case .null: writer.null()
    }
  }
}

// The JSON object of a request, written field by field.

/// Writes one body.
struct RequestBody: ~Copyable {
  private var writer = JSONWriter()

  init(_ model: ModelDefinition) {
    writer.beginObject()
    writer.key("model")
    writer.string(model.serverModel)
  }

  mutating func write(_ conversation: Conversation) {
    writer.key("messages")
    writer.beginArray()
    for message in conversation.messages {
      writer.beginObject()
      writer.key("role")
      writer.string(message.role)
      writer.key("content")
      writer.string(message.content)
      writer.endObject()
    }
    writer.endArray()
  }

  mutating func write(input texts: [String]) {
    writer.key("input")
    writer.beginArray()
    for text in texts { writer.string(text) }
    writer.endArray()
  }

  mutating func write(_ parameter: ModelParameter) {
    writer.key(parameter.name)
    var json = parameter.json
    json.withUTF8 { writer.raw(UnsafeRawBufferPointer($0)) }
  }

  mutating func write(_ name: String, _ value: Int64) {
    writer.key(name)
    writer.int(value)
  }

  /// Ends the object and gives its bytes.
  consuming func finish() -> [UInt8] {
    writer.endObject()
    return writer.withBytes { Array($0) }
  }
}

extension String {
  /// About how many tokens it has.
  var tokenEstimate: Int {
    var text = self
    return text.withUTF8 { TokenEstimate.of(UnsafeRawBufferPointer($0)) }
  }
}

extension Conversation {
  /// About how many tokens a model sees of it: those of the contents, four for the marks and the role of each message,
  /// and three with which a template asks for the answer.
  var tokenEstimate: Int { messages.reduce(3) { $0 + $1.content.tokenEstimate + 4 } }
}

extension ModelDefinition {
  /// The most tokens that an answer can have, if its parameters say so.
  var tokenBound: Int? {
    parameters.compactMap { parameter in
      parameter.name == "max_tokens" || parameter.name == "max_completion_tokens" ? Int(parameter.json) : nil
    }.min()
  }
}

// A pair with its texts, as JSON for whoever has to read them.

/// Looks up prompts and responses, and writes them.
struct PairTexts {
  private let texts: StoredTexts

  /// - Parameter prefix: of the views to read.
  init(in connection: Connection, prefix: String) throws {
    texts = try StoredTexts(in: connection, prefix: prefix)
  }

  /// Writes a pair's fields into the object that is open: `prompt_id`, `prompt` (a text, or a list of messages), and
  /// `first` and `second`, each an object of `model`, `sample` and `response`.
  ///
  /// - Parameter isBlind: leaves out whose responses they are: `prompt_id`, `model` and `sample`.
  /// - Throws: `.refused` where the store lacks the prompt or a response.
  func write(_ pair: PendingPair, isBlind: Bool = false, to writer: inout JSONWriter) throws {
    if !isBlind {
      writer.key("prompt_id")
      writer.string(pair.promptID)
    }
    writer.key("prompt")
    try texts.withPrompt(pair.promptID) { text, isMessages in
      // Messages are stored as JSON already, on one line.
      if isMessages { writer.raw(text) } else { writer.string(text) }
    }
    for (key, response) in [("first", pair.first), ("second", pair.second)] {
      writer.key(key)
      writer.beginObject()
      if !isBlind {
        writer.key("model")
        writer.string(response.model)
        writer.key("sample")
        writer.int(response.sample)
      }
      writer.key("response")
      try texts.withResponse(response, to: pair.promptID) { writer.string($0) }
      writer.endObject()
    }
  }
}

// A pair with its texts, as JSON for whoever has to read them.

/// Looks up prompts and responses, and writes them.
struct PairTexts {
  private let prompt: SQLStatement
  private let response: SQLStatement

  /// - Parameter prefix: of the views to read.
  init(in connection: Connection, prefix: String) throws {
    prompt = try connection.statement("SELECT prompt, format FROM \(prefix)prompts WHERE prompt_id = ?1")
    response = try connection.statement(
      "SELECT response FROM \(prefix)responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3")
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
    try writePrompt(pair.promptID, to: &writer)
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
      try writeResponse(response, to: pair.promptID, to: &writer)
      writer.endObject()
    }
  }

  private func writePrompt(_ promptID: String, to writer: inout JSONWriter) throws {
    prompt.bind(1, .text(promptID))
    defer { prompt.reset() }
    guard try prompt.step() else { throw AufdbError(.refused, "there is no prompt \(promptID.quoted)") }
    // Messages are stored as JSON already, on one line.
    if prompt.string(1) == "messages" { writer.raw(prompt.bytes(0)) } else { writer.string(prompt.bytes(0)) }
  }

  private func writeResponse(_ key: ResponseKey, to promptID: String, to writer: inout JSONWriter) throws {
    response.bind(1, .text(promptID))
    response.bind(2, .text(key.model))
    response.bind(3, key.sample)
    defer { response.reset() }
    guard try response.step() else {
      throw AufdbError(.refused, "there is no response of \(key.name) to the prompt \(promptID.quoted)")
    }
    writer.string(response.bytes(0))
  }
}

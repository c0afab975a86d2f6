// The texts that judges and encoders are shown, looked up by their keys.

/// Reads prompts and responses.
struct StoredTexts {
  private let prompt: SQLStatement
  private let response: SQLStatement

  /// - Parameter prefix: of the views to read.
  init(in connection: Connection, prefix: String = "") throws {
    prompt = try connection.statement("SELECT prompt, format FROM \(prefix)prompts WHERE prompt_id = ?1")
    response = try connection.statement(
      "SELECT response FROM \(prefix)responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3")
  }

  /// Lends a prompt: its text, or a JSON list of messages.
  ///
  /// - Throws: `.refused` where there is no such prompt.
  func withPrompt<Result>(
    _ promptID: String, _ body: (_ text: Bytes, _ isMessages: Bool) throws -> Result
  ) throws -> Result {
    prompt.bind(1, .text(promptID))
    defer { prompt.reset() }
    guard try prompt.step() else { throw AufdbError(.refused, "there is no prompt \(promptID.quoted)") }
    return try body(prompt.bytes(0), prompt.string(1) == "messages")
  }

  /// Lends a response.
  ///
  /// - Throws: `.refused` where there is no such response.
  func withResponse<Result>(
    _ key: ResponseKey, to promptID: String, _ body: (_ text: Bytes) throws -> Result
  ) throws -> Result {
    response.bind(1, .text(promptID))
    response.bind(2, .text(key.model))
    response.bind(3, key.sample)
    defer { response.reset() }
    guard try response.step() else {
      throw AufdbError(.refused, "there is no response of \(key.name) to the prompt \(promptID.quoted)")
    }
    return try body(response.bytes(0))
  }

  /// - Throws: `.refused` where there is no such prompt, `.badData` for messages that can't be read.
  func conversation(_ promptID: String) throws -> Conversation {
    try withPrompt(promptID) { text, isMessages in
      do throws(AufdbError) {
        return try Conversation(prompt: text, isMessages: isMessages)
      } catch {
        throw AufdbError(.badData, "the prompt \(promptID.quoted): \(error.message)")
      }
    }
  }

  /// - Throws: `.refused` where there is no such response.
  func response(_ key: ResponseKey, to promptID: String) throws -> String {
    try withResponse(key, to: promptID) { String(decoding: $0, as: UTF8.self) }
  }
}

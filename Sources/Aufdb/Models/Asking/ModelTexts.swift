// The texts that questions are made of.

/// Reads prompts and responses by their keys.
struct ModelTexts {
  private let prompt: SQLStatement
  private let response: SQLStatement

  init(in connection: Connection) throws {
    prompt = try connection.statement("SELECT prompt, format FROM prompts WHERE prompt_id = ?1")
    response = try connection.statement(
      "SELECT response FROM responses WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3")
  }

  /// - Throws: `.refused` where there is no such prompt, `.badData` for messages that can't be read.
  func conversation(_ promptID: String) throws -> Conversation {
    prompt.bind(1, .text(promptID))
    defer { prompt.reset() }
    guard try prompt.step() else { throw AufdbError(.refused, "there is no prompt \(promptID.quoted)") }
    do throws(AufdbError) {
      return try Conversation(prompt: prompt.bytes(0), isMessages: prompt.string(1) == "messages")
    } catch {
      throw AufdbError(.badData, "the prompt \(promptID.quoted): \(error.message)")
    }
  }

  /// nil where there is no such response.
  func response(_ promptID: String, _ key: ResponseKey) throws -> String? {
    response.bind(1, .text(promptID))
    response.bind(2, .text(key.model))
    response.bind(3, key.sample)
    defer { response.reset() }
    return try response.step() ? response.string(0) : nil
  }
}

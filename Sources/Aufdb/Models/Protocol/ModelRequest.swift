// One request to a server that speaks OpenAI's protocol, ready to be sent.

/// What is asked, and what an answer must look like.
public struct ModelRequest: Sendable, Equatable {
  /// What a server answers with.
  public enum Expectation: Sendable, Equatable {
    /// One message.
    case chat
    /// As many vectors as there are questions.
    case vectors(EmbeddingShape)
  }

  /// One of a chat; of embeddings, one of each text, in their order.
  public var questions: [QuestionID]
  public var expectation: Expectation
  /// A JSON object: exactly what goes over the wire.
  public var body: [UInt8]
  /// About how many tokens are sent (TokenEstimate.swift).
  public var inputTokens: Int
  /// At most, or about, how many tokens come back: the bound where the parameters have one.
  public var outputTokens: Int

  public init(
    questions: [QuestionID], expectation: Expectation, body: [UInt8], inputTokens: Int, outputTokens: Int
  ) {
    self.questions = questions
    self.expectation = expectation
    self.body = body
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }

  /// What follows the base URL and a slash.
  public var path: String {
    switch expectation {
    case .chat: "chat/completions"
    case .vectors: "embeddings"
    }
  }
}

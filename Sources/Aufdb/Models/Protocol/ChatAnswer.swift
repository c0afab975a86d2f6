// What a model said: one message of a chat.

/// A message, why it ended, and what it cost.
public struct ChatAnswer: Sendable, Equatable {
  /// What it said; '' where it said nothing.
  public var text: String
  /// Why it ended: "stop", "length" (it was cut), "content_filter"...; nil where the server doesn't say.
  public var finishReason: String?
  public var promptTokens: Int?
  public var completionTokens: Int?
  /// The tokens that might have come first, likeliest first as the server gave them; nil where it gave none.
  public var firstToken: [TokenLogprob]?

  public init(
    text: String, finishReason: String? = nil, promptTokens: Int? = nil, completionTokens: Int? = nil,
    firstToken: [TokenLogprob]? = nil
  ) {
    self.text = text
    self.finishReason = finishReason
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.firstToken = firstToken
  }
}

// What a server says when something is wrong. There are as many forms as servers:
//
//   {"error": {"message": "...", "type": "...", "code": "..."}}     OpenAI, vLLM, llama.cpp; Gemini puts it in a list
//   {"error": "..."}                                                Ollama
//   {"object": "error", "message": "...", "code": 400}              older vLLM
//   {"detail": "..."}, {"detail": [{"loc": [...], "msg": "..."}]}   FastAPI
//   anything else: the text as it is                                proxies

/// A server's own words about what is wrong.
public struct ServerMessage: Sendable, Equatable {
  /// The most bytes of a message that are kept.
  public static let messageLimit = 2_000

  /// Its words, bounded, as they came: they may hold control characters. '' where it said nothing.
  public private(set) var message: String
  /// Its short names of the kind of error: `code` and `type`, where they are texts.
  public private(set) var codes: [String] = []

  /// Reads the body of an answer whose status is an error.
  ///
  /// - Complexity: O(length).
  public init(body: UnsafeRawBufferPointer) {
    var parser = MessageParser()
    message = parser.message(of: body) ?? body.excerpt(limit: Self.messageLimit)
    codes = parser.codes
  }

  /// Whether it says that the prompt is too long for the model: a fault of that one question. Judged by the codes and
  /// the words that servers use for it, because the status is the same for all that is wrong with a request.
  public var isContextTooLong: Bool {
    if codes.contains(where: { Self.contextCodes.contains($0) }) { return true }
    let words = message.lowercased()
    return Self.contextWords.contains { words.contains($0) }
  }

  private static let contextCodes = [
    "context_length_exceeded", "exceed_context_size_error", "model_max_prompt_tokens_exceeded", "prompt_too_long",
    "string_above_max_length",
  ]
  private static let contextWords = [
    "context length", "context window", "context size", "maximum context", "maximum model length", "max_model_len",
    "maximum prompt length", "prompt is too long", "input is too long", "input is too large", "too many tokens",
    "reduce the length", "must have less than",
  ]
}

/// Looks for a message in JSON of any of those forms.
private struct MessageParser {
  private(set) var codes: [String] = []
  private static let depthLimit = 8

  /// nil where there is none.
  mutating func message(of body: Bytes) -> String? {
    var reader = JSONReader()
    reader.begin(body)
    guard let found = try? message(&reader, depth: 0) else { return nil }
    return found
  }

  private mutating func message(_ reader: inout JSONReader, depth: Int) throws(JSONError) -> String? {
    guard depth < Self.depthLimit else {
      _ = try reader.skipValue()
      return nil
    }
    switch try reader.peekKind() {
    case .string: return try reader.string().excerpt(limit: ServerMessage.messageLimit)
    case .array:
      var found: String?
      try reader.beginArray()
      while try reader.nextElement() {
        let message = try message(&reader, depth: depth + 1)
        found = found ?? message
      }
      return found
    case .object: return try messageOfObject(&reader, depth: depth)
    default:
      _ = try reader.skipValue()
      return nil
    }
  }

  private mutating func messageOfObject(_ reader: inout JSONReader, depth: Int) throws(JSONError) -> String? {
    var found: String?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      switch key {
      case "error", "detail", "message", "msg":
        let message = try message(&reader, depth: depth + 1)
        found = found ?? message
      case "code", "type":
        if try reader.peekKind() == .string {
          codes.append(try reader.string().excerpt(limit: 100))
        } else {
          _ = try reader.skipValue()
        }
      default: _ = try reader.skipValue()
      }
    }
    return found
  }
}

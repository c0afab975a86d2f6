// The grammar of a chat's answer, read as it comes. ChatAnswer+Parsing.swift says what it looks like.

/// The fields of an answer as they are met.
struct ChatParser: ~Copyable {
  var reader = JSONReader()
  var answer = ChatAnswer(text: "")
  private var choiceCount: Int?
  private var hasMessage = false
  private var serverMessage: String?
  var lacksLogprob = false
  var mostLogprob = -Double.infinity
  var sum = 0.0

  /// - Throws: for what isn't JSON, or of another kind than the protocol says.
  mutating func read(_ body: Bytes) throws(JSONError) {
    reader.begin(body)
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "choices": try readChoices()
      case "usage": try readUsage()
      case "error":
        guard try !reader.nullIfPresent() else { continue }
        serverMessage = ServerMessage(body: try reader.skipValue()).message
      default: _ = try reader.skipValue()
      }
    }
    try reader.finish()
  }

  /// - Throws: for what is JSON and no answer.
  func checked() throws(ModelFailure) -> ChatAnswer {
    if let serverMessage { throw ModelFailure("an error in place of an answer: \(serverMessage)") }
    guard let choiceCount else { throw ModelFailure("the answer has no choices") }
    guard choiceCount == 1 else { throw ModelFailure("\(choiceCount) choices where one was asked for") }
    guard hasMessage else { throw ModelFailure("the choice has no message") }
    guard !lacksLogprob else { throw ModelFailure("a token has no log probability") }
    // Rounding takes a certainty a little above 0, and the sum of all a little above 1.
    guard mostLogprob <= 0.01 else { throw ModelFailure("\(mostLogprob) is no logarithm of a probability") }
    guard sum <= 1.01 else { throw ModelFailure("the probabilities of the first token add up to \(sum)") }
    return answer
  }

  private mutating func readChoices() throws(JSONError) {
    var count = 0
    try reader.beginArray()
    while try reader.nextElement() {
      count += 1
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "message":
          guard try !reader.nullIfPresent() else { continue }
          hasMessage = true
          try readMessage()
        case "finish_reason": answer.finishReason = try reader.nullIfPresent() ? nil : try reader.stringValue()
        case "logprobs": if try !reader.nullIfPresent() { try readLogprobs() }
        default: _ = try reader.skipValue()
        }
      }
    }
    choiceCount = count
  }

  private mutating func readMessage() throws(JSONError) {
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      // null is passed over, too.
      guard key == "content", try reader.peekKind() != .null else {
        _ = try reader.skipValue()
        continue
      }
      guard try reader.peekKind() == .array else {
        answer.text = try reader.stringValue()
        continue
      }
      try reader.beginArray()
      while try reader.nextElement() {
        try reader.beginObject(uniqueKeys: true)
        while let key = try reader.nextKey() {
          switch key {
          case "text": answer.text += try reader.stringValue()
          default: _ = try reader.skipValue()
          }
        }
      }
    }
  }

  private mutating func readUsage() throws(JSONError) {
    guard try !reader.nullIfPresent() else { return }
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_tokens": answer.promptTokens = try reader.tokenCount()
      case "completion_tokens": answer.completionTokens = try reader.tokenCount()
      default: _ = try reader.skipValue()
      }
    }
  }
}

extension JSONReader {
  /// Reads a count of tokens; nil for what is none.
  mutating func tokenCount() throws(JSONError) -> Int? {
    guard try peekKind() == .number else {
      _ = try skipValue()
      return nil
    }
    switch try number() {
    case .int(let count): return count >= 0 ? Int(count) : nil
    case .double(let count): return Int(exactly: count).flatMap { $0 >= 0 ? $0 : nil }
    }
  }
}

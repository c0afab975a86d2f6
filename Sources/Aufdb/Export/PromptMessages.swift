// The contents of a prompt's messages, for what looks at a prompt and doesn't write it.

/// Goes through the messages of one prompt after another.
struct PromptMessages: ~Copyable {
  private var reader = MessageReader()

  init() {}

  /// Lends each message's content to `body`: of a text, the text, as a user's.
  ///
  /// - Parameters:
  ///   - prompt: a text, or a JSON list of messages.
  ///   - body: gets whether it is the system's message, and the content; a message without content is passed over.
  /// - Throws: `JSONError` where it should be a list of messages and isn't.
  mutating func forEach(
    of prompt: Bytes, isMessages: Bool, _ body: (_ isSystem: Bool, _ content: Bytes) -> Void
  ) throws(JSONError) {
    guard isMessages else { return body(false, prompt) }
    try reader.begin(prompt)
    while let message = try reader.next() {
      if let content = message.content { body(message.isBy("system"), content) }
    }
  }
}

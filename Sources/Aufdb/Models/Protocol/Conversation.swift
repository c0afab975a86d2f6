// A stored prompt as the messages that a model is sent.
//
// A prompt of one text is a user's message. A prompt of several turns stays what it is: roles and contents, in order.
//
// A principle's system prompt comes before a system message that the prompt itself begins with, in the same message and
// with an empty line between: the prompt's own is what its author wanted and must not be lost, and the chat templates
// of many models take one system message, at the beginning.

/// What was said so far, the last of it by the one who wants an answer.
public struct Conversation: Sendable, Equatable {
  /// One turn.
  public struct Message: Sendable, Equatable {
    /// "system", "user", "assistant", or whatever else the prompt has.
    public var role: String
    public var content: String

    public init(_ role: String, _ content: String) {
      self.role = role
      self.content = content
    }
  }

  public var messages: [Message]

  public init(_ messages: [Message]) { self.messages = messages }

  /// One text, as a user's message.
  public init(text: String) { messages = [Message("user", text)] }

  /// Reads a prompt as the store keeps it.
  ///
  /// - Parameters:
  ///   - prompt: a text, or a JSON list of messages; valid UTF-8.
  ///   - isMessages: which of them: whether the column `format` says 'messages'.
  /// - Throws: `.badData` where it should be a list of messages and isn't, or none of them says anything.
  public init(prompt: UnsafeRawBufferPointer, isMessages: Bool) throws(AufdbError) {
    guard isMessages else {
      messages = [Message("user", String(decoding: prompt, as: UTF8.self))]
      return
    }
    messages = []
    var reader = MessageReader()
    do {
      try reader.begin(prompt)
      while let message = try reader.next() {
        guard let content = message.content else { continue }
        let role = message.role.map { String(decoding: $0, as: UTF8.self) } ?? "user"
        messages.append(Message(role, String(decoding: content, as: UTF8.self)))
      }
    } catch {
      throw AufdbError(.badData, "a prompt's messages can't be read: \(error)")
    }
    guard !messages.isEmpty else { throw AufdbError(.badData, "a prompt's messages say nothing") }
  }

  /// The same with a principle's text before everything else.
  public func prefaced(by system: String?) -> Conversation {
    guard let system, !system.isEmpty else { return self }
    guard let first = messages.first, first.role == "system" else {
      return Conversation([Message("system", system)] + messages)
    }
    let joined = Message("system", first.content.isEmpty ? system : "\(system)\n\n\(first.content)")
    return Conversation([joined] + messages.dropFirst())
  }

  /// The conversation as one text, for a judge: what the user said, if that is all; otherwise every turn under the name
  /// of its role ("User:"), with empty lines between.
  public var transcript: String {
    if messages.count == 1, messages[0].role == "user" { return messages[0].content }
    return messages.map { message in
      "\(message.role.prefix(1).uppercased())\(message.role.dropFirst()):\n\(message.content)"
    }.joined(separator: "\n\n")
  }
}

extension EncoderInput {
  /// The text that an encoder sees of a response: the response, or the prompt's transcript, an empty line and the
  /// response.
  public func text(of response: String, to prompt: Conversation) -> String {
    switch self {
    case .response: response
    case .conversation: "\(prompt.transcript)\n\n\(response)"
    }
  }
}

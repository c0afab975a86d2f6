// Prompts and answers that are lists of messages: [{"role", "content"}].

extension PromptRecord {
  /// One message of a list.
  struct Message {
    let role: Bytes
    let content: Bytes
    /// Whether it has fields beside role and content.
    let hasMore: Bool
    /// The message in `json`: role, content, then what else it has. Its list is around it, as far as that was kept.
    let json: Range<Int>

    var isFromUser: Bool { role.elementsEqual("user".utf8) }
    var isFromAssistant: Bool { role.elementsEqual("assistant".utf8) }
  }

  /// A list of messages, read.
  struct Conversation {
    /// Which of `messages` are its own.
    let messages: Range<Int>
    /// The list in `json`, without its last message if that was to be dropped.
    let json: Range<Int>
  }

  /// Reads a prompt and keeps it as it came.
  mutating func parsePrompt() throws {
    switch try reader.peekKind() {
    case .string: promptText = try reader.string()
    case .array:
      let list = try reader.skipValue()
      try checkMessages(list)
      promptJSON = try append(list)
    default: throw Field.mistyped(&reader, "prompt", "a text or a list of messages")
    }
  }

  /// Makes sure that a list of messages is one: not empty, each with a role and a content.
  private mutating func checkMessages(_ list: Bytes) throws {
    valueReader.begin(list)
    var count = 0
    try valueReader.beginArray()
    while try valueReader.nextElement() {
      guard try valueReader.peekKind() == .object else { throw Self.noMessage("prompt", count) }
      var (hasRole, hasContent) = (false, false)
      try valueReader.beginObject(uniqueKeys: true)
      while let key = try valueReader.nextKey() {
        switch key {
        case "role":
          _ = try Field.name(&valueReader, "prompt[\(count)].role")
          hasRole = true
        case "content":
          _ = try Field.text(&valueReader, "prompt[\(count)].content")
          hasContent = true
        default: _ = try valueReader.skipValue()
        }
      }
      guard hasRole, hasContent else { throw Field.missing("prompt[\(count)].\(hasRole ? "content" : "role")") }
      count += 1
    }
    guard count > 0 else { throw AufdbError(.badData, "prompt is an empty list of messages") }
  }

  private static func noMessage(_ name: String, _ index: Int) -> AufdbError {
    AufdbError(.badData, "\(name)[\(index)] is not an object with role and content")
  }

  /// Reads the list that comes next, and writes it in one form whatever the order of its keys.
  ///
  /// - Parameters:
  ///   - name: the field's, for errors.
  ///   - dropsLast: whether the last message of several is left out of the JSON.
  mutating func parseMessages(_ name: String, dropsLast: Bool) throws -> Conversation {
    let (first, start) = (messages.count, json.count)
    json.beginArray()
    // Where the list ends without its last message.
    var end = json.count
    try reader.beginArray()
    while try reader.nextElement() {
      end = json.count
      let index = messages.count - first
      guard try reader.peekKind() == .object else { throw Self.noMessage(name, index) }
      messages.append(try parseMessage("\(name)[\(index)]"))
    }
    guard messages.count > first else { throw AufdbError(.badData, "\(name) is an empty list of messages") }
    if dropsLast, messages.count - first > 1 { json.count = end }
    json.endArray()
    let range = start..<json.count
    json.newline()
    return Conversation(messages: first..<messages.count, json: range)
  }

  private mutating func parseMessage(_ name: @autoclosure () -> String) throws -> Message {
    var (role, content): (Bytes?, Bytes?)
    var hasMore = false
    messageOthers.removeAll()
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "role": role = try Field.name(&reader, "\(name()).role")
      case "content": content = try Field.text(&reader, "\(name()).content")
      default:
        try messageOthers.keep(key, &reader)
        hasMore = true
      }
    }
    guard let role else { throw Field.missing("\(name()).role") }
    guard let content else { throw Field.missing("\(name()).content") }
    json.beginObject()
    let start = json.count - 1
    json.key("role")
    json.string(role)
    json.key("content")
    json.string(content)
    messageOthers.appendFields(to: &json)
    json.endObject()
    return Message(role: role, content: content, hasMore: hasMore, json: start..<json.count)
  }

  /// Makes messages the prompt: a text, if they are one message of the user's and nothing else.
  mutating func setPrompt(_ list: ArraySlice<Message>, json range: Range<Int>) {
    (promptText, promptJSON) = (nil, nil)
    if list.count == 1, let only = list.first, only.isFromUser, !only.hasMore {
      promptText = only.content
    } else {
      promptJSON = range
    }
  }

  /// Whether a stored prompt is the one of this record: also where it is stored as a list of one message of the user's,
  /// or with its messages' keys in another order, which only the records of completions and responses leave so.
  func isPrompt(_ stored: Bytes, isMessages isList: Bool) throws -> Bool {
    if isList == isMessages, stored.isEqual(to: prompt) { return true }
    guard isList else { return false }
    return try StoredMessages.isEqual(stored, to: prompt, isMessages: isMessages)
  }
}

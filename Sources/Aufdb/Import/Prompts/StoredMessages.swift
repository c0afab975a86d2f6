// A stored list of messages beside a prompt of the form that records of preferences give.

enum StoredMessages {
  /// Whether a list of messages is a prompt: the text of its only message, which is a user's, or a list with role and
  /// content first in each message.
  ///
  /// - Parameter isMessages: whether `prompt` is a list.
  static func isEqual(_ list: Bytes, to prompt: Bytes, isMessages: Bool) throws -> Bool {
    var record = PromptRecord()
    record.reader.begin(list)
    let messages = try record.parseMessages("prompt", dropsLast: false)
    record.setPrompt(record.messages[messages.messages], json: messages.json)
    return record.isMessages == isMessages && record.prompt.isEqual(to: prompt)
  }
}

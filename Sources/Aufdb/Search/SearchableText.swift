// The text of a row version that is searched: a response or a prompt as it is, or what the messages of a prompt say.

/// Reads texts, in memory that serves all of them.
struct SearchableText: ~Copyable {
  private var messages = MessageReader()
  private var text: [UInt8] = []
  private var spaced: [UInt8] = []

  /// Lends the text: of messages, their contents with a line end between them. A list that can't be read is a text.
  ///
  /// - Parameter isMessages: whether the column `format` says so.
  mutating func withText<T>(
    _ stored: Bytes, isMessages: Bool, _ body: (Bytes) throws -> T
  ) rethrows -> T {
    guard isMessages, (try? readMessages(stored)) != nil else { return try body(stored) }
    return try text.withUnsafeBytes(body)
  }

  /// Lends the text as it is indexed.
  mutating func withSpacedText<T>(
    _ stored: Bytes, isMessages: Bool, _ body: (Bytes) throws -> T
  ) rethrows -> T {
    let isRead = isMessages && (try? readMessages(stored)) != nil
    let needsGaps = isRead ? text.withUnsafeBytes(SpacedText.mayNeedGaps) : SpacedText.mayNeedGaps(stored)
    guard needsGaps else { return try isRead ? text.withUnsafeBytes(body) : body(stored) }
    spaced.removeAll(keepingCapacity: true)
    if isRead {
      text.withUnsafeBytes { SpacedText.append($0, to: &spaced) }
    } else {
      SpacedText.append(stored, to: &spaced)
    }
    return try spaced.withUnsafeBytes(body)
  }

  private mutating func readMessages(_ list: Bytes) throws(JSONError) {
    text.removeAll(keepingCapacity: true)
    try messages.begin(list)
    while let message = try messages.next() {
      guard let content = message.content else { continue }
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      text += content
    }
  }
}

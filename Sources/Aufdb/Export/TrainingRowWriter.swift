// Writes one preference as one line of JSON, in the form that a trainer reads.
//
// Two forms that look right are never written, because trainers misread them: `prompt` as a string beside whole
// conversations, and `prompt` as messages beside whole conversations, which trains with the prompt repeated.

/// Turns pairs into lines, keeping its memory from one to the next.
struct TrainingRowWriter: ~Copyable {
  private let format: ExportFormat
  private var line = JSONWriter(capacity: 64 << 10)
  /// The prompt's messages, without the list's brackets: an rm row has them twice.
  private var promptMessages = JSONWriter()
  private var reader = JSONReader()

  init(_ format: ExportFormat) { self.format = format }

  /// Lends the line of `pair`, with its line feed.
  ///
  /// - Throws: `.badData` where the prompt is not the list of messages that it should be, or a score isn't finite.
  mutating func withLine(
    of pair: PreferencePair, _ body: (UnsafeRawBufferPointer) throws(AufdbError) -> Void
  ) throws(AufdbError) {
    try collectPrompt(pair)
    line.removeAll()
    line.beginObject()
    line.key("prompt_id")
    line.string(pair.promptID)
    line.key("source")
    if let source = pair.source { line.string(source) } else { line.null() }
    if format == .dpo {
      line.key("prompt")
      conversation(answer: nil)
    }
    line.key("chosen")
    conversation(answer: pair.chosen)
    line.key("rejected")
    conversation(answer: pair.rejected)
    line.key("chosen_model")
    line.string(pair.chosenModel)
    line.key("chosen_score")
    try score(pair.chosenScore, pair)
    line.key("rejected_model")
    line.string(pair.rejectedModel)
    line.key("rejected_score")
    try score(pair.rejectedScore, pair)
    line.endObject()
    line.newline()
    try line.withBytes(body)
  }

  /// The prompt alone (`answer` nil), the answer alone, or both, as the format has it.
  private mutating func conversation(answer: UnsafeRawBufferPointer?) {
    line.beginArray()
    if answer == nil || format == .rm, promptMessages.count > 0 {
      promptMessages.withBytes { line.raw($0) }
    }
    if let answer { Self.message(role: "assistant", answer, to: &line) }
    line.endArray()
  }

  private mutating func score(_ value: Double?, _ pair: PreferencePair) throws(AufdbError) {
    guard let value else { return line.null() }
    do throws(JSONError) {
      try line.double(value)
    } catch {
      throw pair.damage("has a label whose score is not a finite number")
    }
  }

  private mutating func collectPrompt(_ pair: PreferencePair) throws(AufdbError) {
    promptMessages.removeAll()
    guard pair.promptForm == .messages else { return Self.message(role: "user", pair.prompt, to: &promptMessages) }
    let isComplete: Bool
    do throws(JSONError) {
      isComplete = try collectMessages(pair.prompt)
    } catch {
      throw pair.damage("is not a list of messages: \(error)")
    }
    guard isComplete else { throw pair.damage("has a message without a role or without a content") }
  }

  /// Whether each message has both a role and a content; what else it has is left out.
  private mutating func collectMessages(_ list: UnsafeRawBufferPointer) throws(JSONError) -> Bool {
    reader.begin(list)
    try reader.beginArray()
    while try reader.nextElement() {
      var role: UnsafeRawBufferPointer?
      var content: UnsafeRawBufferPointer?
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "role": role = try reader.string()
        case "content": content = try reader.string()
        default: _ = try reader.skipValue()
        }
      }
      guard let role, let content else { return false }
      promptMessages.beginObject()
      promptMessages.key("role")
      promptMessages.string(role)
      promptMessages.key("content")
      promptMessages.string(content)
      promptMessages.endObject()
    }
    try reader.finish()
    return true
  }

  private static func message(role: String, _ content: UnsafeRawBufferPointer, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("role")
    writer.string(role)
    writer.key("content")
    writer.string(content)
    writer.endObject()
  }
}

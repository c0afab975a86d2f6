// Writes one preference as one line of JSON, in the form that a trainer reads.
//
// Two forms that look right are never written, because trainers misread them: `prompt` as a string beside whole
// conversations, and `prompt` as messages beside whole conversations, which trains with the prompt repeated.

/// Turns pairs into lines, keeping its memory from one to the next.
struct TrainingRowWriter: ~Copyable {
  private let layout: RowLayout
  private var line = JSONWriter(capacity: 64 << 10)
  /// The prompt's messages, without the list's brackets: an rm row has them twice.
  private var promptMessages = JSONWriter()
  private var reader = JSONReader()

  init(_ layout: RowLayout) { self.layout = layout }

  /// Lends each line of `pair`, with its line feed, to one call of `body`.
  ///
  /// - Throws: `.badData` where the prompt is not the list of messages that it should be, or a score isn't finite.
  mutating func withLines(
    of pair: PreferencePair, _ body: (Bytes) throws(AufdbError) -> Void
  ) throws(AufdbError) {
    try collectPrompt(pair)
    line.removeAll()
    line.beginObject()
    line.key("prompt_id")
    line.string(pair.promptID)
    line.key("source")
    if let source = pair.source { line.string(source) } else { line.null() }
    if layout.format == .dpo {
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
    if layout.hasMargin {
      line.key("margin")
      try score(pair.margin, pair)
    }
    line.endObject()
    line.newline()
    try line.withBytes(body)
  }

  /// The prompt alone (`answer` nil), the answer alone, or both, as the format has it.
  private mutating func conversation(answer: Bytes?) {
    line.beginArray()
    if answer == nil || layout.format == .rm, promptMessages.count > 0 {
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
    guard pair.promptForm == .messages else {
      addSystemMessage()
      return Self.message(role: "user", pair.prompt, to: &promptMessages)
    }
    let isComplete: Bool
    do throws(JSONError) {
      isComplete = try collectMessages(pair.prompt)
    } catch {
      throw pair.damage("is not a list of messages: \(error)")
    }
    guard isComplete else { throw pair.damage("has a message without a role or without a content") }
  }

  /// Whether each message has both a role and a content; what else it has is left out.
  private mutating func collectMessages(_ list: Bytes) throws(JSONError) -> Bool {
    reader.begin(list)
    try reader.beginArray()
    var isFirst = true
    while try reader.nextElement() {
      var role: Bytes?
      var content: Bytes?
      try reader.beginObject(uniqueKeys: true)
      while let key = try reader.nextKey() {
        switch key {
        case "role": role = try reader.string()
        case "content": content = try reader.string()
        default: _ = try reader.skipValue()
        }
      }
      guard let role, let content else { return false }
      // Trainers know a system message at the beginning only.
      if isFirst, !role.elementsEqual("system".utf8) { addSystemMessage() }
      isFirst = false
      Self.message(role: role, content, to: &promptMessages)
    }
    try reader.finish()
    if isFirst { addSystemMessage() }
    return true
  }

  /// Puts the layout's system message where the prompt begins, if there is one.
  private mutating func addSystemMessage() {
    guard var system = layout.system else { return }
    system.withUTF8 { Self.message(role: "system", Bytes($0), to: &promptMessages) }
  }

  private static func message(role: StaticString, _ content: Bytes, to writer: inout JSONWriter) {
    message(role: Bytes(start: role.utf8Start, count: role.utf8CodeUnitCount), content, to: &writer)
  }

  private static func message(role: Bytes, _ content: Bytes, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("role")
    writer.string(role)
    writer.key("content")
    writer.string(content)
    writer.endObject()
  }
}

// Writes one preference as one line of JSON or two, in the form that a trainer reads; RowLayout.swift names the columns.
//
// Two forms that look right are never written unless somebody names them, because trainers misread them: `prompt` as a
// string beside whole conversations (ultrafeedback-binarized), and `prompt` as messages beside whole conversations,
// which trains with the prompt repeated.

/// Turns pairs into lines, keeping its memory from one to the next.
struct TrainingRowWriter: ~Copyable {
  let layout: RowLayout
  var line = JSONWriter(capacity: 64 << 10)
  var prompt = PromptTurns()
  /// The prompt's messages, without the list's brackets: some rows have them more than once.
  var promptMessages = JSONWriter()
  /// The layout's system message, in memory that stays in place.
  private let system: UnsafeMutableBufferPointer<UInt8>?

  init(_ layout: RowLayout) {
    self.layout = layout
    system = layout.system.map { text in
      let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
      _ = bytes.initialize(from: text.utf8)
      return bytes
    }
  }

  deinit { system?.deallocate() }

  /// Lends each line of `pair`, with its line feed, to one call of `body`.
  ///
  /// - Returns: nil; or why the format can't say the pair, and then there were no lines.
  /// - Throws: `.badData` where the prompt is not the list of messages that it should be, or a score isn't finite; what
  ///   `body` throws.
  @discardableResult
  mutating func withLines(
    of pair: PreferencePair, _ body: (Bytes) throws(AufdbError) -> Void
  ) throws(AufdbError) -> OmissionReason? {
    try prompt.read(pair)
    if let reason = prompt.omission(for: layout) { return reason }
    if let system { prompt.addSystem(Bytes(system)) }
    promptMessages.removeAll()
    for turn in prompt.turns { Self.message(turn.roleName, turn.content, to: &promptMessages) }
    switch layout.format {
    case .kto:
      try writeLine(pair, body) { (row) throws(AufdbError) in try row.kto(pair, isChosen: true) }
      try writeLine(pair, body) { (row) throws(AufdbError) in try row.kto(pair, isChosen: false) }
    case .ultrafeedbackBinarized:
      try writeLine(pair, body) { (row) throws(AufdbError) in try row.ultrafeedbackBinarized(pair) }
    default:
      try writeLine(pair, body) { (row) throws(AufdbError) in
        row.origin(pair)
        row.texts(pair)
        try row.models(pair)
      }
    }
    return nil
  }

  private mutating func writeLine(
    _ pair: PreferencePair, _ body: (Bytes) throws(AufdbError) -> Void,
    fields: (inout TrainingRowWriter) throws(AufdbError) -> Void
  ) throws(AufdbError) {
    line.removeAll()
    line.beginObject()
    try fields(&self)
    if layout.hasMargin { try score("margin", pair.margin, pair) }
    line.endObject()
    line.newline()
    try line.withBytes(body)
  }

  /// Where the prompt comes from.
  mutating func origin(_ pair: PreferencePair) {
    text("prompt_id", pair.promptID)
    if layout.format.isReadWithoutCard { return }
    line.key("source")
    if let source = pair.source { line.string(source) } else { line.null() }
  }

  /// Who answered, and the judge's scores.
  private mutating func models(_ pair: PreferencePair) throws(AufdbError) {
    text("chosen_model", pair.chosenModel)
    if layout.format.isReadWithoutCard { return text("rejected_model", pair.rejectedModel) }
    try score("chosen_score", pair.chosenScore, pair)
    text("rejected_model", pair.rejectedModel)
    try score("rejected_score", pair.rejectedScore, pair)
  }

  mutating func text(_ key: String, _ value: Bytes) {
    line.key(key)
    line.string(value)
  }

  mutating func score(_ key: String, _ value: Double?, _ pair: PreferencePair) throws(AufdbError) {
    line.key(key)
    guard let value else { return line.null() }
    do throws(JSONError) {
      try line.double(value)
    } catch {
      throw pair.damage("has a label whose score is not a finite number")
    }
  }

  /// The prompt alone, the answer alone, or both, as a list of messages.
  mutating func conversation(_ key: String, hasPrompt: Bool, answer: Bytes?) {
    line.key(key)
    line.beginArray()
    if hasPrompt, promptMessages.count > 0 { promptMessages.withBytes { line.raw($0) } }
    if let answer { Self.message("assistant", answer, to: &line) }
    line.endArray()
  }

  private static func message(_ role: StaticString, _ content: Bytes, to writer: inout JSONWriter) {
    message(Bytes(start: role.utf8Start, count: role.utf8CodeUnitCount), content, to: &writer)
  }

  private static func message(_ role: Bytes, _ content: Bytes, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("role")
    writer.string(role)
    writer.key("content")
    writer.string(content)
    writer.endObject()
  }
}

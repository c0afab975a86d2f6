// One line of a completions file, parsed: ActiveUltraFeedback's PromptWithCompletions.
//
//   prompt_id, source, prompt (a text or [{role, content}]), completions: [
//     model, response_text, sample?, principle, system_prompt, messages, annotations, critique, overall_score ]
//
// Fields that the store has no column for are kept as one JSON object, so that nothing that came in is lost. Texts are
// slices of the line or of the reader's memory: valid until the next line is parsed.

/// A prompt with its completions; one value is reused for all lines.
struct CompletionsRecord: ~Copyable {
  struct Completion {
    var model: Bytes?
    var sample: Int64 = 0
    var response: Bytes?
    var systemPrompt: Bytes?
    var principle: Bytes?
    var critique: Bytes?
    var score: Double?
    // Where in `json` the canonical text of the annotations and of all other fields stands.
    var aspects: Range<Int>?
    var metadata: Range<Int>?

    /// Whether a judge said anything about it.
    var isScored: Bool { score != nil || aspects != nil || critique?.isEmpty == false }
  }

  private(set) var promptID: Bytes?
  private(set) var source: Bytes?
  private(set) var completions: [Completion] = []
  private(set) var isMessages = false

  private var promptText: Bytes?
  private var promptJSON: Range<Int>?
  private var metadataJSON: Range<Int>?
  private var hasCompletions = false
  private var reader = JSONReader()
  private var messageReader = JSONReader()
  // Canonical JSON of several values, one after the other. It may move while it grows, hence ranges.
  private var json = JSONWriter()
  // Keys and values of the fields without a column, while one object is read.
  private var others = JSONWriter()
  private var otherCount = 0

  /// The prompt: its text, or its messages as JSON.
  var prompt: Bytes { promptText ?? bytes(promptJSON) ?? Bytes(start: nil, count: 0) }
  var format: String { isMessages ? "messages" : "text" }
  var metadata: Bytes? { bytes(metadataJSON) }

  /// Whether two completions of this line may have one natural key.
  var repeatsAResponse: Bool {
    // Comparing each with each is for short lists; for others it is quicker to look each up in the store.
    guard completions.count <= 64 else { return true }
    for (index, one) in completions.enumerated() {
      for other in completions[..<index] where other.sample == one.sample {
        guard let a = one.model, let b = other.model else { continue }
        if a.isEqual(to: b) { return true }
      }
    }
    return false
  }

  /// The JSON that a range stands for; valid until the next line is parsed.
  func bytes(_ range: Range<Int>?) -> Bytes? {
    guard let range else { return nil }
    return json.withBytes { Bytes(rebasing: $0[range]) }
  }

  /// Parses a line.
  ///
  /// - Throws: `JSONError`, or `.badData` that names the field.
  mutating func parse(_ line: Bytes) throws {
    (promptID, source, promptText, promptJSON, metadataJSON) = (nil, nil, nil, nil, nil)
    (isMessages, hasCompletions) = (false, false)
    completions.removeAll(keepingCapacity: true)
    json.removeAll()
    reader.begin(line)
    try reader.beginObject(uniqueKeys: true)
    // The fields of a completion lie inside this object, so those of the prompt need a place of their own.
    var promptOthers = JSONWriter(capacity: 64)
    var promptOtherCount = 0
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": promptID = try Field.name(&reader, "prompt_id")
      case "source": source = try Field.optionalText(&reader, "source")
      case "prompt": try parsePrompt()
      case "completions": try parseCompletions()
      default:
        if promptOtherCount == 0 { promptOthers.beginObject() }
        promptOthers.key(key.bytes)
        try reader.copyValue(to: &promptOthers)
        promptOtherCount += 1
      }
    }
    try reader.finish()
    guard promptID != nil else { throw Field.missing("prompt_id") }
    guard promptText != nil || promptJSON != nil else { throw Field.missing("prompt") }
    guard hasCompletions else { throw Field.missing("completions") }
    if promptOtherCount > 0 {
      promptOthers.endObject()
      metadataJSON = append(promptOthers.withBytes { $0 })
    }
  }

  private mutating func parsePrompt() throws {
    switch try reader.peekKind() {
    case .string: promptText = try reader.string()
    case .array:
      isMessages = true
      let list = try reader.skipValue()
      try checkMessages(list)
      promptJSON = try canonical(list)
    default: throw Field.mistyped(&reader, "prompt", "a text or a list of messages")
    }
  }

  /// Makes sure that a list of messages is one: not empty, each with a role and a content.
  private mutating func checkMessages(_ list: Bytes) throws {
    messageReader.begin(list)
    var count = 0
    try messageReader.beginArray()
    while try messageReader.nextElement() {
      count += 1
      guard try messageReader.peekKind() == .object else {
        throw AufdbError(.badData, "prompt[\(count - 1)] is not an object with role and content")
      }
      var (hasRole, hasContent) = (false, false)
      try messageReader.beginObject(uniqueKeys: true)
      while let key = try messageReader.nextKey() {
        switch key {
        case "role":
          _ = try Field.name(&messageReader, "prompt[\(count - 1)].role")
          hasRole = true
        case "content":
          _ = try Field.text(&messageReader, "prompt[\(count - 1)].content")
          hasContent = true
        default: _ = try messageReader.skipValue()
        }
      }
      guard hasRole, hasContent else {
        throw Field.missing("prompt[\(count - 1)].\(hasRole ? "content" : "role")")
      }
    }
    guard count > 0 else { throw AufdbError(.badData, "prompt is an empty list of messages") }
  }

  private mutating func parseCompletions() throws {
    hasCompletions = true
    guard try reader.peekKind() == .array else { throw Field.mistyped(&reader, "completions", "a list") }
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .object else { throw Field.mistyped(&reader, "a completion", "an object") }
      completions.append(try parseCompletion())
    }
  }

  private mutating func parseCompletion() throws -> Completion {
    var completion = Completion()
    otherCount = 0
    others.removeAll()
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "model": completion.model = try Field.name(&reader, "model")
      case "sample": completion.sample = try Field.wholeNumber(&reader, "sample")
      case "response_text": completion.response = try Field.text(&reader, "response_text")
      case "system_prompt": completion.systemPrompt = try Field.optionalText(&reader, "system_prompt")
      case "principle": completion.principle = try Field.optionalText(&reader, "principle")
      case "critique": completion.critique = try Field.optionalText(&reader, "critique")
      case "overall_score": completion.score = try Field.score(&reader, "overall_score")
      case "annotations":
        let value = try reader.skipValue()
        if !Self.saysNothing(value) { completion.aspects = try canonical(value) }
      default:
        let value = try reader.skipValue()
        if key == "messages", Self.saysNothing(value) { continue }
        try keepOther(key, value)
      }
    }
    guard completion.model != nil else { throw Field.missing("model") }
    guard completion.response != nil else { throw Field.missing("response_text") }
    if otherCount > 0 {
      others.endObject()
      completion.metadata = append(others.withBytes { $0 })
    }
    return completion
  }

  private mutating func keepOther(_ key: JSONKey, _ value: Bytes) throws {
    if otherCount == 0 { others.beginObject() }
    others.key(key.bytes)
    messageReader.begin(value)
    try messageReader.copyValue(to: &others)
    otherCount += 1
  }

  /// null, [] or {}, perhaps with white space inside: what a field holds that was never filled.
  private static func saysNothing(_ value: Bytes) -> Bool {
    if value.elementsEqual("null".utf8) { return true }
    guard value.first == UInt8(ascii: "[") || value.first == UInt8(ascii: "{") else { return false }
    return value.dropFirst().dropLast().allSatisfy { $0 <= 0x20 }
  }

  /// Appends a value without white space to `json`.
  private mutating func canonical(_ value: Bytes) throws -> Range<Int> {
    let start = json.count
    messageReader.begin(value)
    try messageReader.copyValue(to: &json)
    let end = json.count
    json.newline()
    return start..<end
  }

  private mutating func append(_ value: Bytes) -> Range<Int> {
    let start = json.count
    json.raw(value)
    let end = json.count
    json.newline()
    return start..<end
  }
}

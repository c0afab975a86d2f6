// Records of completions and of UltraFeedback: a prompt with all of its responses, each perhaps with a judge's scores.

extension PromptRecord {
  mutating func parseCompletions() throws {
    var hasCompletions = false
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": givenID = try Field.name(&reader, "prompt_id")
      case "source": source = try Field.optionalText(&reader, "source")
      case "prompt": try parsePrompt()
      case "completions":
        hasCompletions = true
        try parseList(as: .completions)
      default: try promptOthers.keep(key, &reader)
      }
    }
    try reader.finish()
    guard givenID != nil else { throw Field.missing("prompt_id") }
    guard hasPrompt else { throw Field.missing("prompt") }
    guard hasCompletions else { throw Field.missing("completions") }
  }

  mutating func parseUltraFeedback() throws {
    var hasCompletions = false
    var models: Bytes?
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": givenID = try Field.name(&reader, "prompt_id")
      case "source": source = try Field.optionalText(&reader, "source")
      case "instruction": promptText = try Field.text(&reader, "instruction")
      case "models": models = try reader.skipValue()
      case "completions":
        hasCompletions = true
        try parseList(as: .ultrafeedback)
      default: try promptOthers.keep(key, &reader)
      }
    }
    try reader.finish()
    guard hasPrompt else { throw Field.missing("instruction") }
    guard hasCompletions else { throw Field.missing("completions") }
    if let models, !Self.saysNothing(models), try !isListOfModels(models) { try keepModels(models) }
  }

  /// Whether a value is the list of the responses' models, which says nothing new.
  private mutating func isListOfModels(_ value: Bytes) throws(JSONError) -> Bool {
    valueReader.begin(value)
    guard try valueReader.peekKind() == .array else { return false }
    var count = 0
    try valueReader.beginArray()
    while try valueReader.nextElement() {
      guard count < responses.count, try valueReader.peekKind() == .string,
        try valueReader.string().isEqual(to: responses[count].model)
      else { return false }
      count += 1
    }
    return count == responses.count
  }

  private mutating func keepModels(_ models: Bytes) throws(JSONError) {
    valueReader.begin(models)
    try promptOthers.keep(JSONKey(bytes: Bytes("models" as StaticString)), &valueReader)
  }

  private mutating func parseList(as layout: PromptLayout) throws {
    guard try reader.peekKind() == .array else { throw Field.mistyped(&reader, "completions", "a list") }
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .object else { throw Field.mistyped(&reader, "a completion", "an object") }
      switch layout {
      case .ultrafeedback: try parseUltraFeedbackResponse()
      default: try parseCompletion()
      }
    }
  }

  private mutating func parseCompletion() throws {
    var response = Response(sample: 0)
    var (hasModel, hasText) = (false, false)
    responseOthers.removeAll()
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "model":
        response.model = try Field.name(&reader, "model")
        hasModel = true
      case "sample": response.sample = try Field.wholeNumber(&reader, "sample")
      case "response_text":
        response.text = try Field.text(&reader, "response_text")
        hasText = true
      case "system_prompt": response.systemPrompt = try Field.optionalText(&reader, "system_prompt")
      case "principle": response.principle = try Field.optionalText(&reader, "principle")
      case "critique": response.critique = try Field.optionalText(&reader, "critique")
      case "overall_score": response.score = try Field.score(&reader, "overall_score")
      case "annotations": response.aspects = try parseAspects()
      case "messages":
        let value = try reader.skipValue()
        if Self.saysNothing(value) { continue }
        valueReader.begin(value)
        try responseOthers.keep(key, &valueReader)
      default: try responseOthers.keep(key, &reader)
      }
    }
    guard hasModel else { throw Field.missing("model") }
    guard hasText else { throw Field.missing("response_text") }
    response.metadata = responseOthers.end(in: &json)
    responses.append(response)
  }

  private mutating func parseUltraFeedbackResponse() throws {
    var response = Response()
    var (hasModel, hasText) = (false, false)
    responseOthers.removeAll()
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "model":
        response.model = try Field.name(&reader, "model")
        hasModel = true
      case "response":
        response.text = try Field.text(&reader, "response")
        hasText = true
      case "custom_system_prompt": response.systemPrompt = try Field.optionalText(&reader, "custom_system_prompt")
      case "principle": response.principle = try Field.optionalText(&reader, "principle")
      case "critique": response.critique = try Field.optionalText(&reader, "critique")
      case "overall_score": response.score = try Field.score(&reader, "overall_score")
      case "annotations": response.aspects = try parseAspects()
      default: try responseOthers.keep(key, &reader)
      }
    }
    guard hasModel else { throw Field.missing("model") }
    guard hasText else { throw Field.missing("response") }
    response.metadata = responseOthers.end(in: &json)
    if response.score == 10, let aspects = bytes(response.aspects) {
      response.isScoreSuspect = try (AspectRatings.mean(of: aspects, &valueReader) ?? 10) <= 2
    }
    responses.append(response)
  }

  private mutating func parseAspects() throws(JSONError) -> Range<Int>? {
    let value = try reader.skipValue()
    return Self.saysNothing(value) ? nil : try append(value)
  }
}

// Records of responses: one response each, perhaps with its prompt.

extension PromptRecord {
  mutating func parseResponse() throws {
    var response = Response()
    var (hasModel, hasText) = (false, false)
    responseOthers.removeAll()
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": givenID = try Field.name(&reader, "prompt_id")
      case "source": source = try Field.optionalText(&reader, "source")
      case "prompt": try parseOptionalPrompt()
      case "model":
        response.model = try Field.name(&reader, "model")
        hasModel = true
      case "sample": response.sample = try reader.nullIfPresent() ? nil : Field.wholeNumber(&reader, "sample")
      case "response", "response_text":
        guard !hasText else { throw PairSide.twice("response", "response_text") }
        response.text = try Field.text(&reader, key.text)
        hasText = true
      case "system_prompt": response.systemPrompt = try Field.optionalText(&reader, "system_prompt")
      case "principle": response.principle = try Field.optionalText(&reader, "principle")
      default: try responseOthers.keep(key, &reader)
      }
    }
    try reader.finish()
    guard givenID != nil || hasPrompt else { throw Field.missing("prompt_id") }
    guard hasModel else { throw Field.missing("model") }
    guard hasText else { throw Field.missing("response") }
    response.metadata = responseOthers.end(in: &json)
    responses.append(response)
  }

  /// Reads a prompt that may be missing, and brings messages into one form.
  mutating func parseOptionalPrompt() throws {
    switch try reader.peekKind() {
    case .null: try reader.null()
    case .string: promptText = try reader.string()
    case .array:
      let list = try parseMessages("prompt", dropsLast: false)
      setPrompt(messages[list.messages], json: list.json)
    default: throw Field.mistyped(&reader, "prompt", "a text or a list of messages")
    }
  }
}

// Records of preferences: two responses to one prompt, and which of them is the better one.
//
// chosen and rejected are both answers alone (a text, or a list of one assistant's message) beside `prompt`; or both
// whole conversations, whose last message is the answer. Whole conversations are the truth about the prompt: it is what
// comes before the answers, the same in both. What `prompt` then holds must be found there, and is otherwise nothing.

import Glibc

extension PromptRecord {
  /// What a record's chosen or rejected holds.
  private struct Answer {
    let text: Bytes
    /// The whole conversation that it ends; nil where it stands alone.
    var conversation: Conversation?
    /// Where in `json` stands what its message has beside role and content.
    var metadata: Range<Int>?
  }

  mutating func parsePreference() throws {
    var preference = Preference()
    var (chosen, rejected) = (PairSide(name: "chosen"), PairSide(name: "rejected"))
    var (chosenAnswer, rejectedAnswer): (Answer?, Answer?)
    while let key = try reader.nextKey() {
      switch key {
      case "prompt_id": givenID = try Field.name(&reader, "prompt_id")
      case "source": source = try Field.optionalText(&reader, "source")
      case "prompt": try parseOptionalPrompt()
      case "chosen": chosenAnswer = try parseAnswer("chosen")
      case "rejected": rejectedAnswer = try parseAnswer("rejected")
      case "judge": preference.judge = try reader.nullIfPresent() ? nil : Field.name(&reader, "judge")
      case "tie": preference.isTie = try LabelRecord.parseTie(&reader)
      case "method": preference.method = try reader.nullIfPresent() ? nil : Field.name(&reader, "method")
      case "batch": preference.batch = try reader.nullIfPresent() ? nil : Field.wholeNumber(&reader, "batch")
      // The chosen conversation once more, and the scores' difference.
      case "messages", "margin": _ = try reader.skipValue()
      default:
        if let field = PairField(key) {
          try field.isChosen
            ? chosen.parse(field, &reader, isLenient: true) : rejected.parse(field, &reader, isLenient: true)
        } else {
          try promptOthers.keep(key, &reader)
        }
      }
    }
    try reader.finish()
    guard let chosenAnswer else { throw Field.missing("chosen") }
    guard let rejectedAnswer else { throw Field.missing("rejected") }
    try settlePrompt(chosenAnswer, rejectedAnswer)
    for (side, answer) in [(chosen, chosenAnswer), (rejected, rejectedAnswer)] {
      responses.append(
        Response(
          model: side.model ?? Self.unknownModel, sample: side.sample, text: answer.text, metadata: answer.metadata))
    }
    (preference.chosenScore, preference.rejectedScore) = (chosen.score, rejected.score)
    self.preference = preference
  }

  private mutating func parseAnswer(_ name: String) throws -> Answer {
    switch try reader.peekKind() {
    case .string: return Answer(text: try reader.string())
    case .array:
      let list = try parseMessages(name, dropsLast: true)
      guard let last = messages[list.messages].last, last.isFromAssistant else {
        throw AufdbError(
          .badData, "\(name) doesn't end with a message of the assistant's",
          hint: "it is the assistant's answer, or the whole conversation up to it")
      }
      // It was the last message that was read.
      let metadata = last.hasMore ? messageOthers.end(in: &json) : nil
      return Answer(text: last.content, conversation: list.messages.count == 1 ? nil : list, metadata: metadata)
    default: throw Field.mistyped(&reader, name, "a text or a list of messages")
    }
  }

  /// Finds the prompt of two answers.
  private mutating func settlePrompt(_ chosen: Answer, _ rejected: Answer) throws {
    switch (chosen.conversation, rejected.conversation) {
    case (nil, nil):
      guard hasPrompt else {
        throw AufdbError(
          .badData, "prompt is missing", hint: "only where chosen and rejected are whole conversations is it in them")
      }
    case (let chosen?, let rejected?):
      guard let prompt = bytes(chosen.json), let other = bytes(rejected.json), prompt.isEqual(to: other) else {
        throw AufdbError(
          .badData, "chosen and rejected are answers to two prompts",
          hint: "all messages but the last are the prompt, which must be the same in both")
      }
      let list = messages[chosen.messages.dropLast()]
      guard !hasPrompt || isPrompt(in: list) else {
        throw AufdbError(
          .badData, "prompt is not what the conversations begin with", hint: "leave it out, and it is taken from them")
      }
      setPrompt(list, json: chosen.json)
    default:
      throw AufdbError(
        .badData, "of chosen and rejected, one is a whole conversation and the other an answer alone",
        hint: "both must be the same")
    }
  }

  /// Whether `prompt` stands in a conversation before its answer: a text within one message, white space around it
  /// aside; messages one after the other.
  private func isPrompt(in list: ArraySlice<Message>) -> Bool {
    guard let promptText else {
      guard let first = list.first?.json.lowerBound, let end = list.last?.json.upperBound,
        let inside = promptJSON.map({ $0.lowerBound + 1..<$0.upperBound - 1 })
      else { return false }
      return bytes(first..<end)?.contains(bytes(inside)) == true
    }
    let text = promptText.withoutOuterWhiteSpace
    return list.contains { $0.content.contains(text) }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func contains(_ part: Bytes?) -> Bool {
    guard let part else { return false }
    guard let first = part.first, let partStart = part.baseAddress, var place = baseAddress else { return part.isEmpty }
    let end = place + count
    while end - place >= part.count, let found = memchr(place, Int32(first), end - place - part.count + 1) {
      if memcmp(found, partStart, part.count) == 0 { return true }
      place = UnsafeRawPointer(found) + 1
    }
    return false
  }

  /// Without blanks, tabs and line ends at either end.
  fileprivate var withoutOuterWhiteSpace: Bytes {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return Bytes(start: nil, count: 0) }
    return Bytes(rebasing: self[start.startIndex...last])
  }
}

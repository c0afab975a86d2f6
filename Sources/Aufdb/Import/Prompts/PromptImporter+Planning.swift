// Deciding about the rows of a record: which prompt it speaks of, which number each of its responses has, and what becomes
// of each row. Nothing is written here.
//
// A response has the number that it comes with, or 0. Where nobody could have numbered it, because its prompt came without
// an id or its model without a name, and in pairs, its text decides: it is the response of the model that has this text;
// and otherwise a further one of the model's.

extension PromptImporter {
  func planPrompt() throws {
    promptID.set(record.promptID)
    if let target = try folding.target(of: record.promptID) {
      guard try !record.hasPrompt || folding.isTwin(record.prompt, isMessages: record.isMessages, of: target) else {
        throw Settlement.twice(PromptRows.conflict(record.promptID))
      }
      plan.folding = .isFolded
      return promptID.set(target)
    }
    let found = try prompts.find(record, as: layout)
    if found == .nothing {
      guard record.hasPrompt else {
        throw AufdbError(
          .badData, "there is no prompt '\(Field.excerpt(record.promptID))'",
          hint: "add `prompt` to the line, or import the prompt first")
      }
      if let twin = try folding.twin(of: record.prompt, isMessages: record.isMessages) {
        plan.folding = .isToBeFolded
        return promptID.set(twin)
      }
      // A prompt that was not there has no responses either.
      plan.isLookupNeeded = false
    } else if !record.hasPrompt {
      return
    }
    plan.prompt = try settlement.decide(.prompts, found) { PromptRows.conflict(record.promptID) }
  }

  func planResponse(_ index: Int) throws {
    let response = record.responses[index]
    let (sample, outcome) = try settle(response)
    var planned = PromptPlan.Response(sample: sample, outcome: outcome)
    if response.isScored {
      let row = score(of: response, sample: sample)
      if let place = plan.place(of: response.model, sample, isScored: true, in: record.responses) {
        let isSame = row.saysTheSame(as: score(of: record.responses[place], sample: sample))
        // Two responses of a prompt that is another one may be one there, and the first one's score stays.
        guard isSame || plan.isFolded else { throw Settlement.twice(row.conflict) }
        planned.score = isSame ? .isThere : .isLeftOut
      } else {
        let found = try plan.isLookupNeeded ? scores.find(row) : .nothing
        planned.score = try settlement.decide(.scores, found, isFolded: plan.isFolded) { row.conflict }
      }
    }
    plan.append(planned, of: record.responses)
  }

  /// The number of a response, and what becomes of it.
  private func settle(_ response: PromptRecord.Response) throws -> (sample: Int64, Outcome) {
    if let sample = givenSample(of: response), !plan.isFolded { return (sample, try settle(response, as: sample)) }
    let (sample, free) = try findText(of: response)
    if let sample { return (sample, .isThere) }
    // Under names that were given, it is the model's only answer, or contradicts the one that is there.
    return takesFreeNumber(response) ? (free, .isNew) : (0, try settle(response, as: 0))
  }

  /// The number that a response comes with: 0 where it has none, and its text doesn't decide.
  func givenSample(of response: PromptRecord.Response) -> Int64? {
    let isUnnumbered = layout == .preferences || record.isDerived || isOfUnknownModel(response)
    return response.sample ?? (isUnnumbered ? nil : 0)
  }

  private func settle(_ response: PromptRecord.Response, as sample: Int64) throws -> Outcome {
    func conflict() -> String { ResponseRows.conflict(record.promptID, response.model) }
    if let place = plan.place(of: response.model, sample, isScored: false, in: record.responses) {
      guard isSame(response, as: record.responses[place]) else { throw Settlement.twice(conflict()) }
      return .isThere
    }
    guard plan.isLookupNeeded else { return .isNew }
    let found = try responses.find(
      promptID.bytes, response, sample: sample, metadata: record.bytes(response.metadata),
      isTextOnly: layout == .preferences)
    return try settlement.decide(.responses, found, conflict: conflict)
  }

  /// The number of the response of the same model that has the same text, if one has; and the first number that is free.
  private func findText(of response: PromptRecord.Response) throws -> (sample: Int64?, free: Int64) {
    var free: Int64 = 0
    for (place, planned) in plan.responses.enumerated() {
      let earlier = record.responses[place]
      guard earlier.model.isEqual(to: response.model) else { continue }
      if earlier.text.isEqual(to: response.text) { return (planned.sample, 0) }
      free = max(free, planned.sample + 1)
    }
    guard plan.isLookupNeeded else { return (nil, free) }
    let found = try responses.find(response.text, promptID.bytes, response.model)
    return (found.sample, max(free, found.free))
  }

  private func takesFreeNumber(_ response: PromptRecord.Response) -> Bool {
    plan.isFolded || record.isDerived || isOfUnknownModel(response)
      || layout == .preferences && record.responses[0].model.isEqual(to: record.responses[1].model)
  }

  private func isOfUnknownModel(_ response: PromptRecord.Response) -> Bool {
    response.model.isEqual(to: PromptRecord.unknownModel)
  }

  private func isSame(_ one: PromptRecord.Response, as other: PromptRecord.Response) -> Bool {
    func isEqual(_ one: Bytes?, _ other: Bytes?) -> Bool {
      guard let one, let other else { return one == nil && other == nil }
      return one.isEqual(to: other)
    }
    return one.text.isEqual(to: other.text) && isEqual(one.systemPrompt, other.systemPrompt)
      && isEqual(one.principle, other.principle)
      && isEqual(record.bytes(one.metadata), record.bytes(other.metadata))
  }

  func planLabel() throws {
    guard let label = label() else { return }
    guard !label.chosen.isSameResponse(as: label.rejected) else {
      plan.isOneResponse = true
      return
    }
    let judge = label.judge ?? judge.bytes
    let found = try plan.isLookupNeeded ? labels.find(label, judge: judge) : .nothing
    plan.label = try settlement.decide(.labels, found, isFolded: plan.isFolded) {
      LabelRows.conflict(label, judge: judge)
    }
  }
}

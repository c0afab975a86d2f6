// Puts records that bring a prompt, responses, or both into the store: PromptLayout.swift tells what they look like. A
// record is parsed, then its rows are decided about, and then they are written; Settlement.swift says why.

final class PromptImporter: RecordImporter {
  private let layout: PromptLayout
  private let judge: HeldBytes
  private let repairsScores: Bool
  private let settlement: Settlement
  private let folding: PromptFolding
  private let prompts: PromptRows
  private let responses: ResponseRows
  private let scores: ScoreRows
  private let labels: LabelRows
  private var record = PromptRecord()
  private var plan = PromptPlan()
  /// The prompt that the record's rows go to: its own, or what that was folded into.
  private let promptID = HeldBytes()

  init(_ layout: PromptLayout, _ state: ImportState) throws {
    self.layout = layout
    judge = HeldBytes(state.judge ?? ImportOptions.scoresJudge)
    repairsScores = state.repairsOverallScore
    settlement = state.settlement()
    folding = state.folding
    prompts = try PromptRows(into: state.change)
    responses = try ResponseRows(into: state.change)
    scores = try ScoreRows(into: state.change)
    labels = try LabelRows(into: state.change)
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    try record.parse(line, as: layout)
    plan.removeAll()
    try planPrompt()
    for index in record.responses.indices { try planResponse(index) }
    try planLabel()
    try write(&report)
  }

  // Deciding.

  private func planPrompt() throws {
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

  private func planResponse(_ index: Int) throws {
    let response = record.responses[index]
    let (sample, outcome) = try settle(response)
    var planned = PromptPlan.Response(sample: sample, outcome: outcome)
    if response.isScored {
      let row = score(of: response, sample: sample)
      if let place = plan.place(of: response.model, sample, isScored: true, in: record.responses) {
        guard row.saysTheSame(as: score(of: record.responses[place], sample: sample)) else {
          throw Settlement.twice(row.conflict)
        }
        planned.score = .isThere
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
  private func givenSample(of response: PromptRecord.Response) -> Int64? {
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

  private func planLabel() throws {
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

  // Carrying out.

  private func write(_ report: inout ImportReport) throws {
    if plan.folding == .isToBeFolded { try folding.fold(record.promptID, into: promptID.bytes, &report) }
    if let outcome = plan.prompt, try settlement.begin(.prompts, outcome, &report) {
      let row = try prompts.insert(record)
      try folding.noteAdded(row: row, record.prompt, isMessages: record.isMessages, &report)
    }
    for (response, planned) in zip(record.responses, plan.responses) {
      if try settlement.begin(.responses, planned.outcome, &report) {
        try responses.insert(
          promptID.bytes, response, sample: planned.sample, metadata: record.bytes(response.metadata))
      }
      if plan.isFolded {
        try folding.renumber(record.promptID, response.model, givenSample(of: response), to: planned.sample)
      }
      if response.isScoreSuspect { report.suspectScoreCount += 1 }
      if let outcome = planned.score, try settlement.begin(.scores, outcome, &report) {
        try scores.insert(score(of: response, sample: planned.sample))
      }
    }
    if plan.isOneResponse { report.oneResponseCount += 1 }
    if let label = label(), let outcome = plan.label, try settlement.begin(.labels, outcome, &report) {
      try labels.insert(label, judge: label.judge ?? judge.bytes)
    }
  }

  private func score(of response: PromptRecord.Response, sample: Int64) -> ScoreRow {
    ScoreRow(
      promptID: promptID.bytes, model: response.model, sample: sample, judge: judge.bytes,
      score: repairsScores && response.isScoreSuspect ? 1 : response.score, aspects: record.bytes(response.aspects),
      critique: response.critique)
  }

  /// The record's label, once its responses have their numbers.
  private func label() -> LabelRecord? {
    guard let preference = record.preference else { return nil }
    func side(_ index: Int, _ score: Double?) -> LabelRecord.Side {
      LabelRecord.Side(
        model: record.responses[index].model, sample: plan.responses[index].sample, score: score)
    }
    return LabelRecord(
      promptID: promptID.bytes, chosen: side(0, preference.chosenScore), rejected: side(1, preference.rejectedScore),
      judge: preference.judge, isTie: preference.isTie, method: preference.method, batch: preference.batch)
  }
}

// Puts records that bring a prompt, responses, or both into the store: PromptLayout.swift tells what they look like. A
// record is parsed, then its rows are decided about, and then they are written; Settlement.swift says why.

final class PromptImporter: RecordImporter {
  let layout: PromptLayout
  let judge: HeldBytes
  let repairsScores: Bool
  let settlement: Settlement
  let folding: PromptFolding
  let prompts: PromptRows
  let responses: ResponseRows
  let scores: ScoreRows
  let labels: LabelRows
  var record = PromptRecord()
  var plan = PromptPlan()
  /// The prompt that the record's rows go to: its own, or what that was folded into.
  let promptID = HeldBytes()

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

  func score(of response: PromptRecord.Response, sample: Int64) -> ScoreRow {
    ScoreRow(
      promptID: promptID.bytes, model: response.model, sample: sample, judge: judge.bytes,
      score: repairsScores && response.isScoreSuspect ? 1 : response.score, aspects: record.bytes(response.aspects),
      critique: response.critique)
  }

  /// The record's label, once its responses have their numbers.
  func label() -> LabelRecord? {
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

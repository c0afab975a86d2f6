// Puts completions records into the store: prompts, responses and scores, each new, the same, or a new version.

final class CompletionsImporter: RecordImporter {
  private let judge: String
  private let settlement: Settlement
  private let prompts: RowWriter
  private let responses: RowWriter
  private let scores: RowWriter
  private let promptLookup: SQLStatement
  private let responseLookup: SQLStatement
  private let scoreLookup: SQLStatement
  private var record = CompletionsRecord()

  init(judge: String, replaces: Bool, into change: Change) throws {
    self.judge = judge
    settlement = Settlement(change: change, replaces: replaces)
    prompts = try change.writer(.prompts)
    responses = try change.writer(.responses)
    scores = try change.writer(.scores)
    let key = "prompt_id = ?1 AND model = ?2 AND sample = ?3"
    promptLookup = try change.connection.statement(
      "SELECT id, source, prompt, format, metadata FROM prompts WHERE prompt_id = ?1")
    responseLookup = try change.connection.statement(
      "SELECT id, response, system_prompt, principle, metadata FROM responses WHERE \(key)")
    scoreLookup = try change.connection.statement(
      "SELECT id, score, aspects, critique FROM scores WHERE \(key) AND judge = ?4")
    scoreLookup.bind(4, .text(judge))
  }

  func importRecord(_ line: Bytes, _ report: inout ImportReport) throws {
    try record.parse(line)
    guard let promptID = record.promptID else { throw Field.missing("prompt_id") }
    let found = try findPrompt(promptID)
    let isToBeInserted = try settlement.isToBeInserted(.prompts, found, &report) {
      "the prompt '\(Field.excerpt(promptID))' is there already with another content"
    }
    if isToBeInserted { try insertPrompt(promptID) }
    // A prompt that was not there has no responses either, unless this very line repeats one.
    let isLookupNeeded = found != .nothing || record.repeatsAResponse
    for completion in record.completions {
      guard let model = completion.model else { throw Field.missing("model") }
      try importResponse(promptID, model, completion, isLookupNeeded, &report)
      if completion.isScored { try importScore(promptID, model, completion, isLookupNeeded, &report) }
    }
  }

  private func findPrompt(_ promptID: Bytes) throws -> Found {
    promptLookup.bind(1, unownedText: promptID)
    defer { promptLookup.reset() }
    guard try promptLookup.step() else { return .nothing }
    let isSame =
      Field.isEqual(promptLookup, 1, record.source) && Field.isEqual(promptLookup, 2, record.prompt)
      && promptLookup.string(3) == record.format && Field.isEqual(promptLookup, 4, record.metadata)
    return isSame ? .same : .other(id: promptLookup.integer(0))
  }

  private func insertPrompt(_ promptID: Bytes) throws {
    prompts.text(promptID)
    prompts.optionalText(record.source)
    prompts.text(record.prompt)
    prompts.text(record.format)
    prompts.optionalText(record.metadata)
    try prompts.insert()
  }

  private func importResponse(
    _ promptID: Bytes, _ model: Bytes, _ completion: CompletionsRecord.Completion, _ isLookupNeeded: Bool,
    _ report: inout ImportReport
  ) throws {
    guard let text = completion.response else { throw Field.missing("response_text") }
    let metadata = record.bytes(completion.metadata)
    if isLookupNeeded {
      let found = try find(responseLookup, promptID, model, completion.sample) { row in
        Field.isEqual(row, 1, text) && Field.isEqual(row, 2, completion.systemPrompt)
          && Field.isEqual(row, 3, completion.principle) && Field.isEqual(row, 4, metadata)
      }
      let isToBeInserted = try settlement.isToBeInserted(.responses, found, &report) {
        "the response of \(Field.excerpt(model)) to '\(Field.excerpt(promptID))' is there already with another content"
      }
      guard isToBeInserted else { return }
    }
    responses.text(promptID)
    responses.text(model)
    responses.integer(completion.sample)
    responses.text(text)
    responses.optionalText(completion.systemPrompt)
    responses.optionalText(completion.principle)
    responses.optionalText(metadata)
    try responses.insert()
  }

  private func importScore(
    _ promptID: Bytes, _ model: Bytes, _ completion: CompletionsRecord.Completion, _ isLookupNeeded: Bool,
    _ report: inout ImportReport
  ) throws {
    let aspects = record.bytes(completion.aspects)
    if isLookupNeeded {
      let found = try find(scoreLookup, promptID, model, completion.sample) { row in
        row.optionalReal(1) == completion.score && Field.isEqual(row, 2, aspects)
          && Field.isEqual(row, 3, completion.critique)
      }
      let isToBeInserted = try settlement.isToBeInserted(.scores, found, &report) {
        "\(judge)'s score of \(Field.excerpt(model)) for '\(Field.excerpt(promptID))' is there already and differs"
      }
      guard isToBeInserted else { return }
    }
    scores.text(promptID)
    scores.text(model)
    scores.integer(completion.sample)
    scores.text(judge)
    scores.optionalReal(completion.score)
    scores.optionalText(aspects)
    scores.optionalText(completion.critique)
    try scores.insert()
  }

  private func find(
    _ lookup: SQLStatement, _ promptID: Bytes, _ model: Bytes, _ sample: Int64, isSame: (SQLStatement) -> Bool
  ) throws -> Found {
    lookup.bind(1, unownedText: promptID)
    lookup.bind(2, unownedText: model)
    lookup.bind(3, sample)
    defer { lookup.reset() }
    guard try lookup.step() else { return .nothing }
    return isSame(lookup) ? .same : .other(id: lookup.integer(0))
  }
}

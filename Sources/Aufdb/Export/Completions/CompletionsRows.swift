// Prompts with their responses and one judge's scores, a prompt a line: what CompletionsRecord.swift reads.
//
// Fields that came in without a column come out at the level where they came in, behind the columns.

/// Turns prompts into lines, keeping its memory from one to the next.
final class CompletionsRows {
  static let promptsSQL = """
    SELECT prompt_id, source, prompt, format, metadata FROM prompts WHERE id BETWEEN ?1 AND ?2 ORDER BY id
    """
  static let responsesSQL = """
    SELECT model, sample, response, system_prompt, principle, metadata FROM responses
    WHERE prompt_id = ?1 ORDER BY model, sample
    """
  static let scoreSQL = """
    SELECT score, aspects, critique FROM scores WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4
    """

  private(set) var responseCount = 0
  private(set) var scoreCount = 0
  /// Fields that could not come out.
  private(set) var collisionCount = 0
  /// The names of the prompts' fields without a column, as long as they aren't too many to be named in a card.
  private(set) var otherNames: Set<String>? = []
  private static let otherNameLimit = 200
  private let responses: SQLStatement
  private let score: SQLStatement
  private let judge: String?
  private var line = JSONWriter(capacity: 64 << 10)
  private var reader = JSONReader()

  /// - Parameter judge: whose scores stand beside the responses; nil: nobody's.
  init(judge: String?, in connection: Connection) throws(AufdbError) {
    self.judge = judge
    responses = try connection.statement(Self.responsesSQL)
    score = try connection.statement(Self.scoreSQL)
    if let judge { score.bind(4, .text(judge)) }
  }

  /// Lends the line of the prompt in a row of `promptsSQL`.
  func withLine(
    of prompt: SQLStatement, _ body: (Bytes) throws(AufdbError) -> Void
  ) throws(AufdbError) {
    let promptID = prompt.bytes(0)
    line.removeAll()
    line.beginObject()
    line.text("prompt_id", promptID)
    line.optionalText("source", prompt, 1)
    line.key("prompt")
    if prompt.bytes(3).elementsEqual("text".utf8) {
      line.string(prompt.bytes(2))
    } else {
      try copyJSON(prompt.bytes(2), "a prompt", promptID)
    }
    line.key("completions")
    line.beginArray()
    responses.bind(1, unownedText: promptID)
    score.bind(1, unownedText: promptID)
    while try responses.step() { try writeResponse(promptID) }
    responses.reset()
    line.endArray()
    if !prompt.isNull(4) {
      try copyFields(prompt.bytes(4), promptID, isOwn: Self.isPromptField)
      try noteNames(prompt.bytes(4))
    }
    line.endObject()
    line.newline()
    try line.withBytes(body)
  }

  private func writeResponse(_ promptID: Bytes) throws(AufdbError) {
    responseCount += 1
    line.beginObject()
    line.text("model", responses.bytes(0))
    line.key("sample")
    line.int(responses.integer(1))
    line.text("response_text", responses.bytes(2))
    line.optionalText("system_prompt", responses, 3)
    line.optionalText("principle", responses, 4)
    if judge != nil { try writeScore(promptID) }
    if !responses.isNull(5) { try copyFields(responses.bytes(5), promptID, isOwn: Self.isResponseField) }
    line.endObject()
  }

  private func writeScore(_ promptID: Bytes) throws(AufdbError) {
    score.bind(2, unownedText: responses.bytes(0))
    score.bind(3, responses.integer(1))
    defer { score.reset() }
    let isThere = try score.step() && ScoreShape(score, score: 0, aspects: 1, critique: 2) != nil
    if isThere { scoreCount += 1 }
    line.key("annotations")
    if isThere, !score.isNull(1) { try copyJSON(score.bytes(1), "a score", promptID) } else { line.null() }
    line.key("critique")
    if isThere, !score.isNull(2) { line.string(score.bytes(2)) } else { line.null() }
    try line.optionalNumber("overall_score", isThere ? score.optionalReal(0) : nil)
  }

  /// Copies an object's fields into the object that the line is in.
  private func copyFields(
    _ object: Bytes, _ promptID: Bytes, isOwn: (JSONKey, Bytes) -> Bool
  ) throws(AufdbError) {
    do throws(JSONError) {
      reader.begin(object)
      try reader.beginObject()
      while let key = try reader.nextKey() {
        let value = try reader.skipValue()
        if isOwn(key, value) {
          collisionCount += 1
        } else {
          line.key(key.bytes)
          line.raw(value)
        }
      }
      try reader.finish()
    } catch {
      throw Self.damage("imported fields", promptID, error)
    }
  }

  private func noteNames(_ object: Bytes) throws(AufdbError) {
    guard var names = otherNames else { return }
    do throws(JSONError) {
      reader.begin(object)
      try reader.beginObject()
      while let key = try reader.nextKey() {
        let value = try reader.skipValue()
        if !Self.isPromptField(key, value) { names.insert(key.text) }
      }
    } catch {
      throw AufdbError(.internalDefect, "fields that were read can't be read again")
    }
    otherNames = names.count > Self.otherNameLimit ? nil : names
  }

  private func copyJSON(_ value: Bytes, _ what: String, _ promptID: Bytes) throws(AufdbError) {
    do throws(JSONError) {
      reader.begin(value)
      try reader.copyValue(to: &line)
      try reader.finish()
    } catch {
      throw Self.damage(what, promptID, error)
    }
  }

  private static func damage(_ what: String, _ promptID: Bytes, _ error: JSONError) -> AufdbError {
    AufdbError(
      .badData,
      "the store is damaged: prompt '\(Field.excerpt(promptID))' has \(what) that is no JSON: \(error.reason)",
      hint: "`aufdb verify STORE` says where")
  }

  private static func isPromptField(_ key: JSONKey, _ value: Bytes) -> Bool {
    switch key {
    case "prompt_id", "source", "prompt", "completions": true
    default: false
    }
  }

  private static func isResponseField(_ key: JSONKey, _ value: Bytes) -> Bool {
    switch key {
    case "model", "sample", "response_text", "system_prompt", "principle", "annotations", "critique", "overall_score":
      true
    // An import passes over messages that say nothing.
    case "messages": ScoreShape.saysNothing(value)
    default: false
    }
  }
}

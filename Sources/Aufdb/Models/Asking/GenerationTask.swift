// Responses: each prompt gets so many of a model.
//
// A response is missing where there is no row of its key. Its row says in `metadata` what made it:
//
//   {"completion_tokens": 340, "finish_reason": "stop", "made_by": "ember@2", "prompt_tokens": 12}
//
// and "failure" where there is no answer: the response is '' then, is kept, and never exported. A cut response has the
// finish_reason "length".

/// What is generated.
public struct GenerateOptions: Sendable {
  /// How many responses each prompt is to have of the model.
  public var sampleCount = 1
  /// Under which principles they are made; nil: none, and no system prompt but the prompt's own.
  public var principles: Principles?
  /// Of the draws of principles.
  public var seed: UInt64 = 0
  /// Which prompts, and whether responses that failed are asked for again.
  public var scope = AskScope()

  public init() {}
}

struct GenerationTask: RowTask {
  let model: ModelDefinition
  let options: GenerateOptions

  var definition: Definition { .model(model) }
  var scope: AskScope { options.scope }

  func questions(in connection: Connection) throws -> any TaskQuestions { try OpenGeneration(self, in: connection) }

  func rows(in change: Change) throws -> any TaskRows { try OpenGeneration(self, in: change.connection, change) }

  func note(_ counts: SettledCounts) -> CommitNote {
    var message = "Generate \(Relation.responses.phrase(counts.rowCount)) by \(model.reference)"
    if counts.failedCount > 0 { message += ", \(counts.failedCount) of them failures" }
    var parameters: [String: Operation.Value] = [
      "model": .text(model.reference), "samples": .integer(Int64(options.sampleCount)),
      "seed": .integer(Int64(options.seed)),
    ]
    if let principles = options.principles {
      parameters["principles"] = .list(principles.principles.map { .text($0.name) })
    }
    return CommitNote(message: message, operation: Operation("generate", scope.parameters(parameters)))
  }
}

/// The task on one connection.
private final class OpenGeneration: TaskQuestions, TaskRows {
  /// A row that is there.
  private struct Present {
    let id: Int64
    /// Why it has no response; nil where it has one.
    let failure: String?
  }

  private struct Missing {
    let sample: Int
    let choice: Principles.Choice?
    let question: ModelQuestion
    /// The row that failed, where failures are asked about again.
    let failed: Present?
  }

  private let task: GenerationTask
  private let texts: StoredTexts
  private let present: SQLStatement
  private let change: Change?
  private let writer: RowWriter?

  init(_ task: GenerationTask, in connection: Connection, _ change: Change? = nil) throws {
    self.task = task
    self.change = change
    writer = try change?.writer(.responses)
    texts = try StoredTexts(in: connection)
    // Only views that are changed have ids.
    present = try connection.statement(
      """
      SELECT \(change == nil ? "0" : "id"), sample, iif(response = '' AND json_valid(metadata), json_extract(metadata, '$.failure'), NULL)
      FROM responses WHERE prompt_id = ?1 AND model = ?2
      """)
  }

  func questions(about promptID: String) throws -> [ModelQuestion] { try missing(promptID).map(\.question) }

  func questionCount(about promptID: String) throws -> Int { try missingSamples(promptID).count }

  /// The samples that are to be asked for, with the row of each that failed.
  private func missingSamples(_ promptID: String) throws -> [(sample: Int, failed: Present?)] {
    present.bind(1, .text(promptID))
    present.bind(2, .text(task.model.name))
    defer { present.reset() }
    var rows: [Int: Present] = [:]
    while try present.step() {
      rows[Int(present.integer(1))] = Present(id: present.integer(0), failure: present.optionalString(2))
    }
    return (0..<task.options.sampleCount).compactMap { sample in
      guard let row = rows[sample] else { return (sample, nil) }
      return row.failure != nil && task.retriesFailures ? (sample, row) : nil
    }
  }

  private func missing(_ promptID: String) throws -> [Missing] {
    let samples = try missingSamples(promptID)
    guard !samples.isEmpty else { return [] }
    let conversation = try texts.conversation(promptID)
    return samples.map { sample, failed in
      let choice = task.options.principles?.choose(
        promptID: promptID, model: task.model.name, sample: sample, seed: task.options.seed)
      let request = ModelQuestions.generation(
        task.model, conversation, systemPrompt: choice?.systemPrompt, sample: sample)
      return Missing(sample: sample, choice: choice, question: .request(request), failed: failed)
    }
  }

  func settle(_ promptID: String, _ answers: AnswerLookup, _ counts: inout SettledCounts) throws {
    for missing in try missing(promptID) {
      guard let answer = try answers.answer(to: missing.question.id), !answer.isFailure(missing.failed?.failure) else {
        counts.missingCount += 1
        continue
      }
      guard let change, let writer else { throw AufdbError(.internalDefect, "rows without a change") }
      if let failed = missing.failed { try change.retire(.responses, failed.id) }
      writer.text(promptID)
      writer.text(task.model.name)
      writer.integer(missing.sample)
      let text: String
      do throws(ModelFailure) {
        let chat = try answer.chat()
        text = chat.text
        if chat.finishReason == "length" { counts.cutCount += 1 }
        if chat.text.isEmpty { counts.emptyCount += 1 }
      } catch {
        text = ""
        counts.failedCount += 1
      }
      writer.text(text)
      writer.optionalText(missing.choice?.systemPrompt)
      writer.optionalText(missing.choice?.principle)
      writer.text(metadata(answer))
      try writer.insert()
      counts.rowCount += 1
    }
  }

  private func metadata(_ answer: KeptAnswer) -> String {
    var fields: [String: Operation.Value] = ["made_by": .text(task.model.reference)]
    do throws(ModelFailure) {
      let chat = try answer.chat()
      if let reason = chat.finishReason { fields["finish_reason"] = .text(reason) }
      for (name, count) in [("prompt_tokens", chat.promptTokens), ("completion_tokens", chat.completionTokens)] {
        if let count { fields[name] = .integer(Int64(count)) }
      }
    } catch {
      fields["failure"] = .text(error.message)
    }
    return Operation.object(fields)
  }
}

extension KeptAnswer {
  /// Whether it says what a row says already.
  fileprivate func isFailure(_ message: String?) -> Bool {
    if case .failure(let failure) = self { failure.message == message } else { false }
  }
}

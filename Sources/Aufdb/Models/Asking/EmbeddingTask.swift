// Embeddings: an encoder's vectors of the responses that have none.
//
// An empty response gets no vector, because servers refuse empty texts. What failed has no row, and isn't asked for again
// unless failures are retried.

struct EmbeddingTask: RowTask {
  let encoder: EncoderDefinition
  let scope: AskScope

  var definition: Definition { .encoder(encoder) }
  var expectation: ModelRequest.Expectation {
    .vectors(EmbeddingShape(dimension: encoder.dimensions, element: encoder.element))
  }
  var batchSize: Int { max(1, encoder.batchSize) }

  func questions(in connection: Connection) throws -> any TaskQuestions { try OpenEmbedding(self, in: connection) }

  func rows(in change: Change) throws -> any TaskRows { try OpenEmbedding(self, in: change.connection, change) }

  func note(_ counts: SettledCounts) -> CommitNote {
    CommitNote(
      message: "Embed \(Relation.responses.phrase(counts.rowCount)) by \(encoder.reference)",
      operation: Operation("embed", scope.parameters(["encoder": .text(encoder.reference)])))
  }
}

/// The task on one connection.
private final class OpenEmbedding: TaskQuestions, TaskRows {
  private let task: EmbeddingTask
  private let texts: StoredTexts
  private let bare: SQLStatement
  private let writer: RowWriter?

  init(_ task: EmbeddingTask, in connection: Connection, _ change: Change? = nil) throws {
    self.task = task
    writer = try change?.writer(.embeddings)
    texts = try StoredTexts(in: connection)
    bare = try connection.statement(
      """
      SELECT r.model, r.sample, r.response FROM responses AS r WHERE r.prompt_id = ?1 AND r.response <> ''
        AND NOT EXISTS (
          SELECT 1 FROM embeddings AS e
          WHERE e.prompt_id = r.prompt_id AND e.model = r.model AND e.sample = r.sample AND e.encoder = ?2)
      ORDER BY r.model, r.sample
      """)
  }

  private func missing(_ promptID: String) throws -> [(key: ResponseKey, question: ModelQuestion)] {
    bind(promptID)
    defer { bare.reset() }
    var conversation: Conversation?
    var missing: [(ResponseKey, ModelQuestion)] = []
    while try bare.step() {
      let prompt = try conversation ?? texts.conversation(promptID)
      conversation = prompt
      let text = task.encoder.input.text(of: bare.string(2), to: prompt)
      let question = ModelQuestion.text(text, ModelQuestions.embeddingID(task.encoder, text), task.encoder)
      missing.append((ResponseKey(model: bare.string(0), sample: bare.integer(1)), question))
    }
    return missing
  }

  func questions(about promptID: String) throws -> [ModelQuestion] { try missing(promptID).map(\.question) }

  func questionCount(about promptID: String) throws -> Int {
    bind(promptID)
    defer { bare.reset() }
    var count = 0
    while try bare.step() { count += 1 }
    return count
  }

  private func bind(_ promptID: String) {
    bare.bind(1, .text(promptID))
    bare.bind(2, .text(task.encoder.reference))
  }

  func settle(_ promptID: String, _ answers: AnswerLookup, _ counts: inout SettledCounts) throws {
    for (key, question) in try missing(promptID) {
      guard let answer = try answers.answer(to: question.id) else {
        counts.missingCount += 1
        continue
      }
      guard let writer, case .vector(let vector, _) = answer else {
        counts.failedCount += 1
        continue
      }
      writer.text(task.encoder.reference)
      writer.text(promptID)
      writer.text(key.model)
      writer.integer(key.sample)
      writer.text(task.encoder.element.rawValue)
      try vector.withUnsafeBytes { bytes in
        writer.blob(bytes)
        try writer.insert()
      }
      counts.rowCount += 1
    }
  }
}

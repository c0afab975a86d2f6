// Scores: a pointwise judge rates every response that it hasn't rated.

struct RatingTask: RowTask {
  let judge: JudgeDefinition
  let scope: AskScope

  var definition: Definition { .judge(judge) }

  func canUse(_ answer: KeptAnswer) -> Bool { judge.canUse(answer) }

  func questions(in connection: Connection) throws -> any TaskQuestions { try OpenRating(self, in: connection) }

  func rows(in change: Change) throws -> any TaskRows { try OpenRating(self, in: change.connection, change) }

  func note(_ counts: SettledCounts) -> CommitNote {
    var message = "Rate \(Relation.responses.phrase(counts.rowCount)) by \(judge.reference)"
    if counts.failedCount > 0 { message += ", \(counts.failedCount) of them without a rating" }
    let parameters = scope.parameters(["judge": .text(judge.reference), "from": .text("model")])
    return CommitNote(message: message, operation: Operation("annotate", parameters))
  }
}

/// The task on one connection.
private final class OpenRating: TaskQuestions, TaskRows {
  private let task: RatingTask
  private let questions: RatingQuestions
  private let unrated: SQLStatement
  private let writer: RatingWriter?

  init(_ task: RatingTask, in connection: Connection, _ change: Change? = nil) throws {
    self.task = task
    writer = try change.map { try RatingWriter(task.judge, in: $0) }
    questions = RatingQuestions(task.judge, try StoredTexts(in: connection))
    // An empty response says nothing that could be rated.
    unrated = try connection.statement(
      """
      SELECT r.model, r.sample FROM responses AS r WHERE r.prompt_id = ?1 AND r.response <> ''
        AND NOT EXISTS (
          SELECT 1 FROM scores AS s
          WHERE s.prompt_id = r.prompt_id AND s.model = r.model AND s.sample = r.sample AND s.judge = ?2
            AND (s.score IS NOT NULL OR ?3))
      ORDER BY r.model, r.sample
      """)
  }

  private func missing(_ promptID: String) throws -> [ResponseKey] {
    unrated.bind(1, .text(promptID))
    unrated.bind(2, .text(task.judge.reference))
    unrated.bind(3, .integer(task.retriesFailures ? 0 : 1))
    defer { unrated.reset() }
    var keys: [ResponseKey] = []
    while try unrated.step() { keys.append(ResponseKey(model: unrated.string(0), sample: unrated.integer(1))) }
    return keys
  }

  func questions(about promptID: String) throws -> [ModelQuestion] {
    try missing(promptID).flatMap { try questions.about($0, to: promptID) }
  }

  func questionCount(about promptID: String) throws -> Int { try missing(promptID).count * questions.count }

  func settle(_ promptID: String, _ answers: AnswerLookup, _ counts: inout SettledCounts) throws {
    for key in try missing(promptID) {
      guard let answers = try answers.answers(to: questions.about(key, to: promptID)) else {
        counts.missingCount += 1
        continue
      }
      let score = PointwiseScore(task.judge.rubric, answers: answers)
      guard try writer?.insert(score, of: key, to: promptID) == true else {
        counts.missingCount += 1
        continue
      }
      counts.rowCount += 1
      if score.overall == nil { counts.failedCount += 1 }
    }
  }
}

/// The questions of a pointwise judge about a response: one for each aspect.
struct RatingQuestions {
  private let judge: JudgeDefinition
  private let texts: StoredTexts

  init(_ judge: JudgeDefinition, _ texts: StoredTexts) {
    self.judge = judge
    self.texts = texts
  }

  /// How many there are about each response.
  var count: Int { judge.rubric.aspects.count }

  /// In the order of the rubric's aspects.
  ///
  /// - Throws: `.refused` where the store lacks the prompt or the response.
  func about(_ key: ResponseKey, to promptID: String) throws -> [ModelQuestion] {
    let conversation = try texts.conversation(promptID)
    let response = try texts.response(key, to: promptID)
    return judge.rubric.aspects.map {
      .request(ModelQuestions.pointwise(judge, $0, prompt: conversation, response: response))
    }
  }
}

/// Stores a pointwise judge's scores. A score that failed is replaced.
struct RatingWriter {
  private let judge: JudgeDefinition
  private let change: Change
  private let old: SQLStatement
  private let writer: RowWriter

  init(_ judge: JudgeDefinition, in change: Change) throws {
    self.judge = judge
    self.change = change
    old = try change.connection.statement(
      "SELECT id, score, aspects FROM scores WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4")
    writer = try change.writer(.scores)
  }

  /// Stores a score, unless there is one with a rating, or one that failed in the same way.
  ///
  /// - Returns: whether it is new.
  @discardableResult
  func insert(_ score: PointwiseScore, of key: ResponseKey, to promptID: String) throws -> Bool {
    old.bind(1, .text(promptID))
    old.bind(2, .text(key.model))
    old.bind(3, key.sample)
    old.bind(4, .text(judge.reference))
    let found = try old.step() ? (id: old.integer(0), score: old.optionalReal(1), aspects: old.string(2)) : nil
    old.reset()
    if let found {
      let isSame = score.overall == nil && found.aspects == score.json
      guard found.score == nil, !isSame, !change.isNew(.scores, found.id) else { return false }
      try change.retire(.scores, found.id)
    }
    writer.text(promptID)
    writer.text(key.model)
    writer.integer(key.sample)
    writer.text(judge.reference)
    writer.optionalReal(score.overall)
    writer.text(score.json)
    writer.null()
    try writer.insert()
    return true
  }
}

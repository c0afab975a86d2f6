// What a verb wants of a model: rows that are missing, the questions whose answers make them, and the rows.
//
//   GenerationTask   responses of a model
//   RatingTask       a pointwise judge's scores of responses
//   PairTask         a judge's labels of selected pairs
//   EmbeddingTask    an encoder's vectors
//
// A task keeps nothing between its steps. What is missing follows from the rows, what was answered from the table
// `answer`, and both can change meanwhile: so asking can stop anywhere, and settling makes rows of whatever has answers.

/// One question, and what it takes to ask it.
enum ModelQuestion {
  /// A request of its own.
  case request(ModelRequest)
  /// A text for an encoder, which takes several in one request.
  case text(String, QuestionID, EncoderDefinition)

  var id: QuestionID {
    switch self {
    case .request(let request): request.questions[0]
    case .text(_, let id, _): id
    }
  }

  /// One request for the first of some questions, and for the others where it can have several.
  ///
  /// - Precondition: there is one, and all are of one task.
  static func request(for questions: ArraySlice<ModelQuestion>) -> ModelRequest {
    switch questions[questions.startIndex] {
    case .request(let request): request
    case .text(_, _, let encoder):
      ModelQuestions.embeddings(
        encoder,
        questions.compactMap { question in
          if case .text(let text, let id, _) = question { (id, text) } else { nil }
        })
    }
  }
}

/// A task, prompt by prompt.
protocol ModelTask {
  /// Who is asked.
  var definition: Definition { get }
  /// How many questions a request can have.
  var batchSize: Int { get }
  /// What a server answers with.
  var expectation: ModelRequest.Expectation { get }
  /// Whether what was kept and can't be used is asked about again.
  var retriesFailures: Bool { get }
  /// Whether rows can be made of an answer.
  func canUse(_ answer: KeptAnswer) -> Bool

  /// The prompts that may lack something.
  func walk(in connection: Connection) throws -> PromptWalk
  /// Gets ready to tell what is missing of what a connection shows.
  func questions(in connection: Connection) throws -> any TaskQuestions
}

extension ModelTask {
  /// How the model that answers is reached.
  var access: ModelAccess { definition.endpoint.access }
  var batchSize: Int { 1 }
  var expectation: ModelRequest.Expectation { .chat }
  func canUse(_ answer: KeptAnswer) -> Bool { answer.isAnswer }
}

/// What is missing, on one connection.
protocol TaskQuestions {
  /// The questions of the rows that a prompt lacks; a question may stand several times among them.
  ///
  /// - Throws: `.badData` for a prompt that can't be read.
  func questions(about promptID: String) throws -> [ModelQuestion]

  /// How many that are, found without making them.
  func questionCount(about promptID: String) throws -> Int
}

/// A task whose answers become rows of one relation.
protocol RowTask: ModelTask {
  var scope: AskScope { get }
  /// Gets ready to make rows.
  func rows(in change: Change) throws -> any TaskRows
  /// What a commit of rows says.
  func note(_ counts: SettledCounts) -> CommitNote
}

extension RowTask {
  var retriesFailures: Bool { scope.retriesFailures }
  func walk(in connection: Connection) throws -> PromptWalk { try scope.walk(in: connection) }
}

/// Rows in the making.
protocol TaskRows {
  /// Makes the rows that a prompt lacks, as far as there are answers.
  func settle(_ promptID: String, _ answers: AnswerLookup, _ counts: inout SettledCounts) throws
}

/// What was made of answers.
public struct SettledCounts: Sendable, Equatable {
  /// New rows, those of failures included.
  public var rowCount = 0
  /// Of them, rows that say why there is nothing: a refusal, a context that is too long, no rating among the tokens.
  public var failedCount = 0
  /// Of them, responses that were cut at the model's bound.
  public var cutCount = 0
  /// Of them, responses without a text.
  public var emptyCount = 0
  /// Rows that are missing still.
  public var missingCount = 0

  public init() {}
}

// A store whose models the test itself answers for: what a job asks is pulled, and answers are kept, without a server.

@testable import Aufdb

/// A store with models, judges and an encoder.
final class AskingStore {
  let fixture: ImportFixture
  /// Every question that was asked, in that order.
  private(set) var asked: [QuestionID] = []

  static let definitions = """
    models:
      ember: {url: "http://localhost:1/v1", parameters: {max_tokens: 20}, price: {input: 1, output: 10}}
      flint: {url: "http://localhost:1/v1"}
    judges:
      rater: {endpoint: ember, rubric: ultrafeedback}
      chooser: {endpoint: ember, rubric: preference}
    encoders:
      mini: {endpoint: ember, dimensions: 3, element: f32, batch: 2}

    """

  init() throws {
    fixture = try ImportFixture()
    try define(Self.definitions)
  }

  func define(_ yaml: String, on branch: String? = nil) throws {
    let file = try DefinitionFile(yaml: yaml, path: "models.yaml")
    _ = try fixture.writing { try $0.addDefinitions(file, context: context(branch)) }
  }

  func context(_ branch: String? = nil) -> CommitContext {
    CommitContext(branch: branch, author: "tester", milliseconds: 1_700_000_000_000)
  }

  func reading() throws -> Store { try Store(fixture.path, for: .reading) }

  /// Opens the store for each transaction, as a command does.
  var writing: @Sendable () throws -> Store {
    let path = fixture.path
    return { try Store(path, for: .writing(waitSeconds: 60, command: "test")) }
  }

  func change(on branch: String? = nil, _ body: (Change) throws -> Void) throws {
    _ = try writing().commit(context(branch)) { change in
      try body(change)
      return (CommitNote(message: "Test", operation: Operation("test")), ())
    }
  }

  /// Adds prompts "p0", "p1"... with these texts.
  func addPrompts(_ texts: String..., source: String? = nil) throws {
    try change { change in
      for (number, text) in texts.enumerated() { try change.addPrompt("p\(number)", text, source: source) }
    }
  }

  /// Adds the prompt "p0" with a response of each model, "m0", "m1"...
  func addResponses(_ texts: String...) throws {
    try change { change in
      try change.addPrompt("p0", "Which?")
      for (number, text) in texts.enumerated() { try change.addResponse("p0", "m\(number)", text) }
    }
  }

  func createBranch(_ name: String) throws {
    _ = try writing().createRef(.branch, try RefName(name))
  }

  func generating(
    _ name: String = "ember", on branch: String? = nil, _ set: (inout GenerateOptions) throws -> Void = { _ in }
  ) throws -> ModelJob {
    var options = GenerateOptions()
    try set(&options)
    let store = try reading()
    let model = try store.modelDefinition(name, at: branch.map { try Revision($0) } ?? .head)
    return try store.generating(by: model, options, branch: branch, writing: writing)
  }

  func rating(_ name: String = "rater", _ set: (inout AskScope) -> Void = { _ in }) throws -> ModelJob {
    var options = AskScope()
    set(&options)
    let store = try reading()
    return try store.rating(by: store.judgeDefinition(name), options, writing: writing)
  }

  func judging(_ name: String, retriesFailures: Bool = false) throws -> ModelJob {
    let store = try reading()
    return try store.judging(by: store.judgeDefinition(name), retriesFailures: retriesFailures, writing: writing)
  }

  func annotate(_ name: String) throws -> (commit: Commit?, report: AnnotateReport) {
    let judge = try reading().judgeDefinition(name)
    return try fixture.annotate(.model(judge))
  }

  func embedding(_ set: (inout AskScope) -> Void = { _ in }) throws -> ModelJob {
    var options = AskScope()
    set(&options)
    let store = try reading()
    return try store.embedding(by: store.encoderDefinition("mini"), options, writing: writing)
  }

  /// Answers what a job asks, until nothing is left or `limit` requests are answered, and waits until that is kept.
  ///
  /// - Returns: how many requests there were.
  @discardableResult
  func answer(
    _ job: ModelJob, limit: Int = .max, _ answer: (ModelRequest) throws -> [KeptAnswer]
  ) throws -> Int {
    var count = 0
    while count < limit, let request = try job.next() {
      asked += request.questions
      try job.keep(Array(zip(request.questions, try answer(request))))
      count += 1
    }
    try job.finishKeeping()
    return count
  }

  /// The columns of all rows, with | between them.
  func lines(_ sql: String, at revision: Revision = .head) throws -> [String] {
    try fixture.rows(sql, at: revision).map { row in
      row.map { value in
        switch value {
        case .null: "-"
        case .integer(let integer): "\(integer)"
        case .real(let real): "\(real)"
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        }
      }.joined(separator: "|")
    }
  }

  func keptCount() throws -> Int {
    try reading().withConnection { Int(try $0.integer("SELECT count(*) FROM answer")) }
  }
}

extension KeptAnswer {
  static func said(_ text: String, _ finishReason: String? = "stop") -> KeptAnswer {
    .chat(ChatAnswer(text: text, finishReason: finishReason, promptTokens: 7, completionTokens: 2))
  }

  /// A judge that is sure of this rating.
  static func rated(_ digit: Int) -> KeptAnswer { .chat(.of([TokenLogprob("\(digit)", 0)])) }

  /// A judge that thinks so of A: 3/4 or 1/4.
  static func likely(_ isFirst: Bool) -> KeptAnswer {
    let (likely, unlikely) = (-0.287_682_072_451_780_9, -1.386_294_361_119_890_6)
    return .chat(.of([TokenLogprob("A", isFirst ? likely : unlikely), TokenLogprob("B", isFirst ? unlikely : likely)]))
  }

  /// A judge that prefers the response with "good" in it, wherever it stands.
  static func preferring(_ request: ModelRequest) -> KeptAnswer {
    let body = request.bodyText
    let (good, bad) = (body.range(of: "good one"), body.range(of: "bad one"))
    return .likely(good.map { good in bad.map { good.lowerBound < $0.lowerBound } ?? true } ?? false)
  }

  static let refused = KeptAnswer.failure(ModelFailure("too long"))
}

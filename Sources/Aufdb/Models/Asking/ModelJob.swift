// A task at work: what is missing is walked through, what has no answer is asked, and answers become rows.
//
//   let job = try store.generating(...)
//   asker.ask(next: job.next, split: \.parts, read: ModelQuestions.answers, keep: job.keep, ...)    AufdbModels
//   try job.settle(context)
//
// The walk reads a page of prompts at a time, as the revision has them with which the job began, and holds no transaction
// in between. Rows are made of what the branch's tip lacks by then.

/// Asks what a task wants to know. One thread uses it.
public final class ModelJob {
  /// How the model that answers is reached.
  public var access: ModelAccess { task.access }
  var expectation: ModelRequest.Expectation { task.expectation }
  /// Questions that the walk has come across so far: without an answer, and with one that was kept before.
  public private(set) var questionCount = 0
  public private(set) var keptBeforeCount = 0

  private let task: any ModelTask
  private let store: Store
  private let revision: Revision
  private let writing: @Sendable () throws -> Store
  private let keeper: AnswerKeeper
  private var walk: PromptWalk?
  private var isWalked = false
  /// Held while this job alone may ask.
  private var claim: StoreLock?
  /// Questions without an answer, for the next request.
  private var waiting: [ModelQuestion] = []
  /// Questions of a request that a batch file had no room for.
  var waitingLines: ArraySlice<ModelRequest> = []
  /// The beginnings of the ids that were asked: a question that stands at several rows is asked once.
  private var asked: Set<UInt64> = []

  /// - Parameters:
  ///   - store: is read.
  ///   - branch: whose tip tells what is missing; nil for the current one.
  ///   - writing: opens the store, or has it open, for writing; called for each transaction.
  init(
    _ task: any ModelTask, _ store: Store, branch: String?, writing: @escaping @Sendable () throws -> Store
  ) throws {
    self.task = task
    self.store = store
    self.writing = writing
    let tip = try branch.map { try Revision($0) } ?? .head
    revision = try store.read(at: tip) { _, commit in try Revision(commit.id.description) }
    keeper = AnswerKeeper { answers in try writing().keep(answers) }
  }

  /// Keeps other processes from asking the same model, judge or encoder about this store until the job is gone: what two
  /// asked at once would be paid for twice. Answers that came till now are found.
  ///
  /// - Parameters:
  ///   - waitSeconds: how long to wait while another one asks.
  ///   - command: who asks, for others to read.
  /// - Throws: `.busy` with the other process.
  public func claim(waitSeconds: Double, command: String) throws(AufdbError) {
    let definition = task.definition
    let name = QuestionID(kind: definition.kind, name: definition.name, identity: "", body: []).description.prefix(16)
    claim = try StoreLock.acquire(
      storePath: "\(store.resolved)-asking-\(name)", waitSeconds: waitSeconds, command: command,
      subject: definition.name, isBusy: "is being asked",
      permissionsOf: store.resolved)
  }

  /// The next request for questions that have no answer; nil: there is none.
  ///
  /// - Throws: `.refused` for a condition that can't be run, `.badData` for a prompt that can't be read.
  /// - Complexity: O(1) look-ups in indexes a row.
  public func next() throws -> ModelRequest? {
    while waiting.count < task.batchSize, !isWalked { try readPage() }
    guard !waiting.isEmpty else { return nil }
    let batch = waiting.prefix(task.batchSize)
    defer { waiting.removeFirst(batch.count) }
    return ModelQuestion.request(for: batch)
  }

  /// How many questions the rows that are missing come to, answered or not. The job is where it was.
  ///
  /// - Complexity: a look-up in an index for each prompt; no request is made.
  public func missingCount() throws -> Int {
    try store.read(at: revision) { connection, _ in
      let questions = try task.questions(in: connection)
      var walk = try task.walk(in: connection)
      var count = 0
      try walk.all(in: connection) { count += try questions.questionCount(about: $0) }
      return count
    }
  }

  /// Whether a question is one of the job's, or has an answer already. The job is at its end then.
  func asks(_ question: QuestionID) throws -> Bool {
    while !isWalked { try readPage() }
    waiting = []
    return try asked.contains(question.beginning)
      || store.read { try AnswerLookup(in: $0).answer(to: question) != nil }
  }

  /// Takes answers; they are in the store a moment later.
  ///
  /// - Throws: what keeping earlier ones threw.
  public func keep(_ answers: [(QuestionID, KeptAnswer)]) throws {
    try keeper.keep(answers)
  }

  /// Waits until all answers are in the store.
  public func finishKeeping() throws { try keeper.finish() }

  private func readPage() throws {
    try store.read(at: revision) { connection, _ in
      var walk = try walk ?? task.walk(in: connection)
      let page = try walk.next(in: connection)
      self.walk = walk
      guard !page.isEmpty else {
        isWalked = true
        return
      }
      let questions = try task.questions(in: connection)
      let answers = try AnswerLookup(in: connection) { [task] in !task.retriesFailures || task.canUse($0) }
      for promptID in page {
        for question in try questions.questions(about: promptID) where asked.insert(question.id.beginning).inserted {
          if try answers.answer(to: question.id) == nil {
            questionCount += 1
            waiting.append(question)
          } else {
            keptBeforeCount += 1
          }
        }
      }
    }
  }

  /// Makes rows of all answers that there are, with one commit.
  ///
  /// - Precondition: the task is one of rows.
  /// - Returns: no commit where nothing was missing, or nothing had an answer.
  public func settle(_ context: CommitContext) throws -> (commit: Commit?, counts: SettledCounts) {
    try finishKeeping()
    guard let task = task as? any RowTask else { throw AufdbError(.internalDefect, "a task without rows") }
    return try writing().commit(context) { change in
      let rows = try task.rows(in: change)
      let answers = try AnswerLookup(in: change.connection)
      var counts = SettledCounts()
      var walk = try task.walk(in: change.connection)
      try walk.all(in: change.connection) { try rows.settle($0, answers, &counts) }
      return (task.note(counts), counts)
    }
  }
}

extension QuestionID {
  /// Enough to tell questions apart: of a million, two share it once in 10^7 runs, and the second is asked the next time.
  fileprivate var beginning: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

extension Store {
  /// Keeps answers, for good.
  func keep(_ answers: [(QuestionID, KeptAnswer)]) throws {
    try write({ try $0.insertAnswers(answers) }, keep: { true })
  }
}

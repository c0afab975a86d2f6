// What was answered and what it cost, and whether going on makes sense.
//
// A server that refuses everything (an unknown parameter, say) must not leave ten thousand rows marked as failures. So
// what is refused before anything was answered is held back: kept when something is answered after all, or when the run
// ends otherwise; after ten it was the run that was refused, and nothing is kept. That a context is too long concerns
// its own row only, so that it is kept at once.

import Aufdb

/// The counts of a run.
struct AskTally {
  /// So many requests refused before the first answer, or given up one after another, end the run.
  static let patience = 10

  private(set) var report = AskReport()
  private let access: ModelAccess
  private var hasAnswered = false
  private var heldBack: [(QuestionID, KeptAnswer)] = []
  private var refusedCount = 0
  private var givenUpCount = 0

  init(_ access: ModelAccess) {
    self.access = access
    report.cost = access.cost(inputTokens: 0, outputTokens: 0)
  }

  /// What a request may cost; 0 where there are no prices.
  func estimatedCost(of request: ModelRequest) -> Double {
    access.cost(inputTokens: request.inputTokens, outputTokens: request.outputTokens) ?? 0
  }

  mutating func sent() { report.requestCount += 1 }

  mutating func repeated() { report.retryCount += 1 }

  /// Counts answers, which may be failures that the reading of the answer found.
  ///
  /// - Returns: what is to be kept now.
  mutating func answered(_ request: ModelRequest, _ answers: [KeptAnswer]) -> [(QuestionID, KeptAnswer)] {
    pay(for: request, answers)
    for answer in answers {
      if case .failure = answer { count(.unreadable) } else { report.answeredCount += 1 }
    }
    hasAnswered = true
    givenUpCount = 0
    defer { heldBack = [] }
    return heldBack + zip(request.questions, answers)
  }

  /// Counts a request whose questions all get a failure.
  ///
  /// - Returns: what is to be kept now; nil where going on makes no sense, and nothing is to be kept.
  mutating func failed(
    _ request: ModelRequest, _ kind: AskFailure, _ failure: ModelFailure
  ) -> [(QuestionID, KeptAnswer)]? {
    if kind == .unreadable || kind == .tooLarge { pay(for: request, []) }
    givenUpCount = 0
    count(kind, request.questions.count)
    let kept = request.questions.map { ($0, KeptAnswer.failure(failure)) }
    guard !hasAnswered, kind != .contextTooLong else { return kept }
    heldBack += kept
    refusedCount += 1
    guard refusedCount >= Self.patience else { return [] }
    heldBack = []
    return nil
  }

  /// Counts a request that is given up.
  ///
  /// - Returns: whether going on makes sense.
  mutating func gaveUp(_ request: ModelRequest) -> Bool {
    count(.gaveUp, request.questions.count)
    givenUpCount += 1
    return givenUpCount < Self.patience
  }

  /// The end of the run; returns what was held back till now.
  mutating func ended(_ end: AskEnd) -> [(QuestionID, KeptAnswer)] {
    report.end = end
    defer { heldBack = [] }
    if case .refused = end { return [] }
    return heldBack
  }

  private mutating func count(_ kind: AskFailure, _ number: Int = 1) {
    report.failedCounts[kind, default: 0] += number
  }

  /// Adds what the answers used; by the estimates where they don't say.
  private mutating func pay(for request: ModelRequest, _ answers: [KeptAnswer]) {
    var promptTokens: Int?
    var completionTokens: Int?
    for case .chat(let answer) in answers {
      if let tokens = answer.promptTokens { promptTokens = (promptTokens ?? 0) + tokens }
      if let tokens = answer.completionTokens { completionTokens = (completionTokens ?? 0) + tokens }
    }
    for case .vector(_, let tokens) in answers {
      promptTokens = (promptTokens ?? 0) + tokens
      completionTokens = 0
    }
    let (input, output) = (promptTokens ?? request.inputTokens, completionTokens ?? request.outputTokens)
    report.promptTokens += input
    report.completionTokens += output
    if let cost = access.cost(inputTokens: input, outputTokens: output) { report.cost = (report.cost ?? 0) + cost }
  }
}

// What a judge must be asked before it can label pairs: both orders of a pairwise judge, the ratings of both responses of
// a pointwise one. The labels themselves are made as any judge's are (Annotate.swift, AnswersJudge.swift).

struct PairTask: ModelTask {
  enum Pairs {
    /// Those of the selections that the judge hasn't labelled.
    case selected
    case given([PendingPair])
  }

  let judge: JudgeDefinition
  let pairs: Pairs
  let retriesFailures: Bool

  var definition: Definition { .judge(judge) }

  func canUse(_ answer: KeptAnswer) -> Bool { judge.canUse(answer) }

  func walk(in connection: Connection) throws -> PromptWalk {
    switch pairs {
    case .given(let pairs): return PromptWalk(pairs.map(\.promptID))
    case .selected: return PromptWalk(try connection.all("SELECT DISTINCT prompt_id FROM selections") { $0.string(0) })
    }
  }

  func questions(in connection: Connection) throws -> any TaskQuestions {
    try PairTaskQuestions(self, in: connection)
  }
}

/// The pairs of one prompt after the other.
private final class PairTaskQuestions: TaskQuestions {
  private let questions: PairQuestions
  private let selected: SQLStatement
  private let given: [String: [PendingPair]]?

  init(_ task: PairTask, in connection: Connection) throws {
    questions = try PairQuestions(task.judge, in: connection, retriesFailures: task.retriesFailures)
    if case .given(let pairs) = task.pairs { given = Dictionary(grouping: pairs, by: \.promptID) } else { given = nil }
    selected = try connection.statement(
      """
      SELECT first_model, first_sample, second_model, second_sample FROM selections AS s WHERE prompt_id = ?1
        AND NOT EXISTS (
          SELECT 1 FROM labels AS l WHERE l.prompt_id = s.prompt_id AND l.judge = ?2
            AND (l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample) IN (
              VALUES (first_model, first_sample, second_model, second_sample),
                (second_model, second_sample, first_model, first_sample)))
      ORDER BY batch, method, first_model, first_sample, second_model, second_sample
      """)
    selected.bind(2, .text(task.judge.reference))
  }

  func questions(about promptID: String) throws -> [ModelQuestion] {
    try pairs(of: promptID).flatMap { try questions.about($0) }
  }

  func questionCount(about promptID: String) throws -> Int {
    try pairs(of: promptID).reduce(0) { try $0 + questions.count(about: $1) }
  }

  private func pairs(of promptID: String) throws -> [PendingPair] {
    if let given { return given[promptID] ?? [] }
    selected.bind(1, .text(promptID))
    defer { selected.reset() }
    var pairs: [PendingPair] = []
    while try selected.step() {
      let pair = PendingPair(
        promptID: promptID, first: ResponseKey(model: selected.string(0), sample: selected.integer(1)),
        second: ResponseKey(model: selected.string(2), sample: selected.integer(3)))
      if !pairs.contains(where: { $0.isSamePair(as: pair) }) { pairs.append(pair) }
    }
    return pairs
  }
}

/// The questions of a judge about a pair.
struct PairQuestions {
  private let judge: JudgeDefinition
  private let ratings: RatingQuestions
  private let texts: StoredTexts
  private let score: SQLStatement
  private let retriesFailures: Bool

  init(_ judge: JudgeDefinition, in connection: Connection, retriesFailures: Bool) throws {
    self.judge = judge
    self.retriesFailures = retriesFailures
    texts = try StoredTexts(in: connection)
    ratings = RatingQuestions(judge, texts)
    score = try connection.statement(
      "SELECT score FROM scores WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4")
  }

  /// Those whose answers aren't in a score yet.
  ///
  /// - Throws: `.refused` where the store lacks the prompt or a response.
  func about(_ pair: PendingPair) throws -> [ModelQuestion] {
    switch judge.mode {
    case .pairwise: return try orders(of: pair)
    case .pointwise: return try unrated(pair).flatMap { try ratings.about($0, to: pair.promptID) }
    }
  }

  /// How many that are.
  func count(about pair: PendingPair) throws -> Int {
    switch judge.mode {
    case .pairwise: 2
    case .pointwise: try unrated(pair).count * ratings.count
    }
  }

  /// Of a pair, the responses that a pointwise judge must still be asked about.
  private func unrated(_ pair: PendingPair) throws -> [ResponseKey] {
    try [pair.first, pair.second].filter { key in
      try rating(of: key, to: pair.promptID).map { $0 == nil && retriesFailures } ?? true
    }
  }

  /// Of a pairwise judge: the pair in its order, and swapped.
  func orders(of pair: PendingPair) throws -> [ModelQuestion] {
    let prompt = try texts.conversation(pair.promptID)
    let first = try texts.response(pair.first, to: pair.promptID)
    let second = try texts.response(pair.second, to: pair.promptID)
    return [(first, second), (second, first)].map { one, other in
      .request(ModelQuestions.pairwise(judge, prompt: prompt, first: one, second: other))
    }
  }

  /// Of a pointwise judge: those about a response, aspect by aspect.
  func aspects(of key: ResponseKey, to promptID: String) throws -> [ModelQuestion] {
    try ratings.about(key, to: promptID)
  }

  /// A pointwise judge's stored rating: nil where there is none, `.some(nil)` where it failed.
  func rating(of key: ResponseKey, to promptID: String) throws -> Double?? {
    score.bind(1, .text(promptID))
    score.bind(2, .text(key.model))
    score.bind(3, key.sample)
    score.bind(4, .text(judge.reference))
    defer { score.reset() }
    return try score.step() ? .some(score.optionalReal(0)) : .none
  }
}

extension JudgeDefinition {
  /// Whether a verdict can be read off an answer.
  func canUse(_ answer: KeptAnswer) -> Bool {
    do throws(ModelFailure) {
      let chat = try answer.chat()
      switch mode {
      case .pointwise: _ = try Rating(chat, leastMass: rubric.leastMass)
      case .pairwise: _ = try PairComparison(chat, leastMass: rubric.leastMass)
      }
      return true
    } catch {
      return false
    }
  }
}

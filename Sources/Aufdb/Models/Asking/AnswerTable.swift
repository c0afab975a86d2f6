// The answers that a store keeps: the table `answer`, which knows no versions, branches or commits.
//
// An answer is there from the moment when it came until somebody takes it away, whether or not a commit has made rows of
// it. So what was asked once, of the same version of the same model, is not asked again: after a kill, or on another
// branch.
//
// No commit covers an answer, so each has a seal of its own (KeptAnswer+Seal.swift): a bit that a disk lost turns none
// into another one without a word.

extension Connection {
  /// Keeps answers; of two to the same question, the later one. A failure takes no answer away: that was paid for.
  func insertAnswers(_ answers: [(QuestionID, KeptAnswer)]) throws {
    let insertion = try statement("INSERT OR REPLACE INTO main.answer (question, answer) VALUES (?1, ?2)")
    let usable = try AnswerLookup(in: self, counting: \.isAnswer)
    for (question, answer) in answers where try answer.isAnswer || usable.answer(to: question) == nil {
      try insertion.run(.blob(question.bytes), .blob(answer.sealed(for: question.bytes)))
    }
  }
}

/// Looks answers up.
struct AnswerLookup {
  private let lookup: SQLStatement
  private let counts: (KeptAnswer) -> Bool

  /// - Parameter counts: whether a kept answer counts as one; otherwise its question has none.
  init(in connection: Connection, counting counts: @escaping (KeptAnswer) -> Bool = { _ in true }) throws {
    lookup = try connection.statement("SELECT answer FROM main.answer WHERE question = ?1")
    self.counts = counts
  }

  /// - Throws: `.badData` for an answer that can't be read.
  /// - Complexity: one look-up in an index.
  func answer(to question: QuestionID) throws -> KeptAnswer? {
    lookup.bind(1, .blob(question.bytes))
    defer { lookup.reset() }
    guard try lookup.step() else { return nil }
    let answer = try KeptAnswer(sealed: lookup.bytes(0), for: question.bytes)
    return counts(answer) ? answer : nil
  }

  /// The answers to all of some questions; nil where one is missing.
  func answers(to questions: [ModelQuestion]) throws -> [KeptAnswer]? {
    var answers: [KeptAnswer] = []
    for question in questions {
      guard let answer = try answer(to: question.id) else { return nil }
      answers.append(answer)
    }
    return answers
  }
}

// A judge that is a model: its verdicts follow from the answers that the store keeps. Whoever wants verdicts has the model
// asked first (ModelJob.swift); a pair whose answers aren't all there has none.
//
//   pairwise    asked in both orders; where they disagree, it is a tie. The label's details have both.
//   pointwise   both responses are rated, and the higher rating is chosen; equal ones are a tie. The ratings become scores.

/// Reads verdicts off kept answers.
final class AnswersJudge: PairJudge {
  /// A rating that isn't a score yet.
  struct NewRating {
    var promptID: String
    var response: ResponseKey
    var score: PointwiseScore
  }

  let name: String
  private let judge: JudgeDefinition
  private let questions: PairQuestions
  private let answers: AnswerLookup
  /// What `finish` hasn't been told yet.
  private var places = PlaceTally()
  private var newRatings: [NewRating] = []

  init(_ judge: JudgeDefinition, in connection: Connection) throws {
    self.judge = judge
    name = judge.reference
    questions = try PairQuestions(judge, in: connection, retriesFailures: false)
    answers = try AnswerLookup(in: connection)
  }

  func verdicts(on pairs: [PendingPair]) throws -> [Verdict?] {
    try pairs.map { pair in
      switch judge.mode {
      case .pairwise: try comparison(of: pair)
      case .pointwise: try ratings(of: pair)
      }
    }
  }

  func takeRatings() -> [NewRating] {
    defer { newRatings = [] }
    return newRatings
  }

  func finish(_ report: inout AnnotateReport) {
    report.failedCount = places.failedCount
    report.placeBias = places.bias
    report.disagreementCount = places.disagreementCount
  }

  private func comparison(of pair: PendingPair) throws -> Verdict? {
    guard let kept = try answers.answers(to: questions.orders(of: pair)) else { return nil }
    let opinion = PairOpinion(judge.rubric, inOrder: kept[0], swapped: kept[1])
    places.add(opinion)
    guard let choice = opinion.choice, let first = opinion.probabilityOfFirst else { return nil }
    return Verdict(choice: choice, firstScore: first, secondScore: 1 - first, details: opinion.json)
  }

  private func ratings(of pair: PendingPair) throws -> Verdict? {
    // Both are asked for, so that both become scores.
    let scores = try [pair.first, pair.second].map { try rating(of: $0, to: pair.promptID) }
    guard let first = scores[0], let second = scores[1] else { return nil }
    let choice: PairChoice = first == second ? .tie : first > second ? .first : .second
    return Verdict(choice: choice, firstScore: first, secondScore: second)
  }

  private func rating(of key: ResponseKey, to promptID: String) throws -> Double? {
    if let stored = try questions.rating(of: key, to: promptID), let rating = stored { return rating }
    if let known = newRatings.first(where: { $0.promptID == promptID && $0.response == key }) {
      return known.score.overall
    }
    let asked = try questions.aspects(of: key, to: promptID)
    guard !asked.isEmpty, let kept = try answers.answers(to: asked) else { return nil }
    let score = PointwiseScore(judge.rubric, answers: kept)
    if score.overall == nil { places.failedCount += 1 }
    newRatings.append(NewRating(promptID: promptID, response: key, score: score))
    return score.overall
  }
}

/// How much the place of a response does.
private struct PlaceTally {
  var failedCount = 0
  var disagreementCount = 0
  private var sum = 0.0
  private var count = 0

  mutating func add(_ opinion: PairOpinion) {
    guard let place = opinion.probabilityOfFirstPlace else {
      failedCount += 1
      return
    }
    if opinion.choice == .tie { disagreementCount += 1 }
    sum += place
    count += 1
  }

  /// The mean probability of the response that was shown first, less 1/2; nil where nothing was compared.
  var bias: Double? { count == 0 ? nil : sum / Double(count) - 0.5 }
}

// One `annotate` at work: pending selections in, the judge's labels out.

import AufdbAcquisition

/// One `annotate` on one change.
final class AnnotationRun {
  private let judge: Judge
  private let change: Change
  private let labelLookup: SQLStatement
  private let scoreLookup: SQLStatement
  private let writer: RowWriter
  private var report = AnnotateReport()

  init(_ judge: Judge, in change: Change) throws {
    self.judge = judge
    self.change = change
    let connection = change.connection
    guard try connection.first("SELECT 1 FROM selections LIMIT 1", read: { _ in true }) != nil else {
      throw AufdbError(
        .refused, "there are no selections to annotate on '\(change.branch)'",
        hint: "`aufdb select STORE --method M` makes some")
    }
    if case .scores(let name) = judge {
      let isKnown = try connection.first("SELECT 1 FROM scores WHERE judge = ?1 LIMIT 1", .text(name)) { _ in true }
      guard isKnown != nil else {
        let names = try connection.all("SELECT DISTINCT judge FROM scores ORDER BY judge LIMIT 20") { $0.string(0) }
        throw AufdbError(
          .refused, "there are no scores of a judge '\(name)'",
          hint: names.isEmpty ? "there are no scores at all" : "judges here: \(names.joined(separator: ", "))")
      }
    }
    labelLookup = try connection.statement(
      """
      SELECT chosen_model, chosen_sample, rejected_model, rejected_sample FROM labels
      WHERE prompt_id = ?1 AND judge = ?2
      """)
    scoreLookup = try connection.statement(
      "SELECT score FROM scores WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4")
    writer = try change.writer(.labels)
  }

  func run() throws -> (CommitNote, AnnotateReport) {
    let selections = try change.connection.statement(
      """
      SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, batch FROM selections
      ORDER BY id
      """)
    while try selections.step() {
      let promptID = selections.string(0)
      let first = ResponseKey(model: selections.string(1), sample: selections.integer(2))
      let second = ResponseKey(model: selections.string(3), sample: selections.integer(4))
      guard try !isLabelled(promptID, first, second) else {
        report.alreadyLabelledCount += 1
        continue
      }
      switch judge {
      case .scores(let name):
        guard let firstScore = try score(promptID, first, name), let secondScore = try score(promptID, second, name)
        else {
          report.withoutScoreCount += 1
          continue
        }
        let isSwapped = secondScore > firstScore
        insertPair(promptID, isSwapped ? second : first, isSwapped ? first : second)
        finishPair(
          isTie: firstScore == secondScore, isSwapped ? secondScore : firstScore, isSwapped ? firstScore : secondScore)
      case .random(let seed):
        let isSwapped = Self.coin(seed, promptID, first, second) != first
        insertPair(promptID, isSwapped ? second : first, isSwapped ? first : second)
        finishPair(isTie: false, nil, nil)
      }
      writer.text(selections.string(5))
      writer.integer(selections.integer(6))
      try writer.insert()
    }
    report.labelCount = writer.count
    return (note, report)
  }

  private func insertPair(_ promptID: String, _ chosen: ResponseKey, _ rejected: ResponseKey) {
    writer.text(promptID)
    writer.text(chosen.model)
    writer.integer(chosen.sample)
    writer.text(rejected.model)
    writer.integer(rejected.sample)
    writer.text(judge.name)
  }

  private func finishPair(isTie: Bool, _ chosenScore: Double?, _ rejectedScore: Double?) {
    if isTie { report.tieCount += 1 }
    writer.integer(isTie ? 1 : 0)
    writer.optionalReal(chosenScore)
    writer.optionalReal(rejectedScore)
  }

  /// Whether the judge has a label on this pair, in either order; labels made just now count.
  private func isLabelled(_ promptID: String, _ first: ResponseKey, _ second: ResponseKey) throws -> Bool {
    labelLookup.bind(1, .text(promptID))
    labelLookup.bind(2, .text(judge.name))
    defer { labelLookup.reset() }
    while try labelLookup.step() {
      let chosen = ResponseKey(model: labelLookup.string(0), sample: labelLookup.integer(1))
      let rejected = ResponseKey(model: labelLookup.string(2), sample: labelLookup.integer(3))
      if (chosen == first && rejected == second) || (chosen == second && rejected == first) { return true }
    }
    return false
  }

  private func score(_ promptID: String, _ response: ResponseKey, _ judge: String) throws -> Double? {
    scoreLookup.bind(1, .text(promptID))
    scoreLookup.bind(2, .text(response.model))
    scoreLookup.bind(3, response.sample)
    scoreLookup.bind(4, .text(judge))
    defer { scoreLookup.reset() }
    return try scoreLookup.step() ? scoreLookup.optionalReal(0) : nil
  }

  /// One of the two, by a draw that is keyed by the seed, the prompt and the pair: their order doesn't matter.
  private static func coin(
    _ seed: UInt64, _ promptID: String, _ one: ResponseKey, _ other: ResponseKey
  ) -> ResponseKey {
    let (a, b) = one.isBefore(other) ? (one, other) : (other, one)
    // The parts can't hold U+0000, so that no two pairs share a key.
    let key = "\(promptID)\0\(a.model)\0\(a.sample)\0\(b.model)\0\(b.sample)"
    var draws = RandomKey(seed: seed, purpose: "judge random").prompt(key).draws(round: 0)
    return draws.below(2) == 0 ? a : b
  }

  private var note: CommitNote {
    var parameters: [String: Operation.Value] = ["judge": .text(judge.name)]
    switch judge {
    case .scores: parameters["from"] = .text("scores")
    case .random(let seed):
      parameters["from"] = .text("random")
      parameters["seed"] = .integer(Int64(seed))
    }
    let ties = report.tieCount == 0 ? "" : ", \(report.tieCount) of them ties"
    return CommitNote(
      message: "Annotate \(report.labelCount) pairs by \(judge.name)\(ties)",
      operation: Operation("annotate", parameters))
  }
}

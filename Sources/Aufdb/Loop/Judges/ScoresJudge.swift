// The judge whose opinion is stored already: a score for each response.

/// Chooses the response that a judge scored higher; equal scores are a tie, and a missing one is no verdict.
final class ScoresJudge: PairJudge {
  let name: String
  private let lookup: SQLStatement

  /// - Throws: `.refused` where the judge has no scores at all.
  init(_ name: String, in connection: Connection, prefix: String) throws {
    self.name = name
    let isKnown = try connection.first("SELECT 1 FROM \(prefix)scores WHERE judge = ?1 LIMIT 1", .text(name)) { _ in
      true
    }
    guard isKnown != nil else {
      let names = try connection.all("SELECT DISTINCT judge FROM \(prefix)scores ORDER BY judge LIMIT 20") {
        $0.string(0)
      }
      throw AufdbError(
        .refused, "there are no scores of a judge '\(name)'",
        hint: names.isEmpty ? "there are no scores at all" : "judges here: \(names.joined(separator: ", "))")
    }
    lookup = try connection.statement(
      "SELECT score FROM \(prefix)scores WHERE prompt_id = ?1 AND model = ?2 AND sample = ?3 AND judge = ?4")
  }

  /// - Complexity: two look-ups in an index a pair.
  func verdicts(on pairs: [PendingPair]) throws -> [Verdict?] {
    try pairs.map { pair in
      guard let first = try score(pair.promptID, pair.first), let second = try score(pair.promptID, pair.second)
      else { return nil }
      let choice: PairChoice = first == second ? .tie : first > second ? .first : .second
      return Verdict(choice: choice, firstScore: first, secondScore: second)
    }
  }

  private func score(_ promptID: String, _ response: ResponseKey) throws -> Double? {
    lookup.bind(1, .text(promptID))
    lookup.bind(2, .text(response.model))
    lookup.bind(3, response.sample)
    lookup.bind(4, .text(name))
    defer { lookup.reset() }
    return try lookup.step() ? lookup.optionalReal(0) : nil
  }
}

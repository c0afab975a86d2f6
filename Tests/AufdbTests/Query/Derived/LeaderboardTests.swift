// leaderboard: counted and fitted as Swift does it over all labels, by judge.

import AufdbReward
import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite struct LeaderboardTests {
  @Test("Every judge's models, the strongest first", arguments: [21, 22] as [UInt64])
  func rows(seed: UInt64) throws {
    let test = try DerivedStore(seed: seed)
    for revision in DerivedStore.revisions {
      let labels = try DerivedContents(test, at: revision).labels.filter { $0.chosen.model != $0.rejected.model }
      var expected: [[SQLValue]] = []
      for judge in Set(labels.map(\.judge)).sorted() {
        let own = labels.filter { $0.judge == judge }
        let models = Set(own.flatMap { [$0.chosen.model, $0.rejected.model] }).sorted()
        var wins = Matrix<Double>(rowCount: models.count, columnCount: models.count)
        for label in own {
          guard let one = models.firstIndex(of: label.chosen.model),
            let other = models.firstIndex(of: label.rejected.model)
          else { continue }
          wins[one, other] += label.isTie ? 0.5 : 1
          wins[other, one] += label.isTie ? 0.5 : 0
        }
        let rows = zip(models, BradleyTerryStrengths(wins: wins).strengths).map { model, strength in
          let won = own.filter { !$0.isTie && $0.chosen.model == model }.count
          let lost = own.filter { !$0.isTie && $0.rejected.model == model }.count
          let tied = own.filter { $0.isTie && ($0.chosen.model == model || $0.rejected.model == model) }.count
          let rate = (Double(won) + Double(tied) / 2) / Double(won + lost + tied)
          let counts = [won + lost + tied, won, lost, tied].map { SQLValue.integer(Int64($0)) }
          let reals = [rate, strength?.value, strength?.lower, strength?.upper].map(SQLValue.optional)
          return [.text(judge), .text(model)] + counts + reals
        }
        expected += rows.sorted {
          ($0[7].double ?? -.infinity, $0[6].double ?? 0) > ($1[7].double ?? -.infinity, $1[6].double ?? 0)
        }
      }
      let found = try test.rows("SELECT * FROM leaderboard", at: revision)
      #expect(found == expected, "seed \(seed)")
      #expect(found.contains { $0[7] != .null })
    }
  }

  @Test("Two models: half the log odds each; a tie is half a win; one model's own responses don't count")
  func twoModels() throws {
    let picked = try PickedStore()
    try picked.commit { change in
      for number in 0..<5 { try change.addVerdict("p\(number)", "a", over: "b", by: "ada") }
      for number in 5..<7 { try change.addVerdict("p\(number)", "b", over: "a#1", by: "ada") }
      try change.addVerdict("p7", "b", over: "a", by: "ada", tie: true)
      try change.addVerdict("p8", "a", over: "a#1", by: "ada")
      // Who never lost has no strength, and neither has whom he beat.
      try change.addVerdict("p1", "a", over: "b", by: "ben")
    }
    let rows = try picked.reading().copies("SELECT * FROM leaderboard")
    let strength = 0.394228680182135  // log(5.5 / 2.5) / 2
    let half = 1.959963984540054 / (4.0 * 8 * 5.5 / 8 * 2.5 / 8).squareRoot()
    let counts: [[SQLValue]] = [
      [.text("ada"), .text("a"), .integer(8), .integer(5), .integer(2), .integer(1), .real(5.5 / 8)],
      [.text("ada"), .text("b"), .integer(8), .integer(2), .integer(5), .integer(1), .real(2.5 / 8)],
      [.text("ben"), .text("a"), .integer(1), .integer(1), .integer(0), .integer(0), .real(1)],
      [.text("ben"), .text("b"), .integer(1), .integer(0), .integer(1), .integer(0), .real(0)],
    ]
    #expect(rows.map { Array($0.prefix(7)) } == counts)
    let expected: [[SQLValue]] = [strength, -strength].map { [.real($0), .real($0 - half), .real($0 + half)] }
    for (row, reals) in zip(rows, expected + [[.null, .null, .null], [.null, .null, .null]]) {
      #expect(zip(row.suffix(3), reals).allSatisfy { $0.isNear($1) }, "\(row)")
    }
  }

  @Test("The same labels in another order give the same bits; no labels give no rows", arguments: [23, 24] as [UInt64])
  func order(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var verdicts = (0..<60).map { ("p\($0)", ["a", "b", "c", "d", "e"].shuffled(using: &generator)) }
    var found: [[[SQLValue]]] = []
    for _ in 0..<2 {
      let picked = try PickedStore()
      #expect(try picked.reading().copies("SELECT * FROM leaderboard") == [])
      try picked.commit { change in
        for (prompt, models) in verdicts {
          try change.addVerdict(prompt, models[0], over: models[1], by: "ada", tie: models[2] == "a")
        }
      }
      found.append(try picked.reading().copies("SELECT * FROM leaderboard"))
      verdicts.shuffle(using: &generator)
    }
    #expect(found[0] == found[1] && found[0].count == 5, "seed \(seed)")
  }

  @Test func isThereInTheMiddleOfAQuery() throws {
    let test = try DerivedStore(seed: 25)
    let sql = """
      SELECT l.judge, count(*), max(b.win_rate) FROM labels AS l JOIN "LeaderBoard" AS b
      ON b.judge = l.judge AND b.model = l.chosen_model GROUP BY 1
      """
    #expect(try test.rows(sql).count == 3)
  }
}

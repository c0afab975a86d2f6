// Counting who won against whom, and the rows that leaderboard has of it.

import AufdbReward

/// What one judge's labels say of models.
struct LeaderboardTally {
  let judge: String
  private var numbers: [String: Int] = [:]
  private var models: [Model] = []
  private var meetings: [Meeting: Double] = [:]

  private struct Model {
    var name: String
    var wins = 0
    var losses = 0
    var ties = 0

    var labelCount: Int { wins + losses + ties }
    var winRate: Double { (Double(wins) + Double(ties) / 2) / Double(labelCount) }
  }

  private struct Meeting: Hashable {
    var winner: Int
    var loser: Int
  }

  init(judge: String) { self.judge = judge }

  /// Counts labels that say the same of two models.
  mutating func add(_ chosen: String, over rejected: String, isTie: Bool, count: Int) {
    let (winner, loser) = (number(of: chosen), number(of: rejected))
    if isTie {
      models[winner].ties += count
      models[loser].ties += count
      meetings[Meeting(winner: winner, loser: loser), default: 0] += Double(count) / 2
      meetings[Meeting(winner: loser, loser: winner), default: 0] += Double(count) / 2
    } else {
      models[winner].wins += count
      models[loser].losses += count
      meetings[Meeting(winner: winner, loser: loser), default: 0] += Double(count)
    }
  }

  private mutating func number(of model: String) -> Int {
    if let number = numbers[model] { return number }
    numbers[model] = models.count
    models.append(Model(name: model))
    return models.count - 1
  }

  /// The rows of the table: the strongest first, and those without strength last, by the rate of their wins.
  func rows() -> [[SQLValue]] {
    // In the order of names, so that they decide on nothing but themselves.
    let order = models.indices.sorted { models[$0].name < models[$1].name }
    var wins = Matrix<Double>(rowCount: models.count, columnCount: models.count)
    for (row, winner) in order.enumerated() {
      for (column, loser) in order.enumerated() {
        wins[row, column] = meetings[Meeting(winner: winner, loser: loser)] ?? 0
      }
    }
    let found = zip(order, BradleyTerryStrengths(wins: wins).strengths)
    let sorted = found.map { (model: models[$0], strength: $1) }.sorted { one, other in
      let (a, b) = (one.strength?.value ?? -.infinity, other.strength?.value ?? -.infinity)
      if a != b { return a > b }
      return (-one.model.winRate, one.model.name) < (-other.model.winRate, other.model.name)
    }
    return sorted.map { model, strength in
      let counts = [model.labelCount, model.wins, model.losses, model.ties].map { SQLValue.integer(Int64($0)) }
      let reals = [model.winRate, strength?.value, strength?.lower, strength?.upper].map { real in
        real.map { SQLValue.real($0) } ?? .null
      }
      return [.text(judge), .text(model.name)] + counts + reals
    }
  }
}

// leaderboard: the models by what each judge's labels say of them.
//
// SQL can count, but it can't fit. So when a query mentions it the table is computed and filled before the query runs:
// one pass over the labels, and one fit a judge. Judges aren't thrown together, because they may measure different
// things.

import AufdbReward

enum Leaderboard {
  static let name = "leaderboard"

  /// What it has, in words.
  static let summary = """
    Each model by the labels of each judge on pairs of two models: how often it won, and its strength by Bradley and \
    Terry. A judge's best model comes first. It is there in `aufdb query` only, which computes it when it is mentioned.
    """

  static let columns: [(name: String, type: String, meaning: String)] = [
    ("judge", "TEXT", "whose labels these are; judges aren't thrown together"),
    ("model", "TEXT", "whose responses were compared with those of other models"),
    ("label_count", "INTEGER", "wins + losses + ties; labels on two responses of one model don't count"),
    ("wins", "INTEGER", "how often its response was chosen"),
    ("losses", "INTEGER", "how often its response was rejected"),
    ("ties", "INTEGER", "how often neither was better"),
    ("win_rate", "REAL", "(wins + ties / 2) / label_count"),
    (
      "strength", "REAL",
      "log odds: a model beats another one with the probability 1 / (1 + exp(-(its strength - the other's))), where a "
        + "tie counts as half a win for either; a judge's strengths have the mean 0. NULL for a model outside of the "
        + "largest group in which all beat each other, directly or by way of others: for one that never lost, say, or "
        + "never won; and for all where two groups are the largest"
    ),
    ("lower", "REAL", "the lower end of the strength's 95 % confidence interval, from Fisher's information"),
    ("upper", "REAL", "the upper end"),
  ]

  /// Makes the table from the labels behind a prefix.
  ///
  /// - Complexity: a scan of the labels and a sort of their models; then O(m^3) for m models of a judge.
  static func install(prefix: String, in connection: Connection) throws {
    let definitions = columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    try connection.executeScript(
      "DROP TABLE IF EXISTS temp.\(prefix)\(name); CREATE TEMP TABLE \(prefix)\(name) (\(definitions))")
    // In sorted order, so that sums don't depend on the order in which labels came into the store.
    let labels = try connection.statement(
      """
      SELECT judge, chosen_model, rejected_model, tie <> 0, count(*) FROM temp.\(prefix)labels
      WHERE chosen_model <> rejected_model GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      """)
    var tallies: [LeaderboardTally] = []
    while try labels.step() {
      let judge = labels.string(0)
      if tallies.last?.judge != judge { tallies.append(LeaderboardTally(judge: judge)) }
      tallies[tallies.count - 1].add(
        labels.string(1), over: labels.string(2), isTie: labels.integer(3) != 0, count: Int(labels.integer(4)))
    }
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let insert = try connection.statement("INSERT INTO temp.\(prefix)\(name) VALUES (\(marks))")
    for row in tallies.flatMap({ $0.rows() }) {
      for (column, value) in row.enumerated() { insert.bind(Int32(column + 1), value) }
      try insert.run()
    }
  }
}

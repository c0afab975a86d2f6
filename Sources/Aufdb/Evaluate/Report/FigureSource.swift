// Figures out of replays: means over seeds, and the same over resamples of seeds and test prompts.

import AufdbReward

/// One policy's replays, seed after seed.
struct PolicyRecords: Sendable {
  let policy: ReplayPolicy
  let isBaseline: Bool
  let records: [ReplayRecord]
}

/// A figure's values: one a seed, and one a resample.
struct Sampled {
  var bySeed: [Double]
  var replicates: [Double]

  var mean: Double { bySeed.reduce(0, +) / Double(bySeed.count) }
  var interval: Interval? { Interval(percentilesOf: replicates.filter(\.isFinite)) }

  static func - (one: Sampled, other: Sampled) -> Sampled {
    Sampled(
      bySeed: zip(one.bySeed, other.bySeed).map { $0 - $1 },
      replicates: zip(one.replicates, other.replicates).map { $0 - $1 })
  }

  /// The difference as reports state it; nil where both are one and the same.
  func difference(to other: Sampled) -> Comparison {
    let differences = self - other
    return Comparison(paired: PairedDifference(differences.bySeed), interval: differences.interval)
  }

  /// The mean of several, value by value; nil of none.
  static func mean(of all: [Sampled]) -> Sampled? {
    guard let first = all.first else { return nil }
    func mean(_ values: (Sampled) -> [Double]) -> [Double] {
      values(first).indices.map { index in all.reduce(0) { $0 + values($1)[index] } / Double(all.count) }
    }
    return Sampled(bySeed: mean(\.bySeed), replicates: mean(\.replicates))
  }
}

/// Computes the values of figures.
struct FigureSource {
  private let bootstrap: Bootstrap
  private let testPromptCount: Int
  /// By test prompt: how many pairs, and how many matched by length.
  private let pairCounts: [Double]
  private let matchedCounts: [Double]
  private let pairSums: [Double]
  private let matchedSums: [Double]

  /// Whether there is anything to measure by; length-matched pairs may be lacking.
  func measures(_ measure: Measure) -> Bool {
    measure != .matchedAccuracy || matchedCounts.contains { $0 > 0 }
  }

  init(_ test: TestSet, bootstrap: Bootstrap) {
    self.bootstrap = bootstrap
    testPromptCount = test.prompts.count
    pairCounts = test.pairCounts(lengthMatched: false)
    matchedCounts = test.pairCounts(lengthMatched: true)
    pairSums = bootstrap.sums(ofPrompts: pairCounts)
    matchedSums = bootstrap.sums(ofPrompts: matchedCounts)
  }

  /// The values of a measure; nil where some seed has no labels within the budget, or the policy no such model.
  func sampled(_ records: [ReplayRecord], _ model: FinalModel?, _ measure: Measure, _ target: BudgetTarget) -> Sampled?
  {
    let checkpoints = records.compactMap { $0.checkpoints[target] }
    guard checkpoints.count == records.count, measures(measure) else { return nil }
    guard let model else {
      let bySeed = checkpoints.map { measure == .gap ? $0.gap : $0.chosenScore }
      // One seed drawn again and again is no sample.
      return Sampled(bySeed: bySeed, replicates: bySeed.count > 1 ? bootstrap.means(ofSeeds: bySeed) : [])
    }
    let outcomes = checkpoints.compactMap { $0.outcomes[model] }
    guard outcomes.count == records.count else { return nil }
    switch measure {
    case .accuracy: return ratio(outcomes.map(\.right), pairCounts, pairSums)
    case .matchedAccuracy: return ratio(outcomes.map(\.matchedRight), matchedCounts, matchedSums)
    case .bestScore:
      let ones = [Double](repeating: 1, count: testPromptCount)
      let counts = [Double](repeating: Double(testPromptCount), count: bootstrap.replicateCount)
      return ratio(outcomes.map(\.bestScore), ones, counts)
    case .gap, .chosenScore: return nil
    }
  }

  /// The sum over test prompts of `values`, over that of `counts`.
  private func ratio(_ values: [[Float]], _ counts: [Double], _ countSums: [Double]) -> Sampled {
    let total = counts.reduce(0, +)
    let matrix = Matrix(
      rowCount: values.count, columnCount: testPromptCount, elements: values.flatMap { $0.map(Double.init) })
    let bySeed = values.map { $0.reduce(0) { $0 + Double($1) } / total }
    return Sampled(
      bySeed: bySeed, replicates: zip(bootstrap.sums(matrix), countSums).map { $0 / $1 })
  }
}

// Which prompts a reward model is judged on: never selected from, and the same for all seeds and methods.

/// Training and test prompts, as indices of a pool's prompts, ascending.
struct EvaluationSplit: Sendable, Equatable {
  let training: [Int]
  let test: [Int]

  /// Keeps a share of the prompts for testing: those that come first in the order of draws keyed by the seed and the
  /// prompt's id.
  ///
  /// - Parameter share: more than 0, less than 1; the number of test prompts is rounded to the nearest.
  init(holdout share: Double, of pool: EvaluationPool, seed: UInt64) {
    let order = KeyedOrder(seed: seed, purpose: "held-out prompts")
    let draws = pool.prompts.map { order.draw(of: $0.id) }
    let ordered = pool.prompts.indices.sorted { (draws[$0], $0) < (draws[$1], $1) }
    let count = Int((share * Double(ordered.count)).rounded())
    self.init(test: Set(ordered.prefix(count)), of: pool)
  }

  /// Keeps the prompts of these ids.
  init(testIDs ids: Set<[UInt8]>, of pool: EvaluationPool) {
    self.init(test: Set(pool.prompts.indices.filter { ids.contains(pool.prompts[$0].id) }), of: pool)
  }

  private init(test: Set<Int>, of pool: EvaluationPool) {
    training = pool.prompts.indices.filter { !test.contains($0) }
    self.test = test.sorted()
  }
}

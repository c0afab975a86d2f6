// What a reward model is measured by: prompts that no method selects from.
//
//   (a)  of the pairs of one prompt whose scores differ by a threshold or more, the share whose better response has the
//        higher reward; equal rewards count half
//   (a') the same among pairs whose logarithms of length differ by less than a threshold
//   (b)  the mean score of the response with the highest reward, of equals the first
//
// All are kept by prompt, as counts and scores, so that prompts can be drawn again (Bootstrap).

/// The test prompts' responses and pairs.
struct TestSet: Sendable {
  /// A pair of rows, counted in the test set.
  struct ScoredPair: Sendable, Equatable {
    let better: Int
    let worse: Int
    let isLengthMatched: Bool
  }

  struct Prompt: Sendable {
    let rows: Range<Int>
    let pairs: Range<Int>
  }

  private(set) var prompts: [Prompt] = []
  private(set) var pairs: [ScoredPair] = []
  private(set) var scores: [Double] = []
  /// The pool's row of each of the test set's.
  private(set) var poolRows: [Int] = []

  init(_ pool: EvaluationPool, _ test: [Int], gapThreshold: Double, lengthThreshold: Double) {
    for prompt in test {
      let source = pool.prompts[prompt].rows
      let (firstRow, firstPair) = (scores.count, pairs.count)
      for one in source {
        for other in source where pool.scores[one] - pool.scores[other] >= gapThreshold && one != other {
          // With a threshold of 0 two equal scores would have either order.
          guard pool.scores[one] > pool.scores[other] else { continue }
          let isMatched = (pool.logLength(one) - pool.logLength(other)).magnitude < lengthThreshold
          pairs.append(
            ScoredPair(
              better: one - source.lowerBound + firstRow, worse: other - source.lowerBound + firstRow,
              isLengthMatched: isMatched))
        }
      }
      scores += pool.scores[source]
      poolRows += source
      prompts.append(Prompt(rows: firstRow..<scores.count, pairs: firstPair..<pairs.count))
    }
  }

  /// How many pairs each prompt has; those matched by length.
  func pairCounts(lengthMatched: Bool) -> [Double] {
    prompts.map { prompt in
      Double(pairs[prompt.pairs].reduce(0) { $0 + (!lengthMatched || $1.isLengthMatched ? 1 : 0) })
    }
  }

  /// Measures rewards, one for each of the test set's rows.
  func measure(_ rewards: [Float]) -> PromptOutcomes {
    precondition(rewards.count == scores.count, "another number of rewards than test responses")
    var outcomes = PromptOutcomes()
    for prompt in prompts {
      var (right, matched) = (Float(0), Float(0))
      for pair in pairs[prompt.pairs] {
        let (better, worse) = (rewards[pair.better], rewards[pair.worse])
        let credit: Float = better > worse ? 1 : better == worse ? 0.5 : 0
        right += credit
        if pair.isLengthMatched { matched += credit }
      }
      outcomes.right.append(right)
      outcomes.matchedRight.append(matched)
      let best = prompt.rows.reduce(prompt.rows.lowerBound) { rewards[$1] > rewards[$0] ? $1 : $0 }
      outcomes.bestScore.append(Float(scores[best]))
    }
    return outcomes
  }
}

/// What rewards came to on each test prompt.
struct PromptOutcomes: Sendable, Equatable {
  /// Pairs in the right order.
  var right: [Float] = []
  /// Those of them that are matched by length.
  var matchedRight: [Float] = []
  /// The score of the response with the highest reward.
  var bestScore: [Float] = []
}

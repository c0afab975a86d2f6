// What a replay collects: the judge's answers, prompt after prompt, and what they cost.

/// A pair as the judge ordered it; rows of the pool.
struct JudgedPair: Sendable, Equatable {
  let chosen: Int
  let rejected: Int
  /// Equal scores: the label is paid for and teaches nothing. The method's first response counts as the chosen.
  let isTie: Bool

  /// Asks the judge about two rows.
  init(_ first: Int, _ second: Int, scores: [Double]) {
    let isReversed = scores[second] > scores[first]
    (chosen, rejected) = isReversed ? (second, first) : (first, second)
    isTie = scores[first] == scores[second]
  }
}

/// The judge's answers about one prompt.
struct Annotation: Sendable, Equatable {
  /// One, or all pairs among the judged responses.
  let pairs: [JudgedPair]
  /// The responses that the judge had to rate for it: the pair's two, or all that the method looked at the scores of.
  let judged: [Int]
}

/// The annotations of a replay in order, and how many labels and judged responses each brings the sum to.
struct CollectedLabels: Sendable, Equatable {
  private(set) var annotations: [Annotation] = []
  private(set) var labelCounts: [Int] = []
  private(set) var costs: [Int] = []

  var labelCount: Int { labelCounts.last ?? 0 }

  mutating func append(_ annotation: Annotation) {
    labelCounts.append((labelCounts.last ?? 0) + annotation.pairs.count)
    costs.append((costs.last ?? 0) + annotation.judged.count)
    annotations.append(annotation)
  }

  /// How many annotations there are within so many labels.
  func prefix(labels budget: Int) -> Int { labelCounts.firstIndex { $0 > budget } ?? labelCounts.count }

  /// How many annotations there are within so many judged responses.
  func prefix(cost budget: Int) -> Int { costs.firstIndex { $0 > budget } ?? costs.count }

  /// The mean gap of score over the pairs of the first annotations, ties included; and the mean score of the chosen.
  func means(first count: Int, scores: [Double]) -> (gap: Double, chosen: Double)? {
    let pairs = annotations.prefix(count).flatMap(\.pairs)
    guard !pairs.isEmpty else { return nil }
    let gaps = pairs.reduce(0) { $0 + scores[$1.chosen] - scores[$1.rejected] }
    return (gaps / Double(pairs.count), pairs.reduce(0) { $0 + scores[$1.chosen] } / Double(pairs.count))
  }
}

// `deltaquantile`: not the widest optimistic gap but one at a chosen place among all of them.

/// Of the ordered pairs i != j, ranked by their gap u_i - l_j, those of a range of ranks; and of these the pair of the
/// largest u_i.
///
/// The N = k(k - 1) pairs are ranked from 0 by gap, the widest first; of equal gaps the smallest i comes first, then
/// the smallest j. With q the quantile and e epsilon, computed in doubles as written, floor rounding down, the range is
///
///     start ..< end,   start = min(floor(N max(0, q - e)), N - 1)
///                      end   = min(max(floor(N min(1, q + e)), start + 1), N)
///
/// Of several pairs with the largest u_i there the earliest rank wins. Gaps are float32 differences, as in `deltaucb`,
/// which is this method with q = e = 0. No random draws, and no beta: the bounds already carry one. No sorting of
/// pairs: `GapRanks` finds the gaps at both ends of the range, and one pass looks at the pairs between, O(k^2).
///
/// More responses than two (`next`): the same rule over the ordered pairs of which exactly one response is chosen
/// already, N being their number; it names the other one.
///
/// The products are doubles as in the paper's code, so that the ranks are the same: q = 0.3, e = 0.2, N = 20 start at
/// rank 1, not 2.
///
/// Source: arXiv 2603.09692 (DeltaQuantile).
public struct DeltaQuantileMethod: SelectionMethod {
  public static let name = "deltaquantile"
  public static let summary = "an optimistic gap at a quantile of all gaps, with the largest upper bound near it"
  public static let formula =
    "of the pairs whose u_i - l_j ranks from q - epsilon to q + epsilon (0 is the largest), the one of the largest u_i"
  public static let source = "arXiv 2603.09692, as DeltaQuantile"
  public static let criterionFormula: String? = "u_i, for the pairs in the range of ranks by u_i - l_j"
  public static let parameterDefinitions: [ParameterDefinition] = [.quantile, .epsilon]
  public static let alternativeNeeds: [CandidateColumns] = [.bounds]

  /// Where in the ranking, from 0, the widest gap, to 1, the narrowest.
  public let quantile: Double
  /// How far from the quantile pairs may rank; 0 ... 1.
  public let epsilon: Double

  /// - Throws: `ParameterError` for a value out of range.
  public init(quantile: Double = 0.05, epsilon: Double = 0) throws(ParameterError) {
    self.quantile = try ParameterDefinition.quantile.checked(quantile)
    self.epsilon = try ParameterDefinition.epsilon.checked(epsilon)
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    try self.init(quantile: texts.real(.quantile) ?? 0.05, epsilon: texts.real(.epsilon) ?? 0)
  }

  public var needs: CandidateColumns { .bounds }
  public var parameters: [Parameter] {
    [
      Parameter(ParameterDefinition.quantile.name, .real(quantile)),
      Parameter(ParameterDefinition.epsilon.name, .real(epsilon)),
    ]
  }

  /// The range of ranks among `pairCount` >= 1 pairs; never empty.
  private func ranks(of pairCount: Int) -> Range<Int> {
    let start = min(Int(Double(pairCount) * max(0, quantile - epsilon)), pairCount - 1)
    let end = min(max(Int(Double(pairCount) * min(1, quantile + epsilon)), start + 1), pairCount)
    return start..<end
  }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let ranks = ranks(of: candidates.count * (candidates.count - 1))
    return .pair(GapRanks.pairOfLargestUpper(lower: candidates.lower, upper: candidates.upper, ranks: ranks))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let inRange = Set(pairsInRange(candidates) { _ in true })
    return PairCriterion(count: candidates.count) { first, second in
      inRange.contains(Pair(first: first, second: second)) ? Double(candidates.upper[first]) : nil
    }
  }

  public func next(after chosen: [Int], _ candidates: Candidates, random: KeyedRandom) -> Int? {
    let isChosen = (0..<candidates.count).map { chosen.contains($0) }
    let pairs = pairsInRange(candidates) { isChosen[$0.first] != isChosen[$0.second] }
    guard var best = pairs.first else { return nil }
    for pair in pairs.dropFirst() where candidates.upper[pair.first] > candidates.upper[best.first] { best = pair }
    return isChosen[best.first] ? best.second : best.first
  }

  /// Those of some pairs that are in the range of ranks among them, in the order of rank, by sorting: for when `pick`
  /// is to be explained or continued. Complexity: O(k^2 log k).
  private func pairsInRange(_ candidates: Candidates, among isAmong: (Pair) -> Bool) -> ArraySlice<Pair> {
    var ranked: [(gap: Float, pair: Pair)] = []
    for first in 0..<candidates.count {
      for second in 0..<candidates.count where second != first {
        let pair = Pair(first: first, second: second)
        if isAmong(pair) { ranked.append((candidates.upper[first] - candidates.lower[second], pair)) }
      }
    }
    guard !ranked.isEmpty else { return [] }
    ranked.sort {
      $0.gap == $1.gap
        ? ($0.pair.first, $0.pair.second) < ($1.pair.first, $1.pair.second) : $0.gap > $1.gap
    }
    return ranked.map(\.pair)[ranks(of: ranked.count)]
  }
}

extension ParameterDefinition {
  /// `quantile`: where among the ranked pairs.
  fileprivate static let quantile = ParameterDefinition(
    name: "quantile", summary: "where among the pairs ranked by gap: 0 is the widest gap, 1 the narrowest",
    kind: .real(0...1), defaultText: "0.05")

  /// `epsilon`: how wide the range of ranks is.
  fileprivate static let epsilon = ParameterDefinition(
    name: "epsilon", summary: "how far from the quantile a pair may rank; the largest upper bound there wins",
    kind: .real(0...1), defaultText: "0.0")
}

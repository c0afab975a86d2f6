// `rucb`: a response that may be the best, against the one that has the best chance of beating it.

/// Relative upper confidence bound: first = a random response that may beat all others, second = its likeliest winner.
///
/// With s_i = (u_i - l_i) / 2 and the optimistic chance that i is preferred to j
///
///     u_ij = sigma((r_i - r_j) + beta (s_i + s_j))
///     C = { c : u_cj >= 1/2 for all j != c }         never empty: the highest reward belongs to it
///     first = uniform over C,    second = argmax of u_j,first over j != first
///
/// Ties for second are broken at random, as in the paper. Draws: of n > 1 in C, a = below(n) of round 0 names the a-th
/// in index order; of n > 1 tied for second, b = below(n) of round 1 likewise. A single one takes no draw. Chances are
/// compared by their log-odds, which are never saturated. O(k), no allocation.
///
/// The paper's bounds come from counts of won comparisons; here they come from the estimates, and every prompt is
/// one round: the paper's set of responses that were once alone in C is empty, and its choice from C so uniform. The
/// paper compares first with itself where nobody can beat it; here second is then the likeliest of the others all the
/// same. First stays first even where second has the higher reward: it is the one put to the test as the best. The
/// code of arXiv 2603.09692 compares rewards themselves with 1/2 and may return a response with itself.
///
/// Source: M. Zoghi, S. Whiteson, R. Munos, M. de Rijke, "Relative Upper Confidence Bound for the K-Armed Dueling
/// Bandit Problem", ICML 2014 (arXiv 1312.3393).
public struct RUCBMethod: SelectionMethod {
  public static let name = "rucb"
  public static let summary = "a random response that may be the best, against the one likeliest to beat it"
  public static let formula =
    "u_ij = sigma(r_i - r_j + beta (s_i + s_j)); first uniform over i with all u_ij >= 1/2; second = argmax u_j,first"
  public static let source = "Zoghi, Whiteson, Munos and de Rijke, ICML 2014, arXiv 1312.3393, as RUCB"
  public static let criterionFormula: String? = "(r_j - r_i) + beta (s_i + s_j), the log-odds of u_ji, for the drawn i"
  public static let parameterDefinitions: [ParameterDefinition] = [.beta]
  public static let alternativeNeeds: [CandidateColumns] = [.estimates]

  /// How much uncertainty counts; finite, >= 0.
  public let beta: Double

  /// - Throws: `ParameterError` for a value out of range.
  public init(beta: Double = 1) throws(ParameterError) {
    self.beta = try ParameterDefinition.beta.checked(beta)
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    try self.init(beta: texts.real(.beta) ?? 1)
  }

  public var needs: CandidateColumns { .estimates }
  public var parameters: [Parameter] { [Parameter(ParameterDefinition.beta.name, .real(beta))] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let intervals = RewardIntervals(candidates, beta: beta)
    let first = Self.first(intervals, random)

    var best = -Double.infinity
    var (tiedCount, second) = (0, 0)
    for index in 0..<intervals.count where index != first {
      let high = intervals.high(index)
      if high > best {
        (best, tiedCount, second) = (high, 1, index)
      } else if high == best {
        tiedCount += 1
      }
    }
    if tiedCount > 1 {
      var draws = random.draws(round: 1)
      var left = draws.below(tiedCount)
      while left > 0 {
        second += 1
        if second != first && intervals.high(second) == best { left -= 1 }
      }
    }
    return .pair(Pair(first: first, second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let intervals = RewardIntervals(candidates, beta: beta)
    let drawn = Self.first(intervals, random)
    return PairCriterion(count: candidates.count) { first, second in
      first == drawn ? intervals.high(second) - intervals.low(first) : nil
    }
  }

  /// A member of C: one whose upper end reaches every other's lower end, which is to say the highest of them.
  private static func first(_ intervals: RewardIntervals, _ random: KeyedRandom) -> Int {
    var highestLow = -Double.infinity
    for index in 0..<intervals.count { highestLow = max(highestLow, intervals.low(index)) }
    var (memberCount, first) = (0, 0)
    for index in 0..<intervals.count where intervals.high(index) >= highestLow {
      if memberCount == 0 { first = index }
      memberCount += 1
    }
    guard memberCount > 1 else { return first }
    var draws = random.draws(round: 0)
    var left = draws.below(memberCount)
    while left > 0 {
      first += 1
      if intervals.high(first) >= highestLow { left -= 1 }
    }
    return first
  }
}

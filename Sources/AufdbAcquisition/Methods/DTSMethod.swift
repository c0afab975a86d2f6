// `dts`: double Thompson sampling, a random best against another random best.

/// First = the best of one random draw of the rewards, second = the best of another.
///
/// With z_i uniform in (-1, 1), new in every round, and s_i = (u_i - l_i) / 2:
///
///     first  = argmax of r_i + beta s_i z_i                                         (round 0)
///     second = argmax of r_i + beta s_i z_i, drawn anew until it differs from first     (rounds 1 ... max-iterations)
///              and otherwise uniform over the other responses                       (round 2^32 - 1)
///
/// Ties go to the lowest index. With beta = 0, and where no response has any uncertainty, first is the greedy choice,
/// argmax r, and second uniform over the others, because a draw anew gives first again; all rewards equal make no
/// exception, then first is 0. With max-iterations = 0 second is always uniform. How the draws are computed stands with
/// `ThompsonSampling`. Exact law, with p the law of one draw and M = max-iterations:
///
///     P(i, j) = p_i [ p_j (1 - p_i^M) / (1 - p_i) + p_i^M / (k - 1) ]
///
/// It assumes a reward uniform between its bounds, independent of the other responses' rewards. O(k) a round; rounds
/// are only drawn while another response than first can win.
///
/// Source: Wu and Liu, "Double Thompson Sampling for Dueling Bandits", NeurIPS 2016 (arXiv 1604.07101), for the idea;
/// with rewards and redraws as in arXiv 2603.09692 (DTS).
public struct DTSMethod: SelectionMethod {
  public static let name = "dts"
  public static let summary = "double Thompson sampling: a random draw's best against another draw's best"
  public static let formula =
    "first = argmax of r_i + beta s_i z_i; second = argmax of r_j + beta s_j z'_j, drawn anew until it differs"
  public static let source = "arXiv 2603.09692, as DTS; the idea: Wu and Liu, NeurIPS 2016"
  public static let criterionFormula: String? = "(r_i + beta s_i z_i) + (r_j + beta s_j z'_j)"
  public static let parameterDefinitions: [ParameterDefinition] = [.beta, .maxIterations]
  public static let alternativeNeeds: [CandidateColumns] = [.estimates]

  /// How much uncertainty counts; finite, >= 0.
  public let beta: Double
  /// How often the second response is drawn at most; 0 ... 1,000,000.
  public let maxIterations: Int

  /// - Throws: `ParameterError` for a value out of range.
  public init(beta: Double = 1, maxIterations: Int = 30) throws(ParameterError) {
    self.beta = try ParameterDefinition.beta.checked(beta)
    try ParameterDefinition.maxIterations.check(maxIterations)
    self.maxIterations = maxIterations
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    try self.init(beta: texts.real(.beta) ?? 1, maxIterations: texts.integer(.maxIterations) ?? 30)
  }

  public var needs: CandidateColumns { .estimates }
  public var parameters: [Parameter] {
    [
      Parameter(ParameterDefinition.beta.name, .real(beta)),
      Parameter(ParameterDefinition.maxIterations.name, .integer(maxIterations)),
    ]
  }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let sampling = ThompsonSampling(.best, candidates, beta: beta, random: random)
    let first = sampling.argmax(round: 0)
    return .pair(Pair(first: first, second: sampling.argmax(otherThan: first, maxIterations: maxIterations)))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let sampling = ThompsonSampling(.best, candidates, beta: beta, random: random)
    return sampling.criterion(second: sampling, maxIterations: maxIterations)
  }
}

// `drts`: double reverse Thompson sampling, a random best against a random worst.

/// First = the best of one random draw of the rewards, second = the worst of another.
///
/// With z_i uniform in (-1, 1), new in every round, and s_i = (u_i - l_i) / 2:
///
///     first  = argmax of  r_i + beta s_i z_i                                        (round 0)
///     second = argmax of -r_i + beta s_i z_i, drawn anew until it differs from first    (rounds 1 ... max-iterations)
///              and otherwise uniform over the other responses                       (round 2^32 - 1)
///
/// Ties go to the lowest index. With beta = 0 the pair is (argmax r, argmin r), but for all rewards equal, where
/// second is uniform over the others. With max-iterations = 0 second is always uniform. How the draws are computed
/// stands with `ThompsonSampling`. Exact law, with p and q the laws of one draw of first and second, M =
/// max-iterations:
///
///     P(i, j) = p_i [ q_j (1 - q_i^M) / (1 - q_i) + q_i^M / (k - 1) ]
///
/// Source: arXiv 2603.09692 (DRTS).
public struct DRTSMethod: SelectionMethod {
  public static let name = "drts"
  public static let summary = "double reverse Thompson sampling: a random draw's best against another draw's worst"
  public static let formula =
    "first = argmax of r_i + beta s_i z_i; second = argmax of -r_j + beta s_j z'_j, drawn anew until it differs"
  public static let source = "arXiv 2603.09692, as DRTS"
  public static let criterionFormula: String? = "(r_i + beta s_i z_i) + (-r_j + beta s_j z'_j)"
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
    let first = ThompsonSampling(.best, candidates, beta: beta, random: random).argmax(round: 0)
    let second = ThompsonSampling(.worst, candidates, beta: beta, random: random)
      .argmax(otherThan: first, maxIterations: maxIterations)
    return .pair(Pair(first: first, second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    ThompsonSampling(.best, candidates, beta: beta, random: random).criterion(
      second: ThompsonSampling(.worst, candidates, beta: beta, random: random), maxIterations: maxIterations)
  }
}

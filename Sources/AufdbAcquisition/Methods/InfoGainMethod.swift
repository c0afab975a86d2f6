// `infogain`: a random draw's best against the response whose comparison with it is most open.

/// First = the best of one random draw of the rewards, as in `dts`; second = the j != first of the largest v_ij =
/// sigma(u_i - l_j) - sigma(l_i - u_j) with i = first.
///
///     first  = argmax of r_i + beta s_i z_i, z_i uniform in (-1, 1), s_i = (u_i - l_i) / 2        (round 0)
///     second = argmax over j != first of v_first,j
///
/// Ties go to the lowest index, in both. With beta = 0 first is argmax r. How the draw is computed stands with
/// `ThompsonSampling`; what v assumes stands with `infomax`, and its arithmetic, which doesn't saturate, with
/// `InformationGap`. O(k), no allocation.
///
/// The paper's code computes v in float32, where bounds wider than about 17 all tie and the lowest index wins; here the
/// widest does. Apart from that its pairs follow the same law; no golden case differs.
///
/// Source: arXiv 2603.09692 (InfoGain).
public struct InfoGainMethod: SelectionMethod {
  public static let name = "infogain"
  public static let summary = "a random draw's best against the response it is most uncertain to beat"
  public static let formula =
    "first = argmax of r_i + beta s_i z_i; second = argmax of sigma(u_first - l_j) - sigma(l_first - u_j)"
  public static let source = "arXiv 2603.09692, as InfoGain"
  public static let criterionFormula: String? =
    "-log(1 - v), v = sigma(u_i - l_j) - sigma(l_i - u_j), for i = first"
  public static let parameterDefinitions: [ParameterDefinition] = [.beta]
  public static let alternativeNeeds: [CandidateColumns] = [.estimates]

  /// How much uncertainty counts in the draw of first; finite, >= 0.
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
    let first = ThompsonSampling(.best, candidates, beta: beta, random: random).argmax(round: 0)
    return .pair(Pair(first: first, second: InformationGap(candidates).widestSecond(for: first)))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let drawn = ThompsonSampling(.best, candidates, beta: beta, random: random).argmax(round: 0)
    let gap = InformationGap(candidates)
    return PairCriterion(count: candidates.count) { first, second in
      first == drawn ? gap.value(first, second) : nil
    }
  }
}

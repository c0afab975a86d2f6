// `infomax`: the pair whose outcome the bounds leave most open.

/// The pair of the largest v_ij = sigma(u_i - l_j) - sigma(l_i - u_j), the width of the interval in which its
/// preference probability lies by the bounds.
///
/// v is the same for both orders of a pair, so the response of the higher reward comes first, of equal rewards the one
/// of the lower index. Of equal v the pair of the smallest i wins, then the smallest j (i < j). No random draws, and no
/// beta: the bounds already carry one. It assumes that the reward difference's bounds are the differences of the
/// bounds. O(k) exponentials and O(k^2) products for bounds within 150 of each other, O(k^2) exponentials otherwise;
/// `InformationGap` has the arithmetic, and why v doesn't saturate.
///
/// The paper's code computes v in float32, whose sigma rounds to 1 from about 17 on: there bounds wider than that all
/// tie, and the lowest indices win. Here the widest of them does, so that the golden cases of the categories
/// `saturation_tie` and `underflow_tie` differ; also those of them on which float64 agrees with float32, for it
/// saturates in turn, from 37 on. In all others the pair is the same, but the code's order of it is rounding noise;
/// here it is that of the rewards.
///
/// Source: arXiv 2603.09692 (InfoMax).
public struct InfoMaxMethod: SelectionMethod {
  public static let name = "infomax"
  public static let summary = "the pair whose preference probability has the widest interval"
  public static let formula = "{i, j} = argmax of sigma(u_i - l_j) - sigma(l_i - u_j), the higher r first"
  public static let source = "arXiv 2603.09692, as InfoMax"
  public static let criterionFormula: String? = "-log(1 - v), v = sigma(u_i - l_j) - sigma(l_i - u_j)"
  public static let parameterDefinitions: [ParameterDefinition] = []
  public static let alternativeNeeds: [CandidateColumns] = [.estimates]

  public init() {}

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init()
  }

  public var needs: CandidateColumns { .estimates }
  public var parameters: [Parameter] { [] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let (first, second) = InformationGap(candidates).widestPair()
    return candidates.rewards[second] > candidates.rewards[first]
      ? .pair(Pair(first: second, second: first)) : .pair(Pair(first: first, second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let gap = InformationGap(candidates)
    return PairCriterion(count: candidates.count) { gap.value($0, $1) }
  }
}

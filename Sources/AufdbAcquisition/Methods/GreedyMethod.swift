// `greedy`: the plain baseline, best against worst, which the methods that know uncertainty must beat.

/// First = the response of the highest value, second = that of the lowest.
///
/// Values are rewards or a judge's scores (`by`). Ties go to the lowest index for first and, among the others, for
/// second, so that with all equal the pair is (0, 1); `maxmin` instead takes the last of several lowest. No random
/// draws. It assumes that the values can be trusted as they are. O(k).
///
/// The paper has it only by the scores of a judge that annotated every response (`maxmin`).
public struct GreedyMethod: SelectionMethod {
  public static let name = "greedy"
  public static let summary = "the highest reward against the lowest, whatever the uncertainty"
  public static let formula = "first = argmax r, second = argmin r (or of the scores)"
  public static let source = "the plain baseline of estimates without uncertainty"
  public static let criterionFormula: String? = "value of i - value of j"
  public static let parameterDefinitions: [ParameterDefinition] = [.rankingSource]
  public static let alternativeNeeds: [CandidateColumns] = RankingSource.allCases.map(\.columns)

  /// What the responses are ranked by.
  public let by: RankingSource

  public init(by: RankingSource = .rewards) {
    self.by = by
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init(by: try texts.word(.rankingSource) ?? .preferred(among: texts.available))
  }

  public var needs: CandidateColumns { by.columns }
  public var parameters: [Parameter] {
    [Parameter(ParameterDefinition.rankingSource.name, .word(by.rawValue))]
  }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    .pair(.extremes(count: candidates.count) { by.value(of: $0, in: candidates) })
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    PairCriterion(count: candidates.count) {
      by.value(of: $0, in: candidates) - by.value(of: $1, in: candidates)
    }
  }
}

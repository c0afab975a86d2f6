// `maxmin`: the widest pair by a judge's scores, for when every response has been judged.

/// First = the response of the highest score, second = that of the lowest.
///
/// Of several highest the one of the lowest index is first, of several lowest the one of the highest index is second
/// (so that with all equal the pair is (0, k - 1)). No random draws. The caller leaves responses without a score out
/// of the candidates.
public struct MaxMinMethod: SelectionMethod {
  public static let name = "maxmin"
  public static let summary = "the response of the highest score against that of the lowest"
  public static let formula = "first = argmax of the scores (the first such), second = argmin of them (the last such)"
  public static let source = "arXiv 2603.09692, as MaxMin"
  public static let criterionFormula: String? = "score_i - score_j"
  public static let parameterDefinitions: [ParameterDefinition] = []
  public static let alternativeNeeds: [CandidateColumns] = [.scores]

  public init() {}

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init()
  }

  public var needs: CandidateColumns { .scores }
  public var parameters: [Parameter] { [] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let scores = candidates.scores
    var highest = 0
    var lowest = 0
    for index in 1..<scores.count {
      if scores[index] > scores[highest] { highest = index }
      if scores[index] <= scores[lowest] { lowest = index }
    }
    return .pair(Pair(first: highest, second: lowest))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    PairCriterion(count: candidates.count) { candidates.scores[$0] - candidates.scores[$1] }
  }
}

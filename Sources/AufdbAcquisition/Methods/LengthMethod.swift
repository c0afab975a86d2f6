// `length`: the baseline that nobody should lose to, and the bias that judges are suspected of.

/// First = the longest response, second = the shortest.
///
/// Ties go to the lowest index for first and, among the others, for second, so that with all equal the pair is (0, 1).
/// Lengths may be in any one unit. No random draws. It assumes nothing of quality: a method that doesn't beat it has
/// learnt no more than that longer answers are liked better. O(k).
///
/// The paper has no such method.
public struct LengthMethod: SelectionMethod {
  public static let name = "length"
  public static let summary = "the longest response against the shortest: a baseline nobody should lose to"
  public static let formula = "first = the longest response, second = the shortest"
  public static let source = "the plain baseline of length bias"
  public static let criterionFormula: String? = "length of i - length of j"
  public static let parameterDefinitions: [ParameterDefinition] = []
  public static let alternativeNeeds: [CandidateColumns] = [.textLengths]

  public init() {}

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init()
  }

  public var needs: CandidateColumns { .textLengths }
  public var parameters: [Parameter] { [] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    .pair(.extremes(count: candidates.count) { candidates.textLengths[$0] })
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let lengths = candidates.textLengths
    return PairCriterion(count: candidates.count) { Double(lengths[$0]) - Double(lengths[$1]) }
  }
}

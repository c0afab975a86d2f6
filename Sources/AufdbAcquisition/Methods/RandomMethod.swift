// `random`: the baseline that knows nothing.

/// A uniformly random ordered pair of two different responses.
///
/// Draws, all of round 0: first = below(k); a = below(k - 1); second = a, or a + 1 where a >= first (`below` is
/// `DrawSequence.below`). Each of the k(k - 1) ordered pairs is equally likely.
///
/// The paper's code draws both with replacement, may so return a response with itself, and then stops on an
/// assertion.
public struct RandomMethod: SelectionMethod {
  public static let name = "random"
  public static let summary = "a uniformly random pair of two different responses"
  public static let formula = "(i, j) uniform over the ordered pairs of different responses"
  public static let source = "the plain baseline; in arXiv 2603.09692 as Random"
  public static let parameterDefinitions: [ParameterDefinition] = []
  public static let alternativeNeeds: [CandidateColumns] = [[]]

  public init() {}

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init()
  }

  public var needs: CandidateColumns { [] }
  public var parameters: [Parameter] { [] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    var draws = random.draws(round: 0)
    let first = draws.below(candidates.count)
    let other = draws.below(candidates.count - 1)
    return .pair(Pair(first: first, second: other < first ? other : other + 1))
  }
}

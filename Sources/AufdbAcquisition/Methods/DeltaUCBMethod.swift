// `deltaucb`: the pair whose gap could be the widest, judged optimistically.

/// Over ordered pairs i != j, the largest gap u_i - l_j between an upper and a lower bound.
///
/// Gaps are compared as float32 differences, rounded as IEEE 754 says; of equal gaps the pair with the smallest i
/// wins, then the smallest j. That is the result of looking at all k(k - 1) pairs, found in O(k): rounding keeps
/// order, so that the largest gap of a given i is the one with the smallest lower bound among the others. No random
/// draws, and no beta: the bounds already carry one.
///
/// Source: arXiv 2603.09692 (DeltaUCB).
public struct DeltaUCBMethod: SelectionMethod {
  public static let name = "deltaucb"
  public static let summary = "the widest optimistic gap: largest upper bound minus lower bound of another response"
  public static let formula = "(i, j) = argmax of u_i - l_j"
  public static let source = "arXiv 2603.09692, as DeltaUCB"
  public static let criterionFormula: String? = "u_i - l_j"
  public static let parameterDefinitions: [ParameterDefinition] = []
  public static let alternativeNeeds: [CandidateColumns] = [.bounds]

  public init() {}

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init()
  }

  public var needs: CandidateColumns { .bounds }
  public var parameters: [Parameter] { [] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let lower = candidates.lower
    let upper = candidates.upper
    let (lowestIndex, lowest, nextLowest) = Self.twoLowest(lower)

    var first = 0
    var widest = upper[0] - (lowestIndex == 0 ? nextLowest : lowest)
    for index in 1..<upper.count {
      let gap = upper[index] - (lowestIndex == index ? nextLowest : lowest)
      if gap > widest {
        (first, widest) = (index, gap)
      }
    }
    // Not simply the lowest bound's index: a smaller j whose bound differs may give the same gap after rounding.
    var second = first == 0 ? 1 : 0
    while second == first || upper[first] - lower[second] != widest {
      second += 1
    }
    return .pair(Pair(first: first, second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    PairCriterion(count: candidates.count) { Double(candidates.upper[$0] - candidates.lower[$1]) }
  }

  /// The place of the lowest value, that value, and the lowest of all the others. Needs two values or more.
  private static func twoLowest(_ values: UnsafeBufferPointer<Float>) -> (index: Int, lowest: Float, next: Float) {
    var (index, lowest, next) = values[1] < values[0] ? (1, values[1], values[0]) : (0, values[0], values[1])
    for other in 2..<max(2, values.count) {
      if values[other] < lowest {
        (index, lowest, next) = (other, values[other], lowest)
      } else if values[other] < next {
        next = values[other]
      }
    }
    return (index, lowest, next)
  }
}

// `far`: the two responses that differ most, before anything is known of their quality.

/// The pair of responses farthest apart in features, by Euclidean distance.
///
/// Squared distances are compared, as doubles summed over the features in order; of equal ones the pair of the smallest
/// i wins, then the smallest j. There is no guess of which response is better: the lower index comes first. No random
/// draws. O(k^2 d), no allocation.
///
/// Features are taken as they are. It assumes that distance in them means different in quality or kind, which raw
/// embeddings hardly promise; a store's prior features, embeddings projected on the directions in which responses to
/// one prompt differ, are what it is meant for. It needs no reward model and no labels, so that it can start a loop.
///
/// The paper has no such method.
public struct FarMethod: SelectionMethod {
  public static let name = "far"
  public static let summary = "the two responses farthest apart in features; needs no reward model"
  public static let formula = "{i, j} = argmax of |f_i - f_j|, the lower index first"
  public static let source = "farthest pair, the greedy start of core-set selection (Sener and Savarese, ICLR 2018)"
  public static let criterionFormula: String? = "|f_i - f_j|^2"
  public static let parameterDefinitions: [ParameterDefinition] = []
  public static let alternativeNeeds: [CandidateColumns] = [.features]

  public init() {}

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init()
  }

  public var needs: CandidateColumns { .features }
  public var parameters: [Parameter] { [] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    var farthest = (first: 0, second: 1, squared: -1.0)
    for first in 0..<candidates.count {
      for second in first + 1..<max(candidates.count, first + 1) {
        let squared = Self.squaredDistance(first, second, in: candidates)
        if squared > farthest.squared { farthest = (first, second, squared) }
      }
    }
    return .pair(Pair(first: farthest.first, second: farthest.second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    PairCriterion(count: candidates.count) { Self.squaredDistance($0, $1, in: candidates) }
  }

  /// Features are float32, so their squares neither overflow nor vanish as doubles.
  private static func squaredDistance(_ first: Int, _ second: Int, in candidates: Candidates) -> Double {
    let dimension = candidates.featureDimension
    let features = candidates.features
    let (firstRow, secondRow) = (first * dimension, second * dimension)
    var sum = 0.0
    for place in 0..<dimension {
      let difference = Double(features[firstRow + place]) - Double(features[secondRow + place])
      sum += difference * difference
    }
    return sum
  }
}

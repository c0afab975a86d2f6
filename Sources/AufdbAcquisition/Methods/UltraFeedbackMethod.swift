// `ultrafeedback`: the recipe of the UltraFeedback data set, best of four against one of the other three.

/// Four different responses at random; first = the best of them, second = one of the other three at random.
///
/// With k < 4 all k take part. Ties for the best go to the response drawn first. Draws, all of round 0: for m = 0, 1,
/// 2, 3 (as far as k goes) a = below(k - m), which names the a-th response, from 0, of those not drawn yet in index
/// order; then b = below(number drawn - 1), which names the b-th, in the order drawn, of those that aren't the best.
///
/// The paper's code stops with an error where k < 4.
public struct UltraFeedbackMethod: SelectionMethod {
  public static let name = "ultrafeedback"
  public static let summary = "the best of four random responses against a random one of the other three"
  public static let formula =
    "four random responses; first = the best of them, second = one of the other three at random"
  public static let source = "Cui et al., UltraFeedback, arXiv 2310.01377; in arXiv 2603.09692 as UltraFeedback"
  public static let criterionFormula: String? = "value of i, for i and j among the four"
  public static let parameterDefinitions: [ParameterDefinition] = [.rankingSource]
  public static let alternativeNeeds: [CandidateColumns] = RankingSource.allCases.map(\.columns)

  /// What the best is best by.
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
    var draws = random.draws(round: 0)
    let drawnCount = min(4, candidates.count)
    let drawn = Self.drawDistinct(drawnCount, of: candidates.count, &draws)

    var bestPlace = 0
    var bestValue = by.value(of: drawn[0], in: candidates)
    for place in 1..<drawnCount {
      let value = by.value(of: drawn[place], in: candidates)
      if value > bestValue {
        (bestPlace, bestValue) = (place, value)
      }
    }
    let otherPlace = draws.below(drawnCount - 1)
    let second = drawn[otherPlace < bestPlace ? otherPlace : otherPlace + 1]
    return .pair(Pair(first: drawn[bestPlace], second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    var draws = random.draws(round: 0)
    let drawnCount = min(4, candidates.count)
    let drawn = Self.drawDistinct(drawnCount, of: candidates.count, &draws)
    let among = (0..<drawnCount).map { drawn[$0] }
    return PairCriterion(count: candidates.count) { first, second in
      among.contains(first) && among.contains(second) ? by.value(of: first, in: candidates) : nil
    }
  }

  /// Draws up to four different indices of 0 ..< `count`, in the order drawn; the lanes after `drawnCount` mean
  /// nothing.
  private static func drawDistinct(_ drawnCount: Int, of count: Int, _ draws: inout DrawSequence) -> SIMD4<Int> {
    var drawn = SIMD4<Int>()
    // The same indices in ascending order: stepping over them turns a rank among the undrawn into an index.
    var ascending = SIMD4<Int>(repeating: .max)
    for drawNumber in 0..<drawnCount {
      var index = draws.below(count - drawNumber)
      var place = 0
      while place < drawNumber && index >= ascending[place] {
        index += 1
        place += 1
      }
      for later in stride(from: drawNumber, to: place, by: -1) {
        ascending[later] = ascending[later - 1]
      }
      ascending[place] = index
      drawn[drawNumber] = index
    }
    return drawn
  }
}

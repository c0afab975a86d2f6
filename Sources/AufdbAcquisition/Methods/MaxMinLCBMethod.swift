// `maxminlcb`: the response whose worst case against any rival is best, and that rival.

/// First = the response with the best pessimistic preference over its strongest rival, second = that rival.
///
/// With s_i = (u_i - l_i) / 2 and
///
///     lcb_ij = (r_i - r_j) - beta (s_i + s_j)        the least by which i may be better than j
///     second(i) = argmin of lcb_ij over j != i,      first = argmax of those minima
///
/// found in O(k): second(i) is the j != i of the largest r_j + beta s_j. Every i whose minimum lies within `tolerance`
/// of the largest is tied for first, every j whose lcb_ij lies within it of the minimum is tied for second.
///
/// Ties are broken by draws keyed by the prompt: of n > 1 tied for first, a = below(n) of round 0 names the a-th in
/// index order; likewise for second in round 1. A single one takes no draw. `tolerance` is in units of reward and
/// includes its end, so that 0 leaves exact ties only.
///
/// With `candidate-set` on, only responses take part that may still be the best: i is a candidate where
/// (r_i - r_j) + beta (s_i + s_j) > -decision-buffer for all j != i. Both of the pair are then candidates. A lone
/// candidate is first against its strongest rival among all responses; where there is none (two or more certain
/// responses share the highest reward) all take part, as with the set off.
///
/// Values are doubles, see `RewardIntervals`; the reference computes in float32. The reference's candidate set fails
/// as soon as it leaves anyone out: a response without rivals then counts as infinitely good, the comparison with
/// that infinity is undefined, and the first response comes out whatever it is, often paired with itself.
///
/// Source: B. Pasztor, P. Kassraie, A. Krause, "Bandits with Preference Feedback: A Stackelberg Game Perspective",
/// NeurIPS 2024 (arXiv 2406.16745); in arXiv 2603.09692 as MaxMinLCB. There lcb bounds a preference function of pairs;
/// here it is made of the responses' own bounds, added up.
public struct MaxMinLCBMethod: SelectionMethod {
  public static let name = "maxminlcb"
  public static let summary = "the response of the best worst case against any rival, and that rival"
  public static let formula =
    "first = argmax over i of min over j of (r_i - r_j) - beta (s_i + s_j); second = the j of that minimum"
  public static let source = "Pasztor, Kassraie and Krause, NeurIPS 2024, arXiv 2406.16745, as MaxMinLCB"
  public static let criterionFormula: String? =
    "(r_i - r_j) - beta (s_i + s_j), for the j that make it smallest for i"
  public static let parameterDefinitions: [ParameterDefinition] = [.beta, .tolerance, .candidateSet, .decisionBuffer]
  public static let alternativeNeeds: [CandidateColumns] = [.estimates]

  /// Whether responses that can't be the best are left out.
  public enum CandidateSet: String, Sendable, Hashable, CaseIterable {
    case on
    case off
  }

  /// How much uncertainty counts; finite, >= 0.
  public let beta: Double
  /// How far apart values may lie and still be tied; finite, >= 0.
  public let tolerance: Double
  public let candidateSet: CandidateSet
  /// By how much a response may miss being a candidate and still be one; finite, >= 0.
  public let decisionBuffer: Double

  /// - Throws: `ParameterError` for a value out of range.
  public init(
    beta: Double = 1, tolerance: Double = 1e-4, candidateSet: CandidateSet = .off, decisionBuffer: Double = 0
  ) throws(ParameterError) {
    self.beta = try ParameterDefinition.beta.checked(beta)
    self.tolerance = try ParameterDefinition.tolerance.checked(tolerance)
    self.candidateSet = candidateSet
    self.decisionBuffer = try ParameterDefinition.decisionBuffer.checked(decisionBuffer)
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    try self.init(
      beta: texts.real(.beta) ?? 1, tolerance: texts.real(.tolerance) ?? 1e-4,
      candidateSet: texts.word(.candidateSet) ?? .off, decisionBuffer: texts.real(.decisionBuffer) ?? 0)
  }

  public var needs: CandidateColumns { .estimates }
  public var parameters: [Parameter] {
    [
      Parameter(ParameterDefinition.beta.name, .real(beta)),
      Parameter(ParameterDefinition.tolerance.name, .real(tolerance)),
      Parameter(ParameterDefinition.candidateSet.name, .word(candidateSet.rawValue)),
      Parameter(ParameterDefinition.decisionBuffer.name, .real(decisionBuffer)),
    ]
  }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let contest = contest(candidates)
    let least = contest.bestWorstCase - tolerance
    let first = Self.choose(candidates.count, random, round: 0) {
      contest.mayBeFirst($0) && contest.worstCase(of: $0) >= least
    }
    let second = Self.choose(candidates.count, random, round: 1) {
      contest.isRival($0, of: first, tolerance: tolerance)
    }
    return .pair(Pair(first: first, second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let contest = contest(candidates)
    return PairCriterion(count: candidates.count) { first, second in
      guard contest.mayBeFirst(first), contest.isRival(second, of: first, tolerance: tolerance) else { return nil }
      return contest.intervals.low(first) - contest.intervals.high(second)
    }
  }

  private func contest(_ candidates: Candidates) -> LowerBoundContest {
    LowerBoundContest(
      RewardIntervals(candidates, beta: beta), decisionBuffer: candidateSet == .on ? decisionBuffer : nil)
  }

  /// One of the indices that `isTied` holds for, uniformly; there is at least one.
  private static func choose(
    _ count: Int, _ random: KeyedRandom, round: UInt32, _ isTied: (Int) -> Bool
  ) -> Int {
    var (tiedCount, first) = (0, 0)
    var index = 0
    while index < count {
      if isTied(index) {
        if tiedCount == 0 { first = index }
        tiedCount &+= 1
      }
      index &+= 1
    }
    guard tiedCount > 1 else { return first }
    var draws = random.draws(round: round)
    var left = draws.below(tiedCount)
    index = first
    while left > 0 {
      index &+= 1
      if isTied(index) { left &-= 1 }
    }
    return index
  }
}

/// Who of a prompt's responses takes part, and how badly each may fare against its strongest rival.
private struct LowerBoundContest {
  let intervals: RewardIntervals
  private let lows: TwoLargest
  private let highs: TwoLargest
  /// Nil where all may be first.
  private let firstsBuffer: Double?
  /// Nil where all may be second.
  private let rivalsBuffer: Double?
  /// The largest `worstCase` of those that may be first.
  private(set) var bestWorstCase = -Double.infinity

  /// - Parameter decisionBuffer: of the candidate set; nil where all take part.
  init(_ intervals: RewardIntervals, decisionBuffer: Double?) {
    self.intervals = intervals
    let count = intervals.count
    var lows = TwoLargest()
    var candidateCount = 0
    if let decisionBuffer {
      for index in 0..<count { lows.add(intervals.low(index), of: index) }
      for index in 0..<count where Self.isCandidate(index, intervals, lows, decisionBuffer) { candidateCount += 1 }
    }
    self.lows = lows
    firstsBuffer = candidateCount > 0 ? decisionBuffer : nil
    rivalsBuffer = candidateCount > 1 ? decisionBuffer : nil

    var highs = TwoLargest()
    var index = 0
    while index < count {
      if rivalsBuffer.map({ Self.isCandidate(index, intervals, lows, $0) }) ?? true {
        highs.add(intervals.high(index), of: index)
      }
      index &+= 1
    }
    self.highs = highs
    index = 0
    while index < count {
      if mayBeFirst(index) { bestWorstCase = max(bestWorstCase, worstCase(of: index)) }
      index &+= 1
    }
  }

  /// Whether nothing rules out that the response is better than all others.
  private static func isCandidate(
    _ index: Int, _ intervals: RewardIntervals, _ lows: TwoLargest, _ buffer: Double
  ) -> Bool {
    intervals.high(index) - lows.largest(otherThan: index) > -buffer
  }

  func mayBeFirst(_ index: Int) -> Bool {
    guard let firstsBuffer else { return true }
    return Self.isCandidate(index, intervals, lows, firstsBuffer)
  }

  /// The smallest lcb of the response against those that may be second.
  func worstCase(of index: Int) -> Double { intervals.low(index) - highs.largest(otherThan: index) }

  /// Whether `index` is the rival against which `first` fares worst, or nearly so.
  func isRival(_ index: Int, of first: Int, tolerance: Double) -> Bool {
    guard index != first, intervals.high(index) >= highs.largest(otherThan: first) - tolerance else { return false }
    guard let rivalsBuffer else { return true }
    return Self.isCandidate(index, intervals, lows, rivalsBuffer)
  }
}

extension ParameterDefinition {
  /// `tolerance`: when values count as tied.
  static let tolerance = ParameterDefinition(
    name: "tolerance", summary: "values this close are tied, and one of them is drawn; in units of reward",
    kind: .real(0...Double.greatestFiniteMagnitude), defaultText: "0.0001")

  /// `candidate-set`: whether to leave out who can't be the best.
  static let candidateSet = ParameterDefinition(
    name: "candidate-set", summary: "on: only responses that may still be the best take part",
    kind: .word(MaxMinLCBMethod.CandidateSet.allCases.map(\.rawValue)), defaultText: "off")

  /// `decision-buffer`: slack of the candidate set.
  static let decisionBuffer = ParameterDefinition(
    name: "decision-buffer", summary: "slack of the candidate set, in units of reward; only with candidate-set on",
    kind: .real(0...Double.greatestFiniteMagnitude), defaultText: "0.0")
}

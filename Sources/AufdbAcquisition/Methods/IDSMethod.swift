// `ids`: the best response against the challenger that costs least for what it teaches.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Information-directed sampling: first = the highest reward g, second = the challenger of the least information ratio.
///
/// Comparing g with z costs regret, in units of preference above a draw, and yields information. With
/// s_i = (u_i - l_i) / 2 as a standard deviation and d_z = r_g - r_z:
///
///     a   = max over x != g of sigma((r_x - r_g) + beta (s_x + s_g)) - 1/2    by how much g may fall short, or 0
///     h_z = (sigma(d_z) - 1/2) / 2                          what taking z instead of g for one of the two adds
///     I_z = 1/2 log(1 + sigma(d_z) (1 - sigma(d_z)) (s_g^2 + s_z^2))          information gained, in nats
///     ratio_z = min over p in (0, 1] of (a + p h_z)^2 / (p I_z)
///             = (a + h_z)^2 / I_z where a >= h_z (p = 1), otherwise 4 a h_z / I_z (p = a / h_z)
///     second = argmin of ratio_z
///
/// Ties go to the lowest index, for both. No draws. Ratios are compared by their logarithms, so that nothing
/// saturates; a is taken as at least 2^-200 and s_g^2 + s_z^2 as at least 2^-1000, so that a comparison without doubt
/// or without information still has its place: after the others, by the nearest reward. O(k), no allocation.
///
/// The definition is the approximate one of Kirschner and Krause for dueling bandits: only mixtures of "g against
/// itself" (probability 1 - p: no cost beyond a, no information) and "g against z" compete, which keeps it O(k),
/// where the ratio of Russo and Van Roy is minimised over all distributions of pairs. They bound the regret and the
/// information of a kernel model; here regret is on the scale of preference probabilities (the mean of how far both
/// fall short of the best, Zoghi et al. 2014), and I_z is that of a Gaussian reward difference seen through a
/// Bradley-Terry comparison, linearised (its Fisher information is p (1 - p)). A prompt here always yields a
/// comparison, never g against itself: it is the pair given that the mixture compares. The code of arXiv 2603.09692
/// multiplies by the information where it should divide, compares rewards themselves with 1/2, and may return g with
/// itself.
///
/// Sources: J. Kirschner, A. Krause, "Bias-Robust Bayesian Optimization via Dueling Bandits", ICML 2021 (arXiv
/// 2105.11802); D. Russo, B. Van Roy, "Learning to Optimize via Information-Directed Sampling", Operations Research
/// 66(1), 2018 (arXiv 1403.5556).
public struct IDSMethod: SelectionMethod {
  public static let name = "ids"
  public static let summary = "the highest reward against the challenger that costs least for what it teaches"
  public static let formula =
    "first = argmax r; second = argmin over z, p of (a + p h_z)^2 / (p I_z), regret squared by information"
  public static let source = "Kirschner and Krause, ICML 2021, arXiv 2105.11802; Russo and Van Roy, arXiv 1403.5556"
  public static let criterionFormula: String? = "-log of the information ratio of j, for i = argmax r"
  public static let parameterDefinitions: [ParameterDefinition] = [.beta]
  public static let alternativeNeeds: [CandidateColumns] = [.estimates]

  /// How much uncertainty counts in the regret; finite, >= 0.
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
    let intervals = RewardIntervals(candidates, beta: beta)
    let first = intervals.bestIndex
    let shortfall = Self.shortfall(intervals)
    var second = first == 0 ? 1 : 0
    var best = -Double.infinity
    for index in 0..<intervals.count where index != first {
      let value = Self.value(of: index, intervals, shortfall: shortfall)
      if value > best {
        (second, best) = (index, value)
      }
    }
    return .pair(Pair(first: first, second: second))
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    let intervals = RewardIntervals(candidates, beta: beta)
    let shortfall = Self.shortfall(intervals)
    return PairCriterion(count: candidates.count) { first, second in
      first == intervals.bestIndex ? Self.value(of: second, intervals, shortfall: shortfall) : nil
    }
  }

  /// a: by how much the best response may fall short of another, as a preference above 1/2.
  private static func shortfall(_ intervals: RewardIntervals) -> Double {
    var highest = -Double.infinity
    for index in 0..<intervals.count where index != intervals.bestIndex {
      highest = max(highest, intervals.high(index))
    }
    // sigma(x) - 1/2 = tanh(x / 2) / 2, which is exact for small x too.
    return max(tanh((highest - intervals.low(intervals.bestIndex)) * 0.5) * 0.5, 0x1p-200)
  }

  /// -log of the information ratio of a challenger.
  private static func value(of challenger: Int, _ intervals: RewardIntervals, shortfall: Double) -> Double {
    let difference = -intervals.reward(challenger)
    let extra = tanh(difference * 0.5) * 0.25
    let logSquaredRegret =
      shortfall >= extra ? 2 * log(shortfall + extra) : log(4 * shortfall) + log(extra)

    let (own, other) = (intervals.halfWidth(intervals.bestIndex), intervals.halfWidth(challenger))
    let logGain = BradleyTerry.logVariance(ofDifference: difference) + log(max(own * own + other * other, 0x1p-1000))
    // Below e^-40, log(1 + x) is x to the last bit; and e^logGain may be no double any more.
    let logInformation = logGain < -40 ? logGain - log(2) : log(0.5 * log1p(exp(logGain)))
    return logInformation - logSquaredRegret
  }
}

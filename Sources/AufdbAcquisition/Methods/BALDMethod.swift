// `bald`: the comparison whose outcome tells most about the reward model.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pair with the largest expected information gain of its comparison about the reward model.
///
/// Over what the model holds possible, with p = sigma(difference of the two rewards) and H the entropy of a coin of
/// that chance, in nats:
///
///     I_ij = H(mean p) - mean H(p)
///
/// large where the possibilities contradict each other, not merely where the outcome is open (a coin known to be fair
/// teaches nothing). The possibilities come from either of
///
///     heads       p_h = sigma(r_ih - r_jh) for the h heads of an ensemble, all equally likely
///     estimates   r_i - r_j Gaussian of mean r_i - r_j and variance (s_i^2 + s_j^2) / beta^2, s_i = (u_i - l_i) / 2
///
/// Assumptions: the judge decides by Bradley-Terry. With heads, they are draws from the model's posterior, and what
/// they share (a response all heads doubt together) is accounted for. With estimates, rewards are Gaussian and
/// independent, and a half width is `beta` standard deviations; responses of one prompt are alike, so that this
/// overrates what a comparison of two of them tells. `beta` plays no part with heads.
///
/// The pair is the smallest (i, j), i < j, of those with the largest I_ij; of its two responses the one of the higher
/// mean reward comes first (with heads: mean over the heads), of equals the lower index. No draws. I_ij is compared by
/// its logarithm and doesn't saturate: see `ComparisonInformation`, and for the expectation over the Gaussian
/// `GaussianComparison`. As a value for explanations it is in nats and underflows to 0 below e^-745. Pairs are passed
/// over whose I_ij can't be the largest by a bound that costs no exponentials, which changes nothing but the time:
/// O(k^2 h) with heads, O(k^2) with estimates.
///
/// Source: N. Houlsby, F. Huszar, Z. Ghahramani, M. Lengyel, "Bayesian Active Learning for Classification and
/// Preference Learning", 2011 (arXiv 1112.5745). The reference implementation has nothing like it.
public struct BALDMethod: SelectionMethod {
  public static let name = "bald"
  public static let summary = "the comparison expected to tell most about the reward model"
  public static let formula = "argmax of H(mean p) - mean H(p), p = sigma(r_i - r_j) over the heads or a Gaussian"
  public static let source = "Houlsby, Huszar, Ghahramani and Lengyel, arXiv 1112.5745, as BALD"
  public static let criterionFormula: String? = "H(mean p) - mean H(p), in nats"
  public static let parameterDefinitions: [ParameterDefinition] = [.uncertaintySource, .deviationsPerHalfWidth]
  public static let alternativeNeeds: [CandidateColumns] = UncertaintySource.allCases.map(\.columns)

  /// Where the possibilities come from.
  public let from: UncertaintySource
  /// How many standard deviations half the distance of the bounds stands for; 0.001 ... 1000.
  public let beta: Double

  /// - Throws: `ParameterError` for a value out of range.
  public init(from: UncertaintySource = .estimates, beta: Double = 1) throws(ParameterError) {
    self.from = from
    self.beta = try ParameterDefinition.deviationsPerHalfWidth.checked(beta)
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    try self.init(
      from: texts.word(.uncertaintySource) ?? .preferred(among: texts.available),
      beta: texts.real(.deviationsPerHalfWidth) ?? 1)
  }

  public var needs: CandidateColumns { from.columns }
  public var parameters: [Parameter] {
    [
      Parameter(ParameterDefinition.uncertaintySource.name, .word(from.rawValue)),
      Parameter(ParameterDefinition.deviationsPerHalfWidth.name, .real(beta)),
    ]
  }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    let best = ComparisonInformation.with(capacity: capacity(candidates)) { information in
      switch from {
      case .heads:
        Self.argmax(
          candidates.count, bound: { HeadComparison(candidates, $0, $1).logBound },
          value: { HeadComparison(candidates, $0, $1).logInformation(&information) })
      case .estimates:
        Self.argmax(
          candidates.count, bound: { gaussian(candidates, $0, $1).logBound },
          value: { gaussian(candidates, $0, $1).logInformation(&information) })
      }
    }
    let isReversed = reward(best.second, candidates) > reward(best.first, candidates)
    return .pair(isReversed ? Pair(first: best.second, second: best.first) : best)
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    ComparisonInformation.with(capacity: capacity(candidates)) { information in
      PairCriterion(count: candidates.count) { first, second in
        // One computation for both orders, so that they agree to the last bit.
        let (low, high) = (min(first, second), max(first, second))
        return switch from {
        case .heads: exp(HeadComparison(candidates, low, high).logInformation(&information))
        case .estimates: exp(gaussian(candidates, low, high).logInformation(&information))
        }
      }
    }
  }

  /// The first (i, j), i < j, of the largest value.
  ///
  /// - Parameter bound: never below `value` but by rounding, and cheap.
  private static func argmax(
    _ count: Int, bound: (Int, Int) -> Double, value: (Int, Int) -> Double
  ) -> Pair {
    // The pair of the largest bound is likely to be good, so that the others needn't be looked at closely.
    var (best, highestBound) = (Pair(first: 0, second: 1), -Double.infinity)
    for first in 0..<count {
      for second in first + 1..<max(first + 1, count) {
        let bound = bound(first, second)
        if bound > highestBound { (best, highestBound) = (Pair(first: first, second: second), bound) }
      }
    }
    var bestValue = value(best.first, best.second)
    for first in 0..<count {
      for second in first + 1..<max(first + 1, count) {
        if (first, second) == (best.first, best.second) { continue }
        // Far more than rounding or quadrature could make out.
        if bound(first, second) + 1e-5 < bestValue { continue }
        let value = value(first, second)
        if value > bestValue || value == bestValue && (first, second) < (best.first, best.second) {
          (best, bestValue) = (Pair(first: first, second: second), value)
        }
      }
    }
    return best
  }

  private func capacity(_ candidates: Candidates) -> Int {
    from == .heads ? candidates.headCount : GaussianComparison.capacity
  }

  private func gaussian(_ candidates: Candidates, _ first: Int, _ second: Int) -> GaussianComparison {
    let widths = [first, second].lazy.map { Double(candidates.upper[$0]) - Double(candidates.lower[$0]) }
    let squares = widths[0] * widths[0] + widths[1] * widths[1]
    return GaussianComparison(
      mean: Double(candidates.rewards[first]) - Double(candidates.rewards[second]),
      deviation: squares.squareRoot() * 0.5 / beta)
  }

  /// The mean reward of a response, up to a factor that all of them share.
  private func reward(_ index: Int, _ candidates: Candidates) -> Double {
    guard from == .heads else { return Double(candidates.rewards[index]) }
    var sum = 0.0
    for head in 0..<candidates.headCount { sum += Double(candidates.heads[index * candidates.headCount + head]) }
    return sum
  }
}

/// The differences of two responses' rewards by the heads of an ensemble.
private struct HeadComparison {
  private let first: UnsafePointer<Float>?
  private let second: UnsafePointer<Float>?
  private let count: Int

  init(_ candidates: Candidates, _ first: Int, _ second: Int) {
    let count = candidates.headCount
    self.count = count
    self.first = candidates.heads.baseAddress.map { $0 + first * count }
    self.second = candidates.heads.baseAddress.map { $0 + second * count }
  }

  private func difference(_ head: Int) -> Double {
    guard let first, let second else { return 0 }
    return Double(first[head]) - Double(second[head])
  }

  /// At least `logInformation`: variance / 2 times the largest p (1 - p) between any two of the differences. As the
  /// bound of `GaussianComparison`, but that differences of one sign are at least their smallest size m apart from 0,
  /// where p (1 - p) < e^-m.
  var logBound: Double {
    let origin = difference(0)
    var (sum, squares, smallest, largest) = (0.0, 0.0, origin, origin)
    for head in 0..<count {
      let difference = difference(head)
      let distance = difference - origin
      sum += distance
      squares += distance * distance
      smallest = min(smallest, difference)
      largest = max(largest, difference)
    }
    let mean = sum / Double(count)
    // The subtraction may lose what is left; the bound mustn't.
    let variance = max(squares / Double(count) - mean * mean, 0) + squares * 1e-12
    return log(variance / 2) + min(-log(4), -max(smallest, -largest))
  }

  func logInformation(_ information: inout ComparisonInformation) -> Double {
    var (sum, smallest, largest) = (0.0, Double.infinity, -Double.infinity)
    for head in 0..<count {
      let difference = difference(head)
      sum += difference
      smallest = min(smallest, difference)
      largest = max(largest, difference)
    }
    // Which of the two is called first doesn't matter; the likelier one is.
    let sign = sum < 0 ? -1.0 : 1.0
    information.removeAll(smallest: sum < 0 ? -largest : smallest)
    for head in 0..<count { information.add(sign * difference(head), weight: 1) }
    return information.logInformation()
  }
}

extension ParameterDefinition {
  /// `beta`, of a model whose bounds are so many standard deviations from the mean.
  static let deviationsPerHalfWidth = ParameterDefinition(
    name: "beta", summary: "standard deviations from a reward to its bound; only with estimates",
    kind: .real(0.001...1000), defaultText: "1.0")
}

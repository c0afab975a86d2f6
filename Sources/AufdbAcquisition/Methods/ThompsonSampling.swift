// What `drts` is made of: random draws of what each response's reward may be, and the response that comes out on top.

/// One prompt's candidates, drawn from as often as a method likes.
///
/// A draw gives response i the value `sign` * r_i + beta * s_i * z_i, where s_i = (u_i - l_i) / 2 is the half-width
/// of its bounds and z_i is uniform in (-1, 1), new for each response and round. Values are doubles, computed from
/// the float32 columns as written, left to right: so nothing overflows, and adding a constant to all numbers of a
/// prompt changes no pick but for rounding.
struct ThompsonSampling {
  /// Which end of the rewards a draw looks for.
  enum Direction: Double {
    case best = 1
    case worst = -1
  }

  let candidates: Candidates
  let beta: Double
  let random: KeyedRandom

  /// The value of one response in the draw of `round`.
  private func value(_ direction: Direction, of index: Int, _ word: UInt32) -> Double {
    let halfWidth = (Double(candidates.upper[index]) - Double(candidates.lower[index])) * 0.5
    let noise = beta * halfWidth * Double(KeyedRandom.signedUnit(word))
    return direction.rawValue * Double(candidates.rewards[index]) + noise
  }

  /// The index of the largest value in the draw of `round`, the lowest index of equals; z_i is draw i of that round.
  /// - Complexity: O(k), no allocation.
  func argmax(_ direction: Direction, round: UInt32) -> Int {
    var best = 0
    var bestValue = -Double.infinity
    var words = SIMD4<UInt32>()
    var index = 0
    while index < candidates.count {
      if index & 3 == 0 {
        words = random.block(UInt32(truncatingIfNeeded: index &>> 2), round: round)
      }
      let value = value(direction, of: index, words[index & 3])
      if value > bestValue {
        (best, bestValue) = (index, value)
      }
      index &+= 1
    }
    return best
  }

  /// Draws in rounds 1, 2, ... `maxIterations` until another response than `first` comes out, and otherwise takes one
  /// of the others uniformly: a = below(k - 1) of round 2^32 - 1, and a + 1 where a >= `first`.
  ///
  /// - Complexity: O(k) expected where the draw is spread, O(k * maxIterations) at worst.
  func argmax(_ direction: Direction, otherThan first: Int, maxIterations: Int) -> Int {
    if let round = acceptedRound(direction, otherThan: first, maxIterations: maxIterations) { return round.index }
    var draws = random.draws(round: Self.fallbackRound)
    let other = draws.below(candidates.count - 1)
    return other < first ? other : other + 1
  }

  /// The first of the rounds 1 ... `maxIterations` whose largest value isn't that of `first`, and whose it is.
  private func acceptedRound(
    _ direction: Direction, otherThan first: Int, maxIterations: Int
  ) -> (round: UInt32, index: Int)? {
    var round: UInt32 = 0
    while round < maxIterations {
      round &+= 1
      let index = argmax(direction, round: round)
      if index != first { return (round, index) }
    }
    return nil
  }

  /// The sum of the value of i in the first draw and of j in the draw that was taken for the second response; no pair
  /// has a value where that one was chosen uniformly.
  func criterion(second direction: Direction, maxIterations: Int) -> PairCriterion {
    let first = argmax(.best, round: 0)
    guard let accepted = acceptedRound(direction, otherThan: first, maxIterations: maxIterations) else {
      return .none(count: candidates.count)
    }
    let (firstValues, secondValues) = (values(.best, round: 0), values(direction, round: accepted.round))
    return PairCriterion(count: candidates.count) { firstValues[$0] + secondValues[$1] }
  }

  private func values(_ direction: Direction, round: UInt32) -> [Double] {
    (0..<candidates.count).map { index in
      value(direction, of: index, random.block(UInt32(truncatingIfNeeded: index &>> 2), round: round)[index & 3])
    }
  }

  /// A round of its own, so that the uniform choice doesn't depend on how many rounds went before.
  private static var fallbackRound: UInt32 { .max }
}

extension ParameterDefinition {
  /// `beta`: how much uncertainty counts.
  static let beta = ParameterDefinition(
    name: "beta", summary: "how much uncertainty counts; 0 is greedy",
    kind: .real(0...Double.greatestFiniteMagnitude), defaultText: "1.0")

  /// `max-iterations`: how often the second response is drawn. The limit is far beyond use, and bounds the time.
  static let maxIterations = ParameterDefinition(
    name: "max-iterations", summary: "draws of the second response until it differs; then a uniform choice",
    kind: .integer(0...1_000_000), defaultText: "30")
}

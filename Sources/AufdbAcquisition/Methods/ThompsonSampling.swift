// What `dts`, `drts` and `infogain` are made of: random draws of what each response's reward may be, and the response
// that comes out on top.

/// One prompt's candidates, drawn from as often as a method likes.
///
/// A draw gives response i the value sign * r_i + beta * s_i * z_i, where the sign is that of the direction, s_i =
/// (u_i - l_i) / 2 is the half-width of its bounds, and z_i is uniform in (-1, 1), new for each response and round:
/// draw i of the round. Values are doubles, computed from the float32 columns as written, left to right: so nothing
/// overflows, and adding a constant to all numbers of a prompt changes no pick but for rounding.
///
/// Responses that can't come out on top are passed over, and the blocks of random numbers that only they would use are
/// never computed, which is most of the time a draw takes. That changes no result: rounding keeps order, so a value is
/// never above sign * r_i + beta * s_i nor below sign * r_i - beta * s_i as they are computed here.
struct ThompsonSampling {
  /// Which end of the rewards a draw looks for.
  enum Direction: Double {
    case best = 1
    case worst = -1
  }

  let candidates: Candidates
  let direction: Direction
  let beta: Double
  let random: KeyedRandom
  /// What the largest value of any draw is never below: the largest of all the lowest possible values.
  private let floor: Double

  /// Complexity: O(k), no allocation.
  init(_ direction: Direction, _ candidates: Candidates, beta: Double, random: KeyedRandom) {
    self.candidates = candidates
    self.direction = direction
    self.beta = beta
    self.random = random
    var floor = -Double.infinity
    for index in 0..<candidates.count {
      let lowest =
        Self.centre(direction, candidates, index) - Self.spread(beta, candidates, index)
      if lowest > floor { floor = lowest }
    }
    self.floor = floor
  }

  private static func centre(_ direction: Direction, _ candidates: Candidates, _ index: Int) -> Double {
    direction.rawValue * Double(candidates.rewards[index])
  }

  private static func spread(_ beta: Double, _ candidates: Candidates, _ index: Int) -> Double {
    beta * ((Double(candidates.upper[index]) - Double(candidates.lower[index])) * 0.5)
  }

  /// Whether any draw can make this response's value the largest.
  private func isContender(centre: Double, spread: Double) -> Bool { centre + spread >= floor }

  /// The index of the largest value in the draw of `round`, the lowest index of equals.
  /// - Complexity: O(k), no allocation.
  func argmax(round: UInt32) -> Int {
    var best = 0
    var bestValue = -Double.infinity
    var words = SIMD4<UInt32>()
    var wordsBlock = -1
    var index = 0
    while index < candidates.count {
      let centre = Self.centre(direction, candidates, index)
      let spread = Self.spread(beta, candidates, index)
      if isContender(centre: centre, spread: spread) {
        let block = index &>> 2
        if block != wordsBlock {
          words = random.block(UInt32(truncatingIfNeeded: block), round: round)
          wordsBlock = block
        }
        let value = centre + spread * Double(KeyedRandom.signedUnit(words[index & 3]))
        if value > bestValue {
          (best, bestValue) = (index, value)
        }
      }
      index &+= 1
    }
    return best
  }

  /// Draws in rounds 1, 2, ... `maxIterations` until another response than `first` comes out, and otherwise takes one
  /// of the others uniformly: a = below(k - 1) of round 2^32 - 1, and a + 1 where a >= `first`.
  ///
  /// - Complexity: O(k) where the draw is spread or no other response can win, O(k * maxIterations) at worst.
  func argmax(otherThan first: Int, maxIterations: Int) -> Int {
    if let accepted = acceptedRound(otherThan: first, maxIterations: maxIterations) { return accepted.index }
    var draws = random.draws(round: Self.fallbackRound)
    let other = draws.below(candidates.count - 1)
    return other < first ? other : other + 1
  }

  /// The first of the rounds 1 ... `maxIterations` whose largest value isn't that of `first`, and whose it is.
  private func acceptedRound(otherThan first: Int, maxIterations: Int) -> (round: UInt32, index: Int)? {
    guard hasContender(otherThan: first) else { return nil }
    var round: UInt32 = 0
    while round < maxIterations {
      round &+= 1
      let index = argmax(round: round)
      if index != first { return (round, index) }
    }
    return nil
  }

  /// Whether any draw can give another response than `first`; one that can do no better than tie needs a lower index.
  private func hasContender(otherThan first: Int) -> Bool {
    let lowestOfFirst = Self.centre(direction, candidates, first) - Self.spread(beta, candidates, first)
    return (0..<candidates.count).contains { index in
      let centre = Self.centre(direction, candidates, index)
      let spread = Self.spread(beta, candidates, index)
      return index != first && isContender(centre: centre, spread: spread)
        && (centre + spread > lowestOfFirst || index < first)
    }
  }

  /// The sum of the value of i in the first draw, `self`'s round 0, and of j in that draw of `second` which was taken
  /// for the second response; no pair has a value where that one was chosen uniformly.
  func criterion(second: ThompsonSampling, maxIterations: Int) -> PairCriterion {
    guard let accepted = second.acceptedRound(otherThan: argmax(round: 0), maxIterations: maxIterations) else {
      return .none(count: candidates.count)
    }
    let (firstValues, secondValues) = (values(round: 0), second.values(round: accepted.round))
    return PairCriterion(count: candidates.count) { firstValues[$0] + secondValues[$1] }
  }

  private func values(round: UInt32) -> [Double] {
    (0..<candidates.count).map { index in
      let word = random.block(UInt32(truncatingIfNeeded: index &>> 2), round: round)[index & 3]
      return Self.centre(direction, candidates, index)
        + Self.spread(beta, candidates, index) * Double(KeyedRandom.signedUnit(word))
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

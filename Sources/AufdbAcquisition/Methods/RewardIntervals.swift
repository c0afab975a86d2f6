// What `maxminlcb`, `rucb` and `ids` are made of: an interval of plausible rewards around each response's reward.

/// One prompt's candidates with the interval r_i - beta s_i ... r_i + beta s_i of each, where s_i = (u_i - l_i) / 2.
///
/// All numbers are doubles counted from the prompt's highest reward. The distance of two float32 rewards is exact in
/// double unless they differ vastly in size, so that adding a constant to all numbers of a prompt changes nothing but
/// by the rounding of the addition itself, whatever beta is.
struct RewardIntervals {
  let candidates: Candidates
  /// The response of the highest reward, the lowest index of equals.
  let bestIndex: Int
  private let highestReward: Double
  private let beta: Double

  /// - Precondition: the candidates have rewards and bounds, and k >= 1.
  /// - Complexity: O(k).
  init(_ candidates: Candidates, beta: Double) {
    self.candidates = candidates
    // Beyond 2^800 beta s drowns every reward in any case unless s is 0; the limit keeps products and sums finite.
    self.beta = min(beta, 0x1p800)
    var best = 0
    var index = 1
    while index < candidates.count {
      if candidates.rewards[index] > candidates.rewards[best] { best = index }
      index &+= 1
    }
    bestIndex = best
    highestReward = Double(candidates.rewards[best])
  }

  var count: Int { candidates.count }

  /// r_i less the highest reward: never above 0.
  func reward(_ index: Int) -> Double { Double(candidates.rewards[index]) - highestReward }

  /// s_i.
  func halfWidth(_ index: Int) -> Double {
    (Double(candidates.upper[index]) - Double(candidates.lower[index])) * 0.5
  }

  /// r_i - beta s_i, less the highest reward.
  func low(_ index: Int) -> Double { reward(index) - beta * halfWidth(index) }

  /// r_i + beta s_i, less the highest reward.
  func high(_ index: Int) -> Double { reward(index) + beta * halfWidth(index) }
}

/// The largest of some responses' values, and the largest among all the others.
///
/// That is enough to know, for every response in O(1), the largest value of those that aren't it.
struct TwoLargest {
  private(set) var index = -1
  private(set) var largest = -Double.infinity
  private(set) var next = -Double.infinity

  /// Takes in the value of one more response.
  mutating func add(_ value: Double, of index: Int) {
    if value > largest || self.index < 0 {
      (self.index, largest, next) = (index, value, largest)
    } else if value > next {
      next = value
    }
  }

  /// The largest value of the responses other than this one; minus infinity where there is none.
  func largest(otherThan index: Int) -> Double { self.index == index ? next : largest }
}

// Random candidates from a seed, and short ways to ask about candidates.

import AufdbAcquisition
import AufdbTestSupport

extension SeededGenerator {
  /// Candidates with all columns: multiples of 1/16 of at most 16 in size, so that adding a small whole number is
  /// exact.
  mutating func storage(count: Int) -> CandidateStorage {
    var storage = CandidateStorage()
    for _ in 0..<count {
      let reward = sixteenths(-128...128)
      storage.append(reward: reward, lower: reward - sixteenths(0...64), upper: reward + sixteenths(0...64))
      storage.scores.append(Double(Int.random(in: 1...10, using: &self)))
      storage.textLengths.append(Int.random(in: 0...2000, using: &self))
      storage.append(model: "model-\(Int.random(in: 0..<max(2, count / 2), using: &self))".utf8)
      for _ in 0..<5 { storage.heads.append(reward + sixteenths(-64...64)) }
      for _ in 0..<7 { storage.features.append(sixteenths(-32...32)) }
    }
    return storage
  }

  private mutating func sixteenths(_ range: ClosedRange<Int>) -> Float {
    Float(Int.random(in: range, using: &self)) / 16
  }
}

extension CandidateStorage {
  /// Candidates of estimates alone.
  init(rewards: [Float], lower: [Float], upper: [Float]) {
    self.init()
    count = rewards.count
    self.rewards = rewards
    self.lower = lower
    self.upper = upper
  }

  /// Candidates of scores alone.
  init(scores: [Double]) {
    self.init()
    count = scores.count
    self.scores = scores
  }

  /// The pair picked, or nil where the prompt is skipped.
  func pair(
    by method: any SelectionMethod, seed: UInt64 = 42, promptID: String = "p1"
  ) throws(CandidatesError) -> Pair? {
    switch try select(by: method, random: method.randomKey(seed: seed).prompt(promptID)) {
    case .pair(let pair): pair
    case .skipped: nil
    }
  }
}

extension SelectionMethods {
  /// Makes a method with its defaults, and the models that random candidates have where it must be told any.
  static func makeForTests(_ name: String) throws(MethodError) -> any SelectionMethod {
    var texts: [String: String] = [:]
    for (number, parameter) in (all.first { $0.name == name }?.parameterDefinitions ?? []).enumerated()
    where parameter.defaultText == nil {
      texts[parameter.name] = "model-\(number)"
    }
    return try make(name, parameters: texts)
  }
}

/// All lists of `count` elements of `elements`.
func allLists<Element>(of elements: [Element], count: Int) -> [[Element]] {
  (0..<count).reduce([[]]) { lists, _ in lists.flatMap { list in elements.map { list + [$0] } } }
}

/// All intervals with both ends on a grid.
func allBounds(on grid: [Float]) -> [(lower: Float, upper: Float)] {
  grid.flatMap { low in grid.filter { $0 >= low }.map { (low, $0) } }
}

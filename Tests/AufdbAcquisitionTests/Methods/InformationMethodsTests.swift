// `infomax` and `infogain` against their formula by another road, and where that formula would saturate.

import AufdbAcquisition
import AufdbTestSupport
import Testing

@Suite struct InformationMethodsTests {
  static let tiny = Float.leastNonzeroMagnitude

  static func storage(_ bounds: [(lower: Float, upper: Float)], rewards: [Float]) -> CandidateStorage {
    CandidateStorage(rewards: rewards, lower: bounds.map(\.lower), upper: bounds.map(\.upper))
  }

  /// The definition: the first pair of the largest v, the higher reward first. Odds within 1e-12 of each other are
  /// exact ties on the grids that this is used for.
  static func bruteForce(_ storage: CandidateStorage) -> Pair? {
    let gap = ReferenceGap(lower: storage.lower, upper: storage.upper)
    let largest = gap.largestOdds
    return gap.pairs.first { gap.odds($0.first, $0.second) >= largest * (1 - 1e-12) }.map {
      storage.rewards[$0.second] > storage.rewards[$0.first]
        ? Pair(first: $0.second, second: $0.first) : Pair(first: $0.first, second: $0.second)
    }
  }

  /// All bounds and rewards of two and three responses, and all bounds of four.
  @Test func smallSpacesAgreeWithTheFormula() throws {
    let bounds = allBounds(on: [-1, 0, 1])
    for count in 2...4 {
      let allRewards = count == 4 ? [[0, 1, 0, 1]] : allLists(of: [Float(-1), 0, 1], count: count)
      for intervals in allLists(of: bounds, count: count) {
        for rewards in allRewards {
          let storage = Self.storage(intervals, rewards: rewards)
          #expect(try storage.pair(by: InfoMaxMethod()) == Self.bruteForce(storage), "\(intervals) \(rewards)")
        }
      }
    }
  }

  /// Widths from hair-thin to far beyond where sigma saturates, and bounds farther apart than odds are compared by.
  @Test(arguments: [UInt64(1)], [Float(1e-3), 1, 30, 140, 300, 600])
  func thePairIsTheWidestAtAnyScale(seed: UInt64, scale: Float) throws {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<100 {
      let bounds = (0..<number % 20 + 2).map { _ in
        let middle = Float.random(in: -0.5...0.5, using: &generator) * scale
        let half = Float.random(in: 0...0.08, using: &generator) * [1, scale][number % 2]
        return (lower: middle - half, upper: middle + half)
      }
      let storage = Self.storage(bounds, rewards: bounds.map(\.lower))
      let gap = ReferenceGap(lower: storage.lower, upper: storage.upper)
      let pair = try #require(try storage.pair(by: InfoMaxMethod()))
      #expect(gap.odds(pair.first, pair.second) >= gap.largestOdds * (1 - 1e-12), "seed \(seed): \(bounds)")
      let chosen = try #require(try storage.pair(by: InfoGainMethod(), seed: seed, promptID: "p\(number)"))
      let largest = bounds.indices.filter { $0 != chosen.first }.map { gap.odds(chosen.first, $0) }.max()
      #expect(gap.odds(chosen.first, chosen.second) >= (largest ?? 0) * (1 - 1e-12), "seed \(seed): \(bounds)")
    }
  }

  /// `infogain` is argmax of the documented draw, then the first j of the largest v with it.
  @Test func infoGainFollowsItsDraw() throws {
    let bounds = allBounds(on: [-1, 0, 1])
    for count in 2...3 {
      for (number, intervals) in allLists(of: bounds, count: count).enumerated() {
        let rewards = (0..<count).map { Float((number + $0 * $0) % 3) / 2 }
        let storage = Self.storage(intervals, rewards: rewards)
        let method = try InfoGainMethod(beta: 1.5)
        let random = method.randomKey(seed: 42).prompt("p\(number)")
        let first = DocumentedDraw(storage, beta: 1.5, random: random).argmax(sign: 1, round: 0)
        let gap = ReferenceGap(lower: storage.lower, upper: storage.upper)
        let others = (0..<count).filter { $0 != first }
        let largest = others.map { gap.odds(first, $0) }.max() ?? 0
        let second = others.first { gap.odds(first, $0) >= largest * (1 - 1e-12) }
        #expect(
          try storage.pair(by: method, seed: 42, promptID: "p\(number)")
            == second.map { Pair(first: first, second: $0) }, "\(intervals) \(rewards)")
      }
    }
  }

  /// Where sigma of every difference is 1 or 0 in doubles, the widest still wins.
  @Test(
    arguments: [
      // Both wide: the one that overlaps more of the third.
      ([(-50, 50), (-60, 60), (-40, 40)], 0, 1), ([(0, 90), (0, 100), (0, 110)], 1, 2),
      // v is 1/2 less a little, e^-40 or e^-80, which doubles can't tell from 1/2.
      ([(0, 0), (0, 40), (1000, 1000), (1000, 1080)], 2, 3), ([(-40, -40), (-40, 0), (40, 40), (-40, 40)], 1, 3),
      // Far apart: v is e^-300 and less; the narrow gap and the larger width win.
      ([(0, 0.1), (300, 300.1), (610, 610.2)], 0, 1), ([(0, 0), (500, 500), (1000, 1000.5)], 1, 2),
      ([(0, 1), (1500, 1501), (-1490, -1489)], 0, 2),
      // Floats at the ends of their range.
      ([(-3e38, 3e38), (-1e38, 1e38), (0, 1)], 0, 1), ([(0, 1), (-3e38, 3e38), (-3.1e38, 3.1e38)], 1, 2),
      ([(0, 0), (0, tiny), (0, 2 * tiny)], 1, 2), ([(0, tiny), (1, 1), (0, 0)], 0, 2),
      ([(3e38, 3e38), (1e38, 1e38), (-tiny, 0)], 1, 2),
    ] as [([(Float, Float)], Int, Int)])
  func nothingSaturates(bounds: [(Float, Float)], first: Int, second: Int) throws {
    let intervals = bounds.map { (lower: $0.0, upper: $0.1) }
    let storage = Self.storage(intervals, rewards: bounds.map { _ in 0 })
    #expect(try storage.pair(by: InfoMaxMethod()) == Pair(first: first, second: second))
  }

  /// Differences of 1e30 swallow widths of 0.25 and 0.5, but not their comparison; nor a tie.
  @Test func whatLargeNumbersSwallowStillDecides() throws {
    let bounds: [(lower: Float, upper: Float)] = [(1e30, 1e30), (0, 0.25), (0, 0.5), (0, 0.5)]
    let storage = Self.storage(bounds, rewards: [1e30, 0, 0, 0])
    #expect(try storage.pair(by: InfoGainMethod()) == Pair(first: 0, second: 2))
  }

  /// Values to show: about v where it is small, still growing where v rounds to 1, and always finite.
  @Test func valuesNeitherSaturateNorOverflow() throws {
    let bounds: [(lower: Float, upper: Float)] = [(0, 0), (0, 0), (0, 1e-6), (-2e38, 2e38), (-1000, 1000), (-990, 990)]
    let storage = Self.storage(bounds, rewards: bounds.map { _ in 0 })
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      let criterion = InfoMaxMethod().criterion(candidates, random: InfoMaxMethod().randomKey(seed: 0).prompt("p"))
      #expect(criterion[0, 1] == 0)
      // v = e / 4 to first order in the width e.
      #expect(abs((criterion[0, 2] ?? 0) / Double(Float(1e-6) / 4) - 1) < 1e-5)
      #expect(criterion[2, 0] == criterion[0, 2])
      // Both differences are 1990, of which log 2 goes off for the two exponentials in the denominator.
      #expect(abs((criterion[4, 5] ?? 0) - (1990 - 0.693_147_180_559_945)) < 1e-9)
      let values = (0..<36).compactMap { criterion[$0 / 6, $0 % 6] }
      #expect(values.allSatisfy { $0.isFinite && $0 >= 0 })
      #expect(values.count == 30)
    }
  }

  /// All equal: the first two, or first and the first other.
  @Test(arguments: [(Float(0), Float(0)), (-1, 1), (-1e38, 1e38), (0, tiny)] as [(Float, Float)])
  func allEqualGivesTheFirst(lower: Float, upper: Float) throws {
    let bounds = [(lower: Float, upper: Float)](repeating: (lower, upper), count: 5)
    let storage = Self.storage(bounds, rewards: [0, 0, 0, 0, 0])
    #expect(try storage.pair(by: InfoMaxMethod()) == Pair(first: 0, second: 1))
    for number in 0..<20 {
      let pair = try #require(try storage.pair(by: InfoGainMethod(), promptID: "p\(number)"))
      #expect(pair.second == (pair.first == 0 ? 1 : 0))
    }
  }

  /// Pairs mirrored or repeated tie exactly, whatever rounding does to their exponentials: the first one wins.
  @Test(arguments: [UInt64(31)], [Float(128), 512])
  func exactTiesGoToTheFirst(seed: UInt64, total: Float) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let ends = (0..<4).map { _ in Float(Int.random(in: -2000...2000, using: &generator)) / 256 }
      let one = (lower: min(ends[0], ends[1]), upper: max(ends[0], ends[1]))
      let other = (lower: min(ends[2], ends[3]), upper: max(ends[2], ends[3]))
      // Far off, so that pairs across are narrower than those within; by 512 beyond where odds are compared as such.
      let mirrored = [one, other].map { (lower: total - $0.upper, upper: total - $0.lower) }
      let bounds = [one, other] + mirrored
      #expect(
        try Self.storage(bounds, rewards: [0, 0, 0, 0]).pair(by: InfoMaxMethod()) == Pair(first: 0, second: 1),
        "seed \(seed): \(bounds)")
      let swapped = mirrored + [one, other]
      #expect(
        try Self.storage(swapped, rewards: [0, 1, 0, 0]).pair(by: InfoMaxMethod()) == Pair(first: 1, second: 0),
        "seed \(seed): \(swapped)")
    }
  }

  /// With beta = 0 first is the highest reward, the lowest index of equals.
  @Test func infoGainWithoutBetaStartsAtTheBest() throws {
    let method = try InfoGainMethod(beta: -0.0)
    #expect(method.parameters.map(\.value.text) == ["0.0"])
    for rewards in allLists(of: [Float(-1), 0, 2], count: 4) {
      let storage = CandidateStorage(rewards: rewards, lower: rewards.map { $0 - 9 }, upper: rewards.map { $0 + 9 })
      #expect(try storage.pair(by: method)?.first == rewards.firstIndex(of: rewards.max() ?? 0), "\(rewards)")
    }
  }
}

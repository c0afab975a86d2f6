// `dopt` against log-determinants of whole matrices.

import AufdbAcquisition
import AufdbTestSupport
import Foundation
import Testing

@Suite struct DOptMethodTests {
  /// log det(E + sum of w_ab (f_a - f_b)(f_a - f_b)') over the pairs given, by a Cholesky factor of the d x d matrix.
  static func logDeterminant(
    _ storage: CandidateStorage, _ pairs: [(Int, Int)], _ weight: DOptMethod.Weight
  ) -> Double {
    let dimension = storage.features.count / storage.count
    var matrix = (0..<dimension).map { row in (0..<dimension).map { $0 == row ? 1.0 : 0 } }
    for (a, b) in pairs {
      let difference = (0..<dimension).map {
        Double(storage.features[a * dimension + $0]) - Double(storage.features[b * dimension + $0])
      }
      var share = 0.25
      if weight == .rewards {
        let p = 1 / (1 + exp(Double(storage.rewards[b]) - Double(storage.rewards[a])))
        share = p * (1 - p)
      }
      for row in 0..<dimension {
        for column in 0..<dimension { matrix[row][column] += share * difference[row] * difference[column] }
      }
    }
    var sum = 0.0
    for step in 0..<dimension {
      let root = matrix[step][step].squareRoot()
      sum += 2 * log(root)
      for row in step..<dimension { matrix[row][step] /= root }
      for row in step + 1..<max(step + 1, dimension) {
        for column in step + 1...row { matrix[row][column] -= matrix[row][step] * matrix[column][step] }
      }
    }
    return sum
  }

  static func storage(_ features: [[Float]], rewards: [Float]) -> CandidateStorage {
    var storage = CandidateStorage()
    storage.count = features.count
    storage.features = features.flatMap { $0 }
    storage.rewards = rewards
    return storage
  }

  @Test(arguments: DOptMethod.Weight.allCases)
  func smallSpacesAgreeWithBruteForce(weight: DOptMethod.Weight) throws {
    let method = DOptMethod(weight: weight)
    let rows: [[Float]] = [[0, 0], [1, 0], [0, 2], [-3, 1]]
    for number in 0..<64 {
      for rewards: [Float] in [[0, 0, 0], [0, 1, 3], [2, -1, 0.5]] {
        let storage = Self.storage([rows[number & 3], rows[number >> 2 & 3], rows[number >> 4]], rewards: rewards)
        let pair = try #require(try storage.pair(by: method))
        let criterion = try storage.criterion(by: method)
        let all = [(0, 1), (0, 2), (1, 2)]
        let values = all.map { Self.logDeterminant(storage, [$0], weight) }
        let largest = try #require(values.max())
        for (place, (i, j)) in all.enumerated() {
          let value = try #require(criterion[i, j])
          #expect(abs(value - values[place]) < 1e-12 && criterion[j, i] == value, "\(storage)")
        }
        let wanted = try #require(all.enumerated().first { values[$0.offset] > largest - 1e-12 }).element
        #expect((min(pair.first, pair.second), max(pair.first, pair.second)) == wanted, "\(storage)")
        let isHigher = weight == .rewards && rewards[pair.first] > rewards[pair.second]
        let isLower = weight == .rewards && rewards[pair.first] < rewards[pair.second]
        #expect(isHigher || !isLower && pair.first < pair.second, "\(storage)")
      }
    }
  }

  /// Each further response is the one whose comparisons with those before add most to the log-determinant.
  @Test(arguments: DOptMethod.Weight.allCases, [UInt64(81), 82])
  func furtherResponsesAddMost(weight: DOptMethod.Weight, seed: UInt64) throws {
    let method = DOptMethod(weight: weight)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<60 {
      let dimension = [1, 2, 7, 8, 13, 16][number % 6]
      let count = Int.random(in: 3...7, using: &generator)
      let scale = Float([1e-6, 0.3, 1, 20][number % 4])
      let storage = Self.storage(
        (0..<count).map { _ in (0..<dimension).map { _ in .random(in: -1...1, using: &generator) * scale } },
        rewards: (0..<count).map { _ in .random(in: -2...2, using: &generator) })
      let random = method.randomKey(seed: seed).prompt("p\(number)")
      let responses = try storage.withCandidates { (candidates) throws(CandidatesError) in
        guard case .pair(let pair) = try method.select(candidates, random: random) else { return [Int]() }
        return method.responses(count, from: pair, candidates, random: random)
      }
      #expect(responses.count == count)
      for size in 2..<count {
        let before = Array(responses[..<size])
        func value(_ next: Int) -> Double {
          let all = before + [next]
          let pairs = all.indices.flatMap { a in all.indices.filter { $0 > a }.map { (all[a], all[$0]) } }
          return Self.logDeterminant(storage, pairs, weight)
        }
        let others = (0..<count).filter { !before.contains($0) }
        let best = try #require(others.map(value).max())
        let tolerance = max(1e-9 * best, 1e-14)
        #expect(value(responses[size]) >= best - tolerance, "seed \(seed), prompt \(number), size \(size)")
      }
    }
  }

  /// A third response beside the two most distant is one off their line, though its single distances are smaller.
  @Test func diversityCounts() throws {
    let storage = Self.storage([[-3, 0], [3, 0], [2.9, 0.1], [0, 2]], rewards: [0, 0, 0, 0])
    let method = DOptMethod(weight: .equal)
    try storage.withCandidates { (candidates) throws(CandidatesError) in
      let random = method.randomKey(seed: 1).prompt("p")
      #expect(method.next(after: [0, 1], candidates, random: random) == 3)
      // By pairs alone it would be the one next to the end.
      #expect(method.criterion(candidates, random: random).next(after: [0, 1]) == 2)
    }
  }

  /// Rewards so far apart that p (1 - p) is no double, features of any size: the pair of the largest value still.
  @Test func nothingSaturates() throws {
    let far = Self.storage([[0], [3], [1], [2]], rewards: [0, 90_000, 50_000, 20_000])
    #expect(try far.pair(by: DOptMethod()) == Pair(first: 3, second: 0))
    let largest = Float.greatestFiniteMagnitude
    let wide = Self.storage([[0, 0], [largest, -largest], [-largest, largest]], rewards: [1, 1, 2])
    #expect(try wide.pair(by: DOptMethod()) == Pair(first: 2, second: 1))
    let narrow = Self.storage([[0], [.leastNonzeroMagnitude], [0]], rewards: [0, 0, 0])
    #expect(try narrow.pair(by: DOptMethod()) == Pair(first: 0, second: 1))
    let equal = Self.storage([[1], [1], [1]], rewards: [0, 2, 1])
    #expect(try equal.pair(by: DOptMethod()) == Pair(first: 1, second: 0))
    #expect(try equal.criterion(by: DOptMethod())[1, 2] == 0)
  }

  /// Any order of the responses gives the same pair where nothing is tied.
  @Test(arguments: DOptMethod.Weight.allCases, [UInt64(91)])
  func orderChangesNothingWithoutTies(weight: DOptMethod.Weight, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<100 {
      let count = Int.random(in: 2...12, using: &generator)
      let storage = Self.storage(
        (0..<count).map { _ in (0..<11).map { _ in .random(in: -1...1, using: &generator) } },
        rewards: (0..<count).map { _ in .random(in: -2...2, using: &generator) })
      let order = Array(0..<count).shuffled(using: &generator)
      let pair = try #require(try storage.pair(by: DOptMethod(weight: weight)))
      let permuted = try #require(try storage.permuted(order).pair(by: DOptMethod(weight: weight)))
      #expect(
        Set([order[permuted.first], order[permuted.second]]) == [pair.first, pair.second], "seed \(seed), \(number)")
    }
  }

  @Test func theWeightFollowsWhatIsAvailable() throws {
    for (available, texts, needs) in [
      ([.rewards, .features], [:], [.rewards, .features]), (.features, [:], .features),
      (.features, ["weight": "rewards"], [.rewards, .features]), (.estimates, ["weight": "equal"], .features),
    ] as [(CandidateColumns, [String: String], CandidateColumns)] {
      #expect(try SelectionMethods.make("dopt", parameters: texts, available: available).needs == needs)
    }
    #expect(throws: MethodError.self) { try SelectionMethods.make("dopt", parameters: ["weight": "fisher"]) }
  }
}

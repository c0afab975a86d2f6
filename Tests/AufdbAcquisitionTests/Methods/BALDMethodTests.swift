// `bald` against entropies computed directly, against fine numeric integrals, and where those can't be computed.

import AufdbAcquisition
import AufdbTestSupport
import Foundation
import Testing

@Suite struct BALDMethodTests {
  static func entropy(_ p: Double) -> Double {
    p <= 0 || p >= 1 ? 0 : -p * log(p) - (1 - p) * log(1 - p)
  }

  /// H(mean p) - mean H(p), as written.
  static func information(_ chances: [Double]) -> Double {
    let count = Double(chances.count)
    return entropy(chances.reduce(0, +) / count) - chances.reduce(0) { $0 + entropy($1) } / count
  }

  static func chance(_ difference: Double) -> Double { 1 / (1 + exp(-difference)) }

  /// Over a Gaussian, by a sum whose steps are a 200th of the smaller of its deviation and 1.
  static func information(mean: Double, deviation: Double) -> Double {
    let step = min(1, 1 / deviation) / 200
    var (weights, chances, entropies) = (0.0, 0.0, 0.0)
    var place = -9.0
    while place <= 9 {
      let weight = exp(-place * place / 2)
      let p = chance(mean + deviation * place)
      weights += weight
      chances += weight * p
      entropies += weight * entropy(p)
      place += step
    }
    return entropy(chances / weights) - entropies / weights
  }

  /// Responses with the given rewards by each head.
  static func ensemble(_ rows: [[Float]]) -> CandidateStorage {
    var storage = CandidateStorage()
    storage.count = rows.count
    storage.heads = rows.flatMap { $0 }
    return storage
  }

  /// Every pair of three responses with two heads' rewards on a grid: values as computed directly, the first pair of
  /// the largest, oriented by the mean.
  @Test func smallSpacesAgreeWithBruteForce() throws {
    let method = try BALDMethod(from: .heads)
    let rows: [[Float]] = [
      [-2, -1], [-2, 0], [-2, 2], [0, -1], [0, 0], [0, 2], [0.5, -1], [0.5, 0], [0.5, 2], [3, -1], [3, 0], [3, 2],
    ]
    for a in rows {
      for b in rows {
        for c in rows {
          let prompt = [a, b, c]
          let storage = Self.ensemble(prompt)
          let criterion = try storage.criterion(by: method)
          var largest = 0.0
          for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            let value = try #require(criterion[i, j])
            let direct = Self.information(zip(prompt[i], prompt[j]).map { Self.chance(Double($0) - Double($1)) })
            #expect(abs(value - direct) < 1e-14 && criterion[j, i] == value, "\(prompt) \(i) \(j)")
            largest = max(largest, direct)
          }
          let pair = try #require(try storage.pair(by: method))
          #expect(try #require(criterion[pair]) >= largest - 1e-14, "\(prompt)")
          let (first, second) = (prompt[pair.first].reduce(0, +), prompt[pair.second].reduce(0, +))
          #expect(first > second || first == second && pair.first < pair.second, "\(prompt)")
        }
      }
    }
  }

  /// The sum over a grid of points is within 1e-8 of the integral, from certain to hopeless, narrow to wide.
  @Test(arguments: [0.01, 0.3, 0.99, 1, 1.01, 1.5, 3, 4, 7, 8, 20, 60])
  func theGaussianIntegralIsPrecise(deviation: Double) throws {
    let method = try BALDMethod(from: .estimates)
    for mean in [0, 0.1, 1, 2.5, 6, 15, 24, 30, 40, 80, 150, 600] {
      // One certain response, so that the other's half width is the deviation.
      let prompt = [Estimate(reward: 0, halfWidth: 0), Estimate(reward: Float(mean), halfWidth: Float(deviation))]
      let storage = CandidateStorage(prompt)
      let exactDeviation = (Double(storage.upper[1]) - Double(storage.lower[1])) / 2
      let value = try #require(try storage.criterion(by: method)[0, 1])
      let integral = Self.information(mean: Double(Float(mean)), deviation: exactDeviation)
      #expect(abs(value - integral) < 1e-8, "mean \(mean): \(value) against \(integral)")
    }
  }

  /// A narrow Gaussian far from 0 has I = (s^2 / 2) e^(s^2 / 2 - mean) to leading order, a relative error included.
  @Test(arguments: [0.05, 0.5, 1, 1.25, 2, 3])
  func farGaussiansFollowTheLeadingTerm(deviation: Double) throws {
    let method = try BALDMethod(from: .estimates)
    var previous = Double.infinity
    for mean in stride(from: Float(24), through: 600, by: 8) {
      let storage = CandidateStorage(
        rewards: [mean, 0], lower: [mean, -Float(deviation)], upper: [mean, Float(deviation)])
      let exactDeviation = Double(Float(deviation))
      let value = try #require(try storage.criterion(by: method)[0, 1])
      let variance = exactDeviation * exactDeviation
      let leading = variance / 2 * exp(variance / 2 - Double(mean))
      if Double(mean) > variance + 8 * exactDeviation {
        #expect(abs(value / leading - 1) < 1e-6, "mean \(mean): \(value) against \(leading)")
      }
      #expect(value < previous, "mean \(mean)")
      previous = value
    }
  }

  /// Far beyond what doubles can tell apart as probabilities, the nearest two rewards are compared.
  @Test func nothingSaturates() throws {
    let rewards: [Float] = [9000, 5000, 2000, 0]
    for scale: Float in [1, 1e30] {
      let heads = Self.ensemble(rewards.map { [$0 * scale - scale, $0 * scale + 2 * scale, $0 * scale] }.reversed())
      // The same noise in all responses cancels: only the second response differs.
      var noisy = heads
      noisy.heads[3] += 4 * scale
      #expect(try noisy.pair(by: BALDMethod(from: .heads)) == Pair(first: 1, second: 0))
      let scaled = rewards.map { $0 * scale }
      let estimates = CandidateStorage(rewards: scaled, lower: scaled.map { $0 - 2 }, upper: scaled.map { $0 + 2 })
      #expect(try estimates.pair(by: BALDMethod()) == Pair(first: 2, second: 3))
    }
  }

  /// All equal, nothing in doubt, the largest and the smallest numbers: a pair, and values that are numbers.
  @Test(arguments: UncertaintySource.allCases, [0.001, 1, 1000])
  func extremeNumbersGivePairs(from: UncertaintySource, beta: Double) throws {
    let method = try BALDMethod(from: from, beta: beta)
    let (largest, least) = (Float.greatestFiniteMagnitude, Float.leastNonzeroMagnitude)
    for values: [Float] in [
      [largest, -largest, largest, 0], [0, 0, 0, 0], [least, 0, -least, least], [1e38, 1, -1e38, least],
    ] {
      var storage = CandidateStorage(
        rewards: values, lower: values.map { $0 > 0 ? 0 : -largest }, upper: values.map { $0 < 0 ? 0 : largest })
      storage.heads = values.flatMap { [$0, -$0, 0] }
      let pair = try #require(try storage.pair(by: method))
      let criterion = try storage.criterion(by: method)
      for first in 0..<4 {
        for second in 0..<4 where first != second {
          let value = try #require(criterion[first, second])
          #expect(value >= 0 && value <= log(2) + 1e-12, "\(values) \(first) \(second): \(value)")
          #expect(value <= (try #require(criterion[pair])), "\(values)")
        }
      }
    }
    let certain = CandidateStorage([1, 1, 3].map { Estimate(reward: $0, halfWidth: 0) })
    var agreeing = certain
    agreeing.heads = [1, 1, 1, 1, 3, 3]
    #expect(try agreeing.pair(by: method) == Pair(first: 0, second: 1))
  }

  /// Passing over pairs by their bound changes nothing: the pair is the first of the largest value, at any scale.
  @Test(arguments: UncertaintySource.allCases, [UInt64(71), 72])
  func thePairIsTheFirstOfTheLargest(from: UncertaintySource, seed: UInt64) throws {
    let method = try BALDMethod(from: from)
    var generator = SeededGenerator(seed: seed)
    for number in 0..<150 {
      let scale = Float([0.05, 1, 5, 40][number % 4])
      var storage = CandidateStorage()
      for _ in 0..<Int.random(in: 2...9, using: &generator) {
        let reward = Float(Int.random(in: -8...8, using: &generator)) / 8 * scale
        let halfWidth = Float(Int.random(in: 0...4, using: &generator)) / 8 * scale
        storage.append(reward: reward, lower: reward - halfWidth, upper: reward + halfWidth)
        for _ in 0..<4 { storage.heads.append(reward + Float(Int.random(in: -2...2, using: &generator)) / 4 * scale) }
      }
      let pair = try #require(try storage.pair(by: method))
      let criterion = try storage.criterion(by: method)
      let all = (0..<storage.count).flatMap { i in (0..<storage.count).filter { $0 > i }.map { (i, $0) } }
      let largest = try #require(all.compactMap { criterion[$0.0, $0.1] }.max())
      let wanted = try #require(all.first { criterion[$0.0, $0.1] == largest })
      #expect(
        (min(pair.first, pair.second), max(pair.first, pair.second)) == wanted, "seed \(seed), \(number): \(largest)")
    }
  }

  /// What all heads doubt together isn't learned from a comparison; estimates can't know that.
  @Test func sharedDoubtIsNoInformation() throws {
    let storage = Self.ensemble([[-3, 3, 0], [-2.5, 3.5, 0.5], [0, 0.5, -0.5]])
    let criterion = try storage.criterion(by: BALDMethod(from: .heads))
    #expect(criterion[0, 1] == 0)
    #expect(try #require(criterion[0, 2]) > 0.2)
  }

  /// The wider bounds are, the more there is to learn; a beta of 2 makes them half as wide.
  @Test func betaScalesTheBounds() throws {
    let wide = CandidateStorage([Estimate(reward: 0, halfWidth: 1), Estimate(reward: 0.5, halfWidth: 2)])
    let narrow = CandidateStorage([Estimate(reward: 0, halfWidth: 0.5), Estimate(reward: 0.5, halfWidth: 1)])
    let value = try #require(try wide.criterion(by: BALDMethod(beta: 2))[0, 1])
    #expect(try narrow.criterion(by: BALDMethod(beta: 1))[0, 1] == value)
    #expect(try #require(try wide.criterion(by: BALDMethod(beta: 1))[0, 1]) > value)
  }

  @Test func theSourceFollowsWhatIsAvailable() throws {
    for (available, texts, needs) in [
      (.estimates, [:], .estimates), ([.heads, .rewards], [:], .heads), ([], [:], .estimates),
      (.heads, ["from": "estimates"], .estimates), (.estimates, ["from": "heads"], .heads),
    ] as [(CandidateColumns, [String: String], CandidateColumns)] {
      #expect(try SelectionMethods.make("bald", parameters: texts, available: available).needs == needs)
    }
    for texts in [["beta": "0"], ["beta": "1001"], ["beta": "nan"], ["from": "bounds"]] {
      #expect(throws: MethodError.self) { try SelectionMethods.make("bald", parameters: texts) }
    }
  }
}

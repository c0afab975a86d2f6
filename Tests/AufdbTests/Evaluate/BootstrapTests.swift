// Resamples: what they draw, and whether their intervals are as wide as theory says.

import AufdbReward
import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Bootstrap") struct BootstrapTests {
  @Test("a resample has as many seeds and prompts as there are; more resamples begin with the same ones")
  func draws() {
    let bootstrap = Bootstrap(seedCount: 5, promptCount: 7, replicateCount: 50, seed: 3)
    #expect(bootstrap.sums(ofPrompts: Array(repeating: 1, count: 7)) == Array(repeating: 7, count: 50))
    #expect(bootstrap.means(ofSeeds: Array(repeating: 2, count: 5)) == Array(repeating: 2, count: 50))
    let values = (0..<7).map { Double($0 * $0) }
    let longer = Bootstrap(seedCount: 5, promptCount: 7, replicateCount: 80, seed: 3)
    #expect(Array(longer.sums(ofPrompts: values).prefix(50)) == bootstrap.sums(ofPrompts: values))
    #expect(
      Bootstrap(seedCount: 5, promptCount: 7, replicateCount: 50, seed: 4).sums(ofPrompts: values)
        != bootstrap.sums(ofPrompts: values))
  }

  @Test("a sum over both is that of the rows' and the columns' draws")
  func sums() {
    let bootstrap = Bootstrap(seedCount: 3, promptCount: 4, replicateCount: 20, seed: 9)
    // Values u_s v_p make the sum a product.
    let (u, v) = ([1.0, -2, 5], [3.0, 1, 0, -4])
    let matrix = Matrix(rowCount: 3, columnCount: 4, elements: u.flatMap { u in v.map { u * $0 } })
    let (means, prompts) = (bootstrap.means(ofSeeds: u), bootstrap.sums(ofPrompts: v))
    for (replicate, sum) in bootstrap.sums(matrix).enumerated() {
      #expect(abs(sum - means[replicate] * prompts[replicate]) < 1e-12)
    }
  }

  @Test("the interval of a mean is as wide as its standard error says", arguments: [UInt64(1), 2])
  func width(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<40).map { _ in PairedDifferenceTests.normal(&generator) }
    let bootstrap = Bootstrap(seedCount: 40, promptCount: 1, replicateCount: 4000, seed: seed)
    let interval = try #require(Interval(percentilesOf: bootstrap.means(ofSeeds: values)))
    let mean = values.reduce(0, +) / 40
    // The bootstrap's own variance divides by n.
    let error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40 / 40).squareRoot()
    #expect(abs((interval.high - interval.low) / (2 * 1.96 * error) - 1) < 0.08, "seed \(seed)")
    #expect(interval.low < mean && mean < interval.high)
  }

  @Test("percentiles interpolate, and stop at infinities") func percentiles() throws {
    let interval = try #require(Interval(percentilesOf: (0...80).map(Double.init).reversed()))
    #expect(interval == Interval(low: 2, high: 78))
    #expect(Interval(percentilesOf: []) == nil)
    #expect(Interval(percentilesOf: [7]) == Interval(low: 7, high: 7))
    #expect(Interval(percentilesOf: [0, 1]) == Interval(low: 0.025, high: 0.975))
    #expect(Interval(percentilesOf: [.infinity, .infinity]) == Interval(low: .infinity, high: .infinity))
  }
}

// Learning curves: made monotone, and read backwards.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Learning curves") struct LearningCurveTests {
  @Test(
    "the nearest nondecreasing values, by hand",
    arguments: [
      ([3.0, 1, 2], [2.0, 2, 2]), ([1, 3, 2, 4], [1, 2.5, 2.5, 4]), ([1, 2, 3], [1, 2, 3]), ([5], [5]),
      ([4, 4, 1], [3, 3, 3]), ([1, 5, 2, 2, 9, 8], [1, 3, 3, 3, 8.5, 8.5]),
    ])
  func byHand(values: [Double], monotone: [Double]) {
    #expect(LearningCurve.monotone(values) == monotone)
  }

  @Test("no nondecreasing sequence is nearer", arguments: [UInt64(1), 2, 3])
  func nearest(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let values = (0..<6).map { _ in Double.random(in: 0..<1, using: &generator) }
      let best = LearningCurve.monotone(values)
      #expect(zip(best, best.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(zip(LearningCurve.monotone(best), best).allSatisfy { abs($0 - $1) < 1e-15 })
      func distance(_ other: [Double]) -> Double { zip(values, other).reduce(0) { $0 + pow($1.0 - $1.1, 2) } }
      for _ in 0..<50 {
        let other = zip(best, best.indices).map { value, _ in value + Double.random(in: -0.1..<0.1, using: &generator) }
        #expect(distance(other.sorted()) >= distance(best) - 1e-12, "seed \(seed)")
      }
    }
  }

  @Test("a value between two points is found between them, on a logarithmic scale") func between() {
    let curve = LearningCurve(labelCounts: [10, 100, 1000], values: [0.5, 0.7, 0.8])
    #expect(abs(curve.labelCount(reaching: 0.6).labelCount - 10 * 10.0.squareRoot()) < 1e-9)
    #expect(abs(curve.labelCount(reaching: 0.7).labelCount - 100) < 1e-9)
    #expect(abs(curve.labelCount(reaching: 0.75).labelCount - 100 * 10.0.squareRoot()) < 1e-9)
    #expect(curve.labelCount(reaching: 0.8).isAtLeast == false)
  }

  @Test("beyond its ends there are bounds only") func ends() {
    let curve = LearningCurve(labelCounts: [10, 100], values: [0.5, 0.7])
    #expect(curve.labelCount(reaching: 0.4) == LearningCurve.Crossing(labelCount: 10, isAtMost: true))
    #expect(curve.labelCount(reaching: 0.5) == LearningCurve.Crossing(labelCount: 10))
    #expect(curve.labelCount(reaching: 0.71) == LearningCurve.Crossing(labelCount: 100, isAtLeast: true))
    let point = LearningCurve(labelCounts: [7], values: [0.5])
    #expect(point.labelCount(reaching: 0.6).isAtLeast && point.labelCount(reaching: 0.4).isAtMost)
  }

  @Test("a flat stretch is reached at its beginning") func flat() {
    let curve = LearningCurve(labelCounts: [1, 2, 4, 8], values: [0.1, 0.5, 0.5, 0.9])
    #expect(abs(curve.labelCount(reaching: 0.5).labelCount - 2) < 1e-12)
  }

  @Test("the points double every second time, and hold the budgets") func points() {
    let counts = RandomCurve.labelCounts(upTo: 300, budgets: [50, 100, 500])
    #expect(counts == [16, 23, 32, 45, 50, 64, 91, 100, 128, 181, 256, 300])
    #expect(RandomCurve.labelCounts(upTo: 5, budgets: [50]) == [5])
  }
}

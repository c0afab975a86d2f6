// The mean of numbers in any order.

import AufdbTestSupport
import Testing

@testable import Aufdb

@Suite("Compensated mean") struct CompensatedMeanTests {
  private func mean(_ numbers: [Double]) -> Double? {
    var mean = CompensatedMean()
    for number in numbers { mean.add(number) }
    return mean.value
  }

  @Test("small numbers beside large ones are not lost") func examples() {
    #expect(mean([]) == nil)
    #expect(mean([-0.1]) == -0.1)
    #expect(mean([1, 1e100, 1, -1e100]) == 0.5)
    #expect(mean([1e16, 1, -1e16, 1]) == 0.5)
    #expect(mean(Array(repeating: 0.1, count: 10)) == 0.1)
    #expect(mean([.infinity, 1]) == .infinity)
    #expect(mean([1e308, 1e308]) == .infinity)
    #expect(mean([.infinity, -.infinity])?.isNaN == true)
  }

  @Test("the order doesn't matter", arguments: [UInt64(1), 2, 3]) func order(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let numbers = (0..<5000).map { _ in Double.random(in: -1...1, using: &generator) }
    let first = mean(numbers)
    for _ in 0..<10 {
      #expect(mean(numbers.shuffled(using: &generator))?.bitPattern == first?.bitPattern, "seed \(seed)")
    }
  }
}

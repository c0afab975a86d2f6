// Paired differences by hand, and how often chance alone passes for an effect.

import AufdbTestSupport
import Foundation
import Testing

@testable import Aufdb

@Suite("Paired differences") struct PairedDifferenceTests {
  @Test("1, 2, 3 by hand") func byHand() throws {
    let difference = PairedDifference([1, 2, 3])
    #expect(difference.count == 3 && difference.mean == 2)
    #expect(abs(try #require(difference.standardError) - 1 / 3.0.squareRoot()) < 1e-15)
    let t = try #require(difference.t)
    #expect(abs(t - 2 * 3.0.squareRoot()) < 1e-14)
    #expect(abs(try #require(difference.p) - (1 - t / (2 + t * t).squareRoot())) < 1e-12)
  }

  @Test("a single one has no error, and equal ones have no t") func withoutSpread() {
    let single = PairedDifference([0.25])
    #expect(single.mean == 0.25 && single.standardError == nil && single.t == nil && single.p == nil)
    let equal = PairedDifference([0.1, 0.1, 0.1])
    #expect(abs(equal.mean - 0.1) < 1e-15 && equal.t == nil && equal.p == nil)
    #expect(PairedDifference([0, 0]).t == nil)
  }

  @Test("where nothing differs, p is under 5 % in about 5 % of cases", arguments: [UInt64(1), 2])
  func underTheNull(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var smallCount = 0
    for _ in 0..<4000 {
      let difference = PairedDifference((0..<8).map { _ in Self.normal(&generator) })
      if try #require(difference.p) < 0.05 { smallCount += 1 }
    }
    // Three standard errors are 0.0103.
    #expect(abs(Double(smallCount) / 4000 - 0.05) < 0.0115, "seed \(seed): \(smallCount)")
  }

  /// By Box and Muller's method.
  static func normal(_ generator: inout SeededGenerator) -> Double {
    let (u, v) = (Double.random(in: 1e-300..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }
}

// Exponentials and their like against the C library's, which is right to a unit in the last place.

import AufdbTestSupport
import Glibc
import Testing

@testable import AufdbReward

@Suite struct PortableMathTests {
  @Test(arguments: [UInt64(301), 302])
  func agreesWithTheLibrary(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let exponent = Double.random(in: -745...709, using: &generator)
      // Below the normal numbers there are fewer bits to agree.
      #expect(isClose(PortableMath.exp(exponent), exp(exponent), floor: 0x1p-1073), "exp \(exponent), seed \(seed)")
      let small = Double.random(in: -1...1, using: &generator)
      #expect(isClose(PortableMath.exp(small), exp(small)), "exp \(small), seed \(seed)")
      let share = Double.random(in: 0...1, using: &generator)
      #expect(isClose(PortableMath.log1p(share), log1p(share)), "log1p \(share), seed \(seed)")
      #expect(isClose(PortableMath.log1p(share * 1e-9), log1p(share * 1e-9)), "log1p, seed \(seed)")
      let positive = exp(exponent)
      let logarithm = PortableMath.log(positive)
      #expect((logarithm - log(positive)).magnitude <= 1e-15 * max(1, logarithm.magnitude), "log \(positive)")
      let cosine = cos(share * .pi / 2)
      #expect((PortableMath.halfCosine(share) - cosine * cosine).magnitude <= 1e-15, "cosine \(share), seed \(seed)")
      let base = Double.random(in: 0.5...2, using: &generator)
      let power = Double.random(in: -100...100, using: &generator)
      #expect(
        isClose(PortableMath.power(base, power), pow(base, power), relative: 1e-13), "\(base)^\(power), seed \(seed)")
      let whole = Int.random(in: 0...2000, using: &generator)
      #expect(isClose(PortableMath.power(share, whole), pow(share, Double(whole)), relative: 1e-14 * Double(whole + 1)))
    }
  }

  @Test func limitsAreRight() {
    #expect(PortableMath.exp(0) == 1)
    #expect(PortableMath.exp(-.infinity) == 0)
    #expect(PortableMath.exp(-746) == 0)
    #expect(PortableMath.exp(.infinity) == .infinity)
    #expect(PortableMath.exp(710) == .infinity)
    #expect(PortableMath.exp(.nan).isNaN)
    #expect(PortableMath.log(1) == 0)
    #expect(PortableMath.log1p(0) == 0)
    #expect(PortableMath.halfCosine(0) == 1)
    #expect(PortableMath.halfCosine(0.5) == 0.5)
    #expect(PortableMath.halfCosine(1) == 0)
    #expect(PortableMath.power(0, 0.0) == 1)
    #expect(PortableMath.power(0, 2.5) == 0)
    #expect(PortableMath.power(0, -1.5) == .infinity)
    #expect(PortableMath.power(0.3, 0) == 1)
  }

  private func isClose(_ found: Double, _ expected: Double, relative: Double = 1e-15, floor: Double = 0) -> Bool {
    (found - expected).magnitude <= max(relative * expected.magnitude, floor)
  }
}

// Student's t against closed forms and tables.

import Foundation
import Testing

@testable import Aufdb

@Suite("Student's t") struct StudentTTests {
  @Test("one and two degrees of freedom have closed forms", arguments: [0.0, 0.1, 0.5, 1, 2.5, 6, 30, 1000])
  func closedForms(t: Double) {
    let one = StudentT(degreesOfFreedom: 1).twoSidedP(t)
    #expect(abs(one - (1 - 2 / Double.pi * atan(t))) < 1e-12)
    let two = StudentT(degreesOfFreedom: 2).twoSidedP(-t)
    #expect(abs(two - (1 - t / (2 + t * t).squareRoot())) < 1e-12)
  }

  /// Critical values of printed tables, to the digits that they have.
  @Test(
    "the 5 % and 1 % points of tables",
    arguments: [
      (5.0, 2.570582, 0.05), (10, 2.228139, 0.05), (19, 2.093024, 0.05), (30, 2.042272, 0.05), (19, 2.860935, 0.01),
      (100, 1.983972, 0.05), (1000, 2.580755, 0.01),
    ])
  func tables(degrees: Double, t: Double, p: Double) {
    #expect(abs(StudentT(degreesOfFreedom: degrees).twoSidedP(t) - p) < 1e-6)
  }

  @Test("with many degrees of freedom it is the normal distribution", arguments: [0.3, 1.0, 1.96, 3])
  func normal(t: Double) {
    #expect(abs(StudentT(degreesOfFreedom: 1e6).twoSidedP(t) / erfc(t / 2.0.squareRoot()) - 1) < 1e-4)
  }

  @Test("beyond numbers") func extremes() {
    let t = StudentT(degreesOfFreedom: 19)
    #expect(t.twoSidedP(.infinity) == 0 && t.twoSidedP(-.infinity) == 0)
    #expect(t.twoSidedP(.nan).isNaN)
    #expect(t.twoSidedP(0) == 1)
    #expect(t.twoSidedP(1e200) == 0)
  }

  @Test(
    "the incomplete beta function: powers, symmetry, and the binomial sum", arguments: [0.0, 0.01, 0.3, 0.5, 0.9, 1])
  func beta(x: Double) {
    for b in [0.5, 1, 3.5, 40] {
      #expect(abs(IncompleteBeta.regularised(x, a: 1, b: b) - (1 - pow(1 - x, b))) < 1e-13)
      for a in [0.5, 2, 17] {
        let sum = IncompleteBeta.regularised(x, a: a, b: b) + IncompleteBeta.regularised(1 - x, a: b, b: a)
        #expect(abs(sum - 1) < 1e-13)
      }
    }
    // I_x(3, 4) is the chance of 3 or more successes in 6 trials.
    let chance = (3...6).reduce(0.0) { sum, k in
      sum + [20.0, 15, 6, 1][k - 3] * pow(x, Double(k)) * pow(1 - x, Double(6 - k))
    }
    #expect(abs(IncompleteBeta.regularised(x, a: 3, b: 4) - chance) < 1e-13)
  }
}

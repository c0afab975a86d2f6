// Numbers as tables show them.

import Testing

@testable import Aufdb

@Suite("Fixed decimals") struct FixedDecimalTests {
  @Test(
    arguments: [
      (0.7044, 3, false, "0.704"), (0.7044, 3, true, "+0.704"), (-0.0295, 3, true, "-0.030"),
      (0.0004, 3, true, "0.000"),
      (-0.0004, 3, false, "0.000"), (12.5, 0, false, "13"), (99.96, 1, false, "100.0"), (0.05, 1, false, "0.1"),
      (1234567.891, 2, false, "1234567.89"), (.nan, 3, false, "-"), (.infinity, 3, true, "-"), (1e12, 1, false, "-"),
    ])
  func fixed(value: Double, places: Int, isSigned: Bool, text: String) {
    #expect(value.fixed(places, isSigned: isSigned) == text)
  }

  @Test func factors() {
    #expect(CostFactor(value: 1.62, bound: .exact, interval: nil).text == "1.6")
    #expect(CostFactor(value: 20, bound: .atLeast, interval: nil).text == ">= 20.0")
    #expect(CostFactor(value: 0.32, bound: .atMost, interval: nil).text == "<= 0.3")
  }
}

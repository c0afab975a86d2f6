// Pearson's chi-square test of counts against exact probabilities.

import Foundation

/// The goodness of fit of observed counts to a law.
enum ChiSquare {
  /// Returns the probability of a fit at least this bad by chance.
  ///
  /// Cells with an expected count under 5 are pooled, as the test's approximation needs. A count in a cell that can't
  /// occur gives 0. The result is 1 where only one cell is left.
  static func pValue(counts: [Int], probabilities: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    var statistic = 0.0
    var cellCount = 0
    var pooled = (count: 0.0, expected: 0.0)
    for (count, probability) in zip(counts, probabilities) {
      let expected = probability * total
      if expected < 1e-9 {
        if count > 0 { return 0 }
      } else if expected < 5 {
        pooled.count += Double(count)
        pooled.expected += expected
      } else {
        statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        cellCount += 1
      }
    }
    if pooled.expected > 0 {
      // A pool that is still thin gets at least 1 as its variance, so that a single rare event isn't a failure.
      let difference = pooled.count - pooled.expected
      statistic += difference * difference / max(pooled.expected, 1)
      cellCount += 1
    }
    guard cellCount > 1 else { return 1 }
    return upperIncompleteGamma(Double(cellCount - 1) / 2, statistic / 2)
  }

  /// The regularised upper incomplete gamma function Q(a, x), by its series or its continued fraction (Lentz).
  static func upperIncompleteGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 1 }
    let scale = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      var (term, sum, n) = (1 / a, 1 / a, a)
      while term > sum * 1e-15 {
        n += 1
        term *= x / n
        sum += term
      }
      return 1 - sum * scale
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var fraction = d
    for i in 1...10_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return fraction * scale
  }
}

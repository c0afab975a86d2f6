// The information gap of `infomax` and `infogain` by another road than theirs, to compare with.

import Foundation

/// v = sigma(u_i - l_j) - sigma(l_i - u_j) of one prompt's pairs, by hyperbolic functions.
///
/// With a = u_i - l_j, b = u_j - l_i, s = a + b and sigma(x) = (1 + tanh(x / 2)) / 2,
///
///     v = (tanh(a / 2) + tanh(b / 2)) / 2 = sinh(s / 2) / (cosh(s / 2) + cosh((a - b) / 2))
///     v / (1 - v) = sinh(s / 2) / (exp(-s / 2) + cosh((a - b) / 2))
///
/// Good for bounds within about 700 of each other.
struct ReferenceGap {
  let lower: [Float]
  let upper: [Float]

  func odds(_ first: Int, _ second: Int) -> Double {
    let a = Double(upper[first]) - Double(lower[second])
    let b = Double(upper[second]) - Double(lower[first])
    let halfSum = (Double(upper[first]) - Double(lower[first]) + (Double(upper[second]) - Double(lower[second]))) / 2
    return sinh(halfSum) / (exp(-halfSum) + cosh((a - b) / 2))
  }

  /// All pairs (i, j) with i < j, in order.
  var pairs: [(first: Int, second: Int)] {
    lower.indices.flatMap { first in ((first + 1)..<max(lower.count, first + 1)).map { (first, $0) } }
  }

  var largestOdds: Double { pairs.map { odds($0.first, $0.second) }.max() ?? 0 }
}

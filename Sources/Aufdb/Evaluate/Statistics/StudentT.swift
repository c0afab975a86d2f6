// Student's t distribution: how often chance alone makes a paired difference as large as the one seen.

import Glibc

/// Student's t distribution with `degreesOfFreedom` degrees of freedom.
public struct StudentT: Sendable, Hashable {
  public let degreesOfFreedom: Double

  /// - Precondition: more than 0 degrees of freedom.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "a t distribution without degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(|T| >= |t|), at most 1: I_x(n / 2, 1 / 2) with x = n / (n + t^2) (DLMF 8.17.23 and 26.5.27 of Abramowitz and
  /// Stegun, "Handbook of Mathematical Functions"). 0 for an infinite t; NaN for NaN.
  public func twoSidedP(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    return IncompleteBeta.regularised(
      degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
  }
}

/// The incomplete beta function.
enum IncompleteBeta {
  /// I_x(a, b), the regularised incomplete beta function, to about 14 digits.
  ///
  /// By its continued fraction (DLMF 8.17.22), evaluated with Lentz's method as W. Press et al. give it ("Numerical
  /// Recipes", 3rd edition, section 6.4), on the side of the symmetry I_x(a, b) = 1 - I_(1-x)(b, a) where it converges
  /// quickly.
  ///
  /// - Parameters:
  ///   - x: 0 ... 1.
  ///   - a: more than 0, as `b`.
  static func regularised(_ x: Double, a: Double, b: Double) -> Double {
    precondition(a > 0 && b > 0 && (0...1).contains(x), "an incomplete beta function outside its domain")
    guard x > 0, x < 1 else { return x }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return x < (a + 1) / (a + b + 2)
      ? front * fraction(x, a, b) / a
      : 1 - front * fraction(1 - x, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let least = 1e-300
    func awayFromZero(_ value: Double) -> Double { value.magnitude < least ? least : value }
    var c = 1.0
    var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
    var result = d
    // It takes about the root of max(a, b) steps.
    for step in 1...100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / awayFromZero(1 + even * d)
      c = awayFromZero(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / awayFromZero(1 + odd * d)
      c = awayFromZero(1 + odd / c)
      let change = d * c
      result *= change
      if (change - 1).magnitude < 1e-15 { break }
    }
    return result
  }
}

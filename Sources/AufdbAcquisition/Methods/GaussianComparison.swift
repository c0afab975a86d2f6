// A comparison of two responses whose reward difference is a Gaussian: its possibilities, laid out on a grid.
//
// The expectations over d ~ N(mean, s^2) are sums over equally spaced points, which for such integrands converge
// exponentially as the step shrinks (L. N. Trefethen, J. A. C. Weideman, "The Exponentially Convergent Trapezoidal
// Rule", SIAM Review 56(3), 2014). Two things limit the step h: the Gaussian, whose error is e^(-2 (pi s / h)^2), and
// the poles of the logistic function at distance pi, whose error is e^(-2 pi^2 / h) and at most e^((pi / s)^2 / 2)
// times as much, the Gaussian's growth up to there. So h = 3/4 min(s, 1) leaves an error of about 1e-9 for every mean
// and s, with 21 points where s <= 1. Where s > 1 points count only between -24 and 24, or as far as the losing
// chance e^-d of the Gaussian reaches; what lies beyond is one possibility of a certain outcome on either side.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Mean and standard deviation of a reward difference.
struct GaussianComparison {
  /// >= 0: which of the two responses it favours doesn't matter.
  private let mean: Double
  /// >= 0.
  private let deviation: Double

  /// How many possibilities there are at most, see `layOut`.
  static var capacity: Int { 160 }

  init(mean: Double, deviation: Double) {
    self.mean = abs(mean)
    self.deviation = deviation
  }

  /// log I(outcome; difference), in nats; minus infinity where the deviation is 0.
  ///
  /// e to the power of the result has an error under 1e-8; where s <= 1 a relative one. Where s > 1 and
  /// mean > 24 + 8 s (I is then under 1e-11), the result is the leading term, which goes on without saturating:
  ///
  ///     log(s^2 / 2) + (s^2 / 2 - mean where mean >= s^2, otherwise -(mean / s)^2 / 2)
  func logInformation(_ information: inout ComparisonInformation) -> Double {
    guard deviation > 0 else { return -.infinity }
    let variance = deviation * deviation
    if deviation > 1 && mean > Self.window + 8 * deviation {
      let ratio = mean / deviation
      return log(variance / 2) + (mean >= variance ? variance / 2 - mean : -ratio * ratio / 2)
    }
    if deviation <= 1 { layOutNarrow(&information) } else { layOutWide(&information) }
    return information.logInformation()
  }

  /// At least `logInformation`, at the cost of a logarithm.
  ///
  /// I is at most the mean divergence from the comparison of the mean difference. That is a Bregman divergence of
  /// log(1 + e^d), whose second derivative is p (1 - p) <= 1/4: so at most s^2 / 8. It is also at most s^2 times the
  /// mean of p (1 - p), by Stein's lemma and Jensen's inequality, and that mean at most that of e^-d.
  var logBound: Double {
    let variance = deviation * deviation
    return log(variance) + min(-log(8), variance / 2 - mean)
  }

  private static var step: Double { 0.75 }
  private static var window: Double { 24 }
  /// Standard deviations beyond which the Gaussian counts as 0.
  private static var reach: Double { 7.5 }

  /// Points mean + n h for h = 3/4 s.
  private func layOutNarrow(_ information: inout ComparisonInformation) {
    information.removeAll(smallest: mean - Self.reach * deviation)
    for number in -10...10 {
      let distance = Double(number) * Self.step
      information.add(mean + distance * deviation, weight: exp(-distance * distance / 2))
    }
  }

  /// Points n h for h = 3/4, and both ends.
  private func layOutWide(_ information: inout ComparisonInformation) {
    let step = Self.step
    // The losing chance is a Gaussian about mean - s^2 as far as it is e^-d, which is for d > 0.
    let tilted = mean - deviation * deviation
    let low = max(-Self.window, tilted - Self.reach * deviation)
    let high = min(mean + Self.reach * deviation, max(Self.window, tilted + Self.reach * deviation))
    let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
    information.removeAll(smallest: first * step)
    var number = first
    while number <= last {
      let distance = (number * step - mean) / deviation
      let density = Self.densityAtMean * exp(-distance * distance / 2)
      information.add(number * step, weight: density * step / deviation)
      number += 1
    }
    if low == -Self.window {
      information.add(-.infinity, weight: upperTail(mean - (first - 0.5) * step))
    }
    information.add(.infinity, weight: upperTail((last + 0.5) * step - mean))
  }

  /// The sum of the weights that points at `distance` + h / 2, `distance` + 3 h / 2, ... beyond the mean would have.
  ///
  /// That is the Gaussian's tail with the first two corrections of Euler and Maclaurin, so that point by point or
  /// summed up makes no difference; the tail alone would leave an error of 1e-5.
  private func upperTail(_ distance: Double) -> Double {
    let place = distance / deviation
    let squaredStep = Self.step / deviation * (Self.step / deviation)
    let density = Self.densityAtMean * exp(-place * place / 2)
    let corrections =
      squaredStep / 24 * place - 7 / 5760 * squaredStep * squaredStep * place * (place * place - 3)
    return max(0, 0.5 * erfc(place * 0.5.squareRoot()) - density * corrections)
  }

  /// 1 / sqrt(2 pi).
  private static var densityAtMean: Double { 0.398942280401432678 }
}

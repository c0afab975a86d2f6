// What `infomax` and `infogain` compare pairs by: how far apart the bounds leave the probability that i beats j.
//
// With sigma the logistic function, a = u_i - l_j, b = u_j - l_i, and w = u - l, so that a + b = w_i + w_j >= 0:
//
//     v_ij = sigma(u_i - l_j) - sigma(l_i - u_j) = sigma(a) - sigma(-b),   0 <= v < 1,   the same for (i, j) and (j, i)
//
// Computed so, v is 1 for all wide bounds (from |a|, |b| of 17 on in float32, of 37 on in doubles), and for far apart
// ones a difference of two numbers that round to the same. Its odds keep the order and do neither:
//
//     v / (1 - v) = (e^(a + b) - 1) / (2 + e^a + e^b)
//
// These are what is compared: as they are where that decides and all numbers fit, otherwise by `LogOdds`.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The information gap v of one prompt's pairs.
///
/// All numbers are doubles computed from the float32 bounds by their differences alone, so that a constant added to all
/// of a prompt's bounds changes nothing but by rounding. Pairs whose differences are the same numbers, in either order,
/// get the same value to the last bit, so ties that are exact in real numbers stay ties. The C library's exp, expm1,
/// log and log1p may differ in the last bit between platforms; that can matter only for pairs whose odds agree to about
/// 14 digits and aren't tied.
struct InformationGap {
  private let count: Int
  private let lower: UnsafeBufferPointer<Float>
  private let upper: UnsafeBufferPointer<Float>

  init(_ candidates: Candidates) {
    count = candidates.count
    lower = candidates.lower
    upper = candidates.upper
  }

  /// The pair of the largest v, `first` < `second`; of equals the smallest (first, second).
  ///
  /// - Complexity: O(k) exponentials and O(k^2) products where all bounds lie within `tableSpan` of each other, without
  ///   heap memory up to k = 42; otherwise O(k^2) exponentials and logarithms.
  func widestPair() -> (first: Int, second: Int) {
    let origin = Double(lower.min() ?? 0)
    guard Double(upper.max() ?? 0) - origin <= Self.tableSpan else { return widestPair { _, _ in .nan } }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count) { table in
      // Rows of three: P = e^w - 1, A = e^(u - origin), B = e^(origin - l). Then e^(w_i + w_j) - 1 = P_i + P_j +
      // P_i P_j, and e^a = A_i B_j. In the span no product leaves the range of normal doubles.
      for index in 0..<count {
        table[3 * index] = expm1(Double(upper[index]) - Double(lower[index]))
        table[3 * index + 1] = exp(Double(upper[index]) - origin)
        table[3 * index + 2] = exp(origin - Double(lower[index]))
      }
      return widestPair { first, second in
        let (i, j) = (3 * first, 3 * second)
        return (table[i] + table[j] + table[i] * table[j])
          / (2 + (table[i + 1] * table[j + 2] + table[j + 1] * table[i + 2]))
      }
    }
  }

  private func widestPair(odds: (_ first: Int, _ second: Int) -> Double) -> (first: Int, second: Int) {
    var widest = Contest(gap: self, first: 0, second: 1, odds: odds(0, 1))
    for first in 0..<count - 1 {
      for second in max(2, first + 1)..<max(count, max(2, first + 1)) {
        widest.meet(first, second, odds: odds(first, second))
      }
    }
    return (widest.first, widest.second)
  }

  /// The j != `first` of the largest v with it; of equals the lowest. Complexity: O(k), no allocation.
  func widestSecond(for first: Int) -> Int {
    let start = first == 0 ? 1 : 0
    var widest = Contest(gap: self, first: first, second: start, odds: odds(first, start))
    for second in start + 1..<max(count, start + 1) where second != first {
      widest.meet(first, second, odds: odds(first, second))
    }
    return widest.second
  }

  /// -log(1 - v): 0 for v = 0, about v for small v, and still growing where v rounds to 1; finite.
  func value(_ first: Int, _ second: Int) -> Double {
    let odds = logOdds(first, second)
    let total = odds.leading + odds.correction
    return total > 0 ? total + log1p(exp(-total)) : log1p(exp(total))
  }

  /// The two differences of a pair, the larger first, and their sum.
  private func differences(_ first: Int, _ second: Int) -> (high: Double, low: Double, sum: Double) {
    let (firstLower, firstUpper) = (Double(lower[first]), Double(upper[first]))
    let (secondLower, secondUpper) = (Double(lower[second]), Double(upper[second]))
    let (a, b) = (firstUpper - secondLower, secondUpper - firstLower)
    // Not a + b, in which all of a narrow width could be lost.
    return (max(a, b), min(a, b), (firstUpper - firstLower) + (secondUpper - secondLower))
  }

  /// v / (1 - v), within about 1e-13 of itself; NaN where it might not fit a double.
  private func odds(_ first: Int, _ second: Int) -> Double {
    let (high, low, sum) = differences(first, second)
    return high <= 2 * Self.tableSpan ? expm1(sum) / (2 + (exp(high) + exp(low))) : .nan
  }

  fileprivate func logOdds(_ first: Int, _ second: Int) -> LogOdds {
    let (high, low, sum) = differences(first, second)
    // log(2 + e^a + e^b) = high + rest, and high >= 0, as half the sum is.
    let rest = log1p(2 * exp(-high) + exp(low - high))
    return sum < 1
      ? LogOdds(leading: -high, correction: log(expm1(sum)) - rest)
      : LogOdds(leading: low, correction: log1p(-exp(-sum)) - rest)
  }

  /// The largest distance between a prompt's bounds for which odds are compared as they are: e to four times this is
  /// still a double.
  private static var tableSpan: Double { 150 }
}

/// log(v / (1 - v)) as a sum that isn't carried out: bounds of 1e38 would swallow the correction, which decides where
/// the leading terms are equal. For v = 0 the correction is minus infinity.
private struct LogOdds {
  /// A difference of bounds: exact, or the nearest double.
  let leading: Double
  /// At most about 0.5 above 0, and seldom far below it.
  let correction: Double

  func exceeds(_ other: LogOdds) -> Bool {
    leading - other.leading > other.correction - correction
  }
}

/// The pair ahead so far, which a later one replaces only if its v is larger.
private struct Contest {
  let gap: InformationGap
  private(set) var first: Int
  private(set) var second: Int
  private var odds: Double
  private var logOdds: LogOdds?

  init(gap: InformationGap, first: Int, second: Int, odds: Double) {
    self.gap = gap
    self.first = first
    self.second = second
    self.odds = odds
  }

  /// Compares a pair by its odds, within 1e-13 of themselves or NaN, and where they can't tell, by their logarithms.
  @inline(__always)
  mutating func meet(_ challengerFirst: Int, _ challengerSecond: Int, odds challengerOdds: Double) {
    if challengerOdds < odds * (1 - Self.tolerance) { return }
    if challengerOdds > odds * (1 + Self.tolerance) {
      (first, second, odds, logOdds) = (challengerFirst, challengerSecond, challengerOdds, nil)
    } else {
      meetClosely(challengerFirst, challengerSecond, odds: challengerOdds)
    }
  }

  @inline(never)
  private mutating func meetClosely(_ challengerFirst: Int, _ challengerSecond: Int, odds challengerOdds: Double) {
    // Odds of 0 are exact: neither response has any width, and nothing is below that.
    if challengerOdds == 0 { return }
    let holder = logOdds ?? gap.logOdds(first, second)
    let challenger = gap.logOdds(challengerFirst, challengerSecond)
    if challenger.exceeds(holder) {
      (first, second, odds, logOdds) = (challengerFirst, challengerSecond, challengerOdds, challenger)
    } else {
      logOdds = holder
    }
  }

  private static var tolerance: Double { 1e-12 }
}

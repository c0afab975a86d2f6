// Exponentials, logarithms and a cosine that are the same to the last bit on every processor.
//
// A C library picks among several versions of each by the processor, which differ in their last bits; and one such bit
// in a gradient ends in other weights. Here are only additions, multiplications and divisions, which IEEE 754 defines
// and Swift doesn't fuse. They are accurate to a few units in the last place, and meant for thousands of numbers, not
// for millions.

package enum PortableMath {
  /// exp(x), with a relative error below 1e-15; 0 below -745, infinite above 709.78.
  package static func exp(_ x: Double) -> Double {
    guard x > -745.2 else { return x.isNaN ? x : 0 }
    guard x < 709.79 else { return .infinity }
    // x = n log 2 + r with |r| <= log(2) / 2; log 2 is taken off in two parts, of which the first has so few bits that
    // its multiple is exact (W. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980).
    let n = (x * 1.4426950408889634).rounded()
    let r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33
    // Taylor's series: the term of degree 14 is below 1e-17.
    var sum = 1.0
    for degree in stride(from: 13, to: 0, by: -1) { sum = 1 + sum * r / Double(degree) }
    // In two steps, because 2^n itself may be out of range where the result isn't.
    let half = Int(n) / 2
    return sum * powerOfTwo(half) * powerOfTwo(Int(n) - half)
  }

  /// The logistic function 1 / (1 + exp(-x)), with a relative error below 3e-15 for any x.
  package static func sigmoid(_ x: Double) -> Double {
    // Of exp(x) and exp(-x), the one that can't overflow; far below 0 it keeps its digits.
    let odds = exp(-x.magnitude)
    return (x < 0 ? odds : 1) / (1 + odds)
  }

  /// log(1 + x) for x in [0, 1], with a relative error below 1e-15.
  static func log1p(_ x: Double) -> Double { twiceAtanh(x / (2 + x)) }

  /// log(x) for finite x > 0, with an error below 1e-15 times the greater of its magnitude and 1.
  static func log(_ x: Double) -> Double {
    // x = 2^n m with m from sqrt(1/2) to sqrt(2).
    var (n, m) = (Double(x.exponent), x.significand)
    if m > 1.4142135623730951 { (n, m) = (n + 1, m / 2) }
    return n * 0x1.62e42feep-1 + (n * 0x1.a39ef35793c76p-33 + twiceAtanh((m - 1) / (m + 1)))
  }

  /// base^exponent for base >= 0; 0^0 is 1.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 || base == 1 { return 1 }
    guard base > 0 else { return exponent > 0 ? 0 : .infinity }
    return exp(exponent * log(base))
  }

  /// base^exponent for a whole exponent >= 0, by squaring.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest % 2 == 1 { result *= square }
      square *= square
      rest /= 2
    }
    return result
  }

  /// (1 + cos(pi share)) / 2 for a share in [0, 1].
  static func halfCosine(_ share: Double) -> Double {
    // Near the middle it is (1 + sin(pi / 2 - pi share)) / 2; at the ends the square of cos(pi share / 2), which is the
    // sine of what is left to pi / 2: so no nearly equal numbers are taken from one another.
    let fromMiddle = 0.5 - share
    if fromMiddle.magnitude <= 0.25 { return (1 + sine(fromMiddle * .pi)) / 2 }
    let root = share < 0.5 ? cosine(share * .pi / 2) : sine((1 - share) * .pi / 2)
    return root * root
  }

  // Taylor's series, for |x| <= pi / 4.
  private static func cosine(_ x: Double) -> Double {
    var sum = 1.0
    for degree in stride(from: 18, to: 0, by: -2) { sum = 1 - sum * x * x / Double(degree * (degree - 1)) }
    return sum
  }

  private static func sine(_ x: Double) -> Double {
    var sum = 1.0
    for degree in stride(from: 19, to: 1, by: -2) { sum = 1 - sum * x * x / Double(degree * (degree - 1)) }
    return x * sum
  }

  /// log((1 + s) / (1 - s)) for |s| <= 1/3.
  private static func twiceAtanh(_ s: Double) -> Double {
    let square = s * s
    var sum = 0.0
    for degree in stride(from: 33, through: 1, by: -2) { sum = sum * square + 1 / Double(degree) }
    return 2 * s * sum
  }

  private static func powerOfTwo(_ n: Int) -> Double { Double(sign: .plus, exponent: n, significand: 1) }
}

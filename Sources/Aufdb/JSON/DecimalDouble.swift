// Decimal to binary, correctly rounded: a number of JSON becomes the double that is nearest to it, ties to even.
//
// Three ways, the first that applies:
// 1. Up to 2^53 and a power of ten up to 22: both are exact doubles, so one multiplication or division rounds once.
// 2. Up to 19 digits and a power of ten up to 27: 5^27 fits 64 bits, so the product or the quotient is had exactly in
//    integers. What falls off below 64 bits is kept as a sticky lowest bit, far enough under the 53 bits that stay
//    for the conversion to round as if it had seen all of it. Every double printed by the usual programs for scores
//    and rewards ends here.
// 3. Anything else: the standard library's conversion.

/// A decimal number `(-1)^isNegative * significand * 10^exponent`.
struct DecimalDouble {
  var isNegative = false
  /// The digits, without the point; at most 19 of them.
  var significand: UInt64 = 0
  var exponent = 0

  /// The nearest double, or nil where only the third way leads there.
  @inline(__always)
  var exactlyRounded: Double? {
    let magnitude: Double
    if significand <= 1 << 53, exponent >= -22, exponent <= 22 {
      let value = Double(significand)
      magnitude = exponent < 0 ? value / Self.tens[-exponent] : value * Self.tens[exponent]
    } else if exponent >= -27, exponent <= 27 {
      magnitude = exponent < 0 ? quotient : product
    } else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  private var product: Double {
    let (high, low) = significand.multipliedFullWidth(by: Self.fives[exponent])
    guard high != 0 else { return Double(low) * Self.powerOfTwo(exponent) }
    let shift = UInt64(high.leadingZeroBitCount)
    let top = shift == 0 ? high : high << shift | low >> (64 - shift)
    let sticky: UInt64 = low << shift == 0 ? 0 : 1
    return Double(top | sticky) * Self.powerOfTwo(exponent + 64 - Int(shift))
  }

  private var quotient: Double {
    // Both are moved to the top of their words, so that the quotient has at least 63 bits.
    let power = Self.fives[-exponent]
    let numeratorShift = significand.leadingZeroBitCount
    let denominatorShift = power.leadingZeroBitCount
    let numerator = significand << UInt64(numeratorShift)
    let denominator = power << UInt64(denominatorShift)
    let (quotient, remainder) = denominator.dividingFullWidth((numerator >> 1, numerator << 63))
    let sticky: UInt64 = remainder == 0 ? 0 : 1
    return Double(quotient | sticky) * Self.powerOfTwo(denominatorShift - numeratorShift + exponent - 63)
  }

  /// 2^exponent, for exponents of normal doubles.
  private static func powerOfTwo(_ exponent: Int) -> Double { Double(bitPattern: UInt64(1023 + exponent) << 52) }

  private static let tens: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private static let fives: [UInt64] = {
    var powers: [UInt64] = [1]
    while powers.count <= 27 { powers.append(powers[powers.count - 1] * 5) }
    return powers
  }()
}

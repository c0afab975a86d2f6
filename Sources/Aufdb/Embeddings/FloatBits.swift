// Floating-point formats turned into each other with integer arithmetic on whole vectors.
//
// `Float(Float16)` is a call for each element on processors that the compiler can't assume to convert by themselves;
// these loops have no branch and no call, so the compiler makes vector code of them: about ten times as fast. They rely
// on the processor being little-endian, as every one is that Swift runs on under Linux.
//
//   binary32   1 bit sign, 8 exponent (bias 127), 23 fraction
//   binary16   1 bit sign, 5 exponent (bias  15), 10 fraction
//   bfloat16   the upper half of a binary32

/// Conversions of vectors, from and to places that may lie at any address.
enum FloatBits {
  /// The largest magnitude of binary16, 65,504, as the bits of a binary32.
  static let largestHalf: UInt32 = 0x477F_E000

  /// binary16 to binary32, exactly: denormals, infinities and the payloads of NaNs, too.
  static func widen(halves source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int) {
    // A denormal's fraction, put behind the exponent of 2^-14, is that power too large.
    let denormalExponent: UInt32 = 113 << 23
    let excess = Float(bitPattern: denormalExponent)
    for index in 0..<count {
      let half = UInt32(source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      let magnitude = (half & 0x7FFF) << 13
      let normal = magnitude &+ (112 << 23)
      let denormal = (Float(bitPattern: magnitude &+ denormalExponent) - excess).bitPattern
      // The largest exponent means infinity or NaN in both formats.
      let special = normal &+ (112 << 23)
      let finite = magnitude < 1 << 23 ? denormal : normal
      let bits = magnitude >= 31 << 23 ? special : finite
      target[index] = Float(bitPattern: bits | (half & 0x8000) << 16)
    }
  }

  /// bfloat16 to the bits of binary32, exactly.
  static func widen(bfloats source: UnsafeRawPointer, into target: UnsafeMutablePointer<UInt32>, count: Int) {
    for index in 0..<count {
      target[index] = UInt32(source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)) << 16
    }
  }

  /// The bits of binary32 to binary16, rounded to the nearest, ties to even; what is too small becomes a denormal or a
  /// zero of its sign. Magnitudes beyond `largestHalf`, infinities and NaN must not occur.
  static func narrow(singles source: UnsafeRawPointer, into target: UnsafeMutablePointer<UInt16>, count: Int) {
    // Adding one half makes the processor round off what a denormal of binary16 has no place for.
    let half: Float = 0.5
    for index in 0..<count {
      let bits = source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
      let magnitude = bits & 0x7FFF_FFFF
      let denormal = (Float(bitPattern: magnitude) + half).bitPattern &- half.bitPattern
      let isOdd = magnitude >> 13 & 1
      let normal = (magnitude &- (112 << 23) &+ 0xFFF &+ isOdd) >> 13
      let rounded = magnitude < 113 << 23 ? denormal : normal
      target[index] = UInt16(truncatingIfNeeded: rounded | (bits >> 16 & 0x8000))
    }
  }

  /// The largest magnitude among elements of 32 bits, as bits without a sign; 0 for none. Bits of magnitudes are in the
  /// order of the magnitudes, with infinity and then NaN behind all numbers.
  static func largestMagnitude(singles source: UnsafeRawPointer, count: Int) -> UInt32 {
    var largest: UInt32 = 0
    for index in 0..<count {
      largest = max(largest, source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self) & 0x7FFF_FFFF)
    }
    return largest
  }

  /// The same for elements of 16 bits, of either format.
  static func largestMagnitude(halves source: UnsafeRawPointer, count: Int) -> UInt16 {
    var largest: UInt16 = 0
    for index in 0..<count {
      largest = max(largest, source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self) & 0x7FFF)
    }
    return largest
  }
}

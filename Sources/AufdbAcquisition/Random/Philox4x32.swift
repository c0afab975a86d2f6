// The counter-based generator under every random draw: a pure function from (counter, key) to 128 random bits.

/// Philox4x32 with ten rounds: a keyed bijection of 128-bit counters whose outputs pass as independent random bits.
///
/// A counter-based generator has no state to carry, so that any draw can be computed by itself, in any order and on
/// any machine. That is what makes a selected pair independent of sharding and of thread counts.
///
/// Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section
/// 3.3. Not for secrets: the generator isn't cryptographic.
public enum Philox4x32 {
  /// Returns the four 32-bit words that belong to `counter` under `key`.
  ///
  /// - Parameters:
  ///   - counter: the four counter words, word 0 first.
  ///   - key: the two key words, word 0 first.
  /// - Complexity: 20 widening multiplications; no memory.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    // Words are kept in 64-bit variables below 2^32: a widening product is then one plain multiplication, which stays
    // fast without the optimiser too (the statistical tests run in debug builds).
    var (c0, c1, c2, c3) = (UInt64(counter.x), UInt64(counter.y), UInt64(counter.z), UInt64(counter.w))
    var (k0, k1) = (UInt64(key.x), UInt64(key.y))
    var round = 0
    while round < roundCount {
      let product0 = multiplier0 &* c0
      let product1 = multiplier1 &* c2
      c0 = (product1 &>> 32) ^ c1 ^ k0
      c1 = product1 & lowWord
      c2 = (product0 &>> 32) ^ c3 ^ k1
      c3 = product0 & lowWord
      k0 = (k0 &+ keyStep0) & lowWord
      k1 = (k1 &+ keyStep1) & lowWord
      round &+= 1
    }
    return SIMD4(
      UInt32(truncatingIfNeeded: c0), UInt32(truncatingIfNeeded: c1),
      UInt32(truncatingIfNeeded: c2), UInt32(truncatingIfNeeded: c3))
  }

  // The paper's constants: multipliers found by its search, key steps from the golden ratio and the square root of 3.
  private static var roundCount: Int { 10 }
  private static var multiplier0: UInt64 { 0xD251_1F53 }
  private static var multiplier1: UInt64 { 0xCD9E_8D57 }
  private static var keyStep0: UInt64 { 0x9E37_79B9 }
  private static var keyStep1: UInt64 { 0xBB67_AE85 }
  private static var lowWord: UInt64 { 0xFFFF_FFFF }
}

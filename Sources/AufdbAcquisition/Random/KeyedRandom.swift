// The random source of one prompt: every draw is a function of (seed, method, prompt_id, round, draw number) alone.

/// One prompt's random draws, each addressed by round and number; a plain value without state.
///
/// The mapping from seed, method and prompt to Philox's key and counter is documented with `RandomKey`. Asking for
/// the same draw twice gives the same bits, so a method uses each (round, number) once.
public struct KeyedRandom: Sendable, Hashable {
  private let key: SIMD2<UInt32>
  private let promptLow: UInt32
  private let promptHigh: UInt32

  init(key: RandomKey, promptHash: UInt64) {
    self.key = key.words
    promptLow = UInt32(truncatingIfNeeded: promptHash)
    promptHigh = UInt32(truncatingIfNeeded: promptHash &>> 32)
  }

  /// Returns draws 4 `index` to 4 `index` + 3 of `round`, each 32 uniform bits.
  public func block(_ index: UInt32, round: UInt32) -> SIMD4<UInt32> {
    Philox4x32.block(counter: SIMD4(index, round, promptLow, promptHigh), key: key)
  }

  /// Returns the draws of `round` as a sequence, from draw 0 on.
  public func draws(round: UInt32) -> DrawSequence {
    DrawSequence(random: self, round: round)
  }

  /// Maps 32 random bits to a number in (-1, 1): with n the upper 24 bits, (2n + 1) / 2^24 - 1.
  ///
  /// All 2^24 values are odd multiples of 2^-24, equally likely, symmetric about 0 and exact in Float: never -1, 0 or
  /// 1. Leaving out 0 keeps a response with any uncertainty from tying with one that has none.
  public static func signedUnit(_ word: UInt32) -> Float {
    Float(Int32(truncatingIfNeeded: word &>> 8) &* 2 &- 0xFF_FFFF) * 0x1p-24
  }
}

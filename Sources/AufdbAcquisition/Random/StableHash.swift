// The 64-bit hash that turns names and prompt ids into keys and counters: the same on every machine, in every release.

/// A fixed 64-bit hash of bytes: FNV-1a followed by MurmurHash3's 64-bit finaliser.
///
/// With all arithmetic modulo 2^64:
///
///     h = 0xcbf29ce484222325
///     for each byte b:   h = (h XOR b) * 0x100000001b3
///     h = (h XOR (h >> 33)) * 0xff51afd7ed558ccd
///     h = (h XOR (h >> 33)) * 0xc4ceb9fe1a85ec53
///     h =  h XOR (h >> 33)
///
/// Swift's own `Hasher` is seeded anew in every process, so that it can't serve here. FNV-1a alone leaves its upper
/// bits poorly mixed for short inputs such as "p1" and "p2"; the finaliser (a bijection) mends that. Two inputs
/// collide with a chance of 2^-64 each pair; two prompts that collide merely share their random numbers.
public enum StableHash {
  /// Returns the hash of `bytes`; the empty input is allowed.
  /// - Complexity: O(n), about a nanosecond a byte.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = offsetBasis
    for byte in bytes {
      state = (state ^ UInt64(byte)) &* prime
    }
    return finalised(state)
  }

  /// Returns the hash of the UTF-8 bytes of `text`, taken as they are: no Unicode normalisation.
  public static func hash(_ text: String) -> UInt64 {
    var state = offsetBasis
    for byte in text.utf8 {
      state = (state ^ UInt64(byte)) &* prime
    }
    return finalised(state)
  }

  private static func finalised(_ state: UInt64) -> UInt64 {
    var mixed = state
    mixed = (mixed ^ (mixed &>> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ (mixed &>> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return mixed ^ (mixed &>> 33)
  }

  private static var offsetBasis: UInt64 { 0xCBF2_9CE4_8422_2325 }
  private static var prime: UInt64 { 0x100_0000_01B3 }
}

// Draws taken one after another, for choices whose number of draws isn't known beforehand (rejection).

/// The draws of one round in order: bounded integers and signed unit numbers, each of which takes the next draw.
public struct DrawSequence: Sendable {
  private let random: KeyedRandom
  private let round: UInt32
  private var block = SIMD4<UInt32>()
  private var drawCount: UInt32 = 0

  init(random: KeyedRandom, round: UInt32) {
    self.random = random
    self.round = round
  }

  /// Returns the next draw: 32 uniform bits.
  public mutating func next() -> UInt32 {
    let lane = Int(drawCount & 3)
    if lane == 0 {
      block = random.block(drawCount &>> 2, round: round)
    }
    drawCount &+= 1
    return block[lane]
  }

  /// Returns an integer in 0 ..< `bound`, each exactly equally likely.
  ///
  /// Lemire's method: the upper word of draw * bound, where a draw whose lower word is under 2^32 mod bound is
  /// rejected and the next one taken. Source: D. Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS
  /// 29(1), 2019. One draw is enough except with a chance under bound / 2^32.
  ///
  /// - Precondition: 1 <= bound < 2^32.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound >= 1 && bound <= Int(UInt32.max), "a bound outside 1 ..< 2^32")
    let wideBound = UInt64(bound)
    var product = UInt64(next()) &* wideBound
    if UInt64(product & 0xFFFF_FFFF) < wideBound {
      // 2^32 mod bound: the division is paid only on this rare path.
      let threshold = (1 &<< 32) % wideBound
      while product & 0xFFFF_FFFF < threshold {
        product = UInt64(next()) &* wideBound
      }
    }
    return Int(product &>> 32)
  }

  /// Returns a number in (-1, 1); its grid is that of `KeyedRandom.signedUnit`.
  public mutating func signedUnit() -> Float {
    KeyedRandom.signedUnit(next())
  }
}

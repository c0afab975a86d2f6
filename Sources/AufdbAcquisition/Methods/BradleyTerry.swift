// The Bradley-Terry model of a comparison, in forms that hold for any difference of rewards.
//
// The exponential and logarithm are the C library's. Their last bit may differ between libraries, so that two pairs
// whose values agree to the last bits may be told apart differently on another system.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A comparison that is won with probability p = sigma(d) = 1 / (1 + e^-d), d being the difference of the rewards.
enum BradleyTerry {
  /// log(p (1 - p)): what a comparison weighs as Fisher information of d. At most log(1/4), finite for any finite d.
  static func logVariance(ofDifference difference: Double) -> Double {
    let size = abs(difference)
    return -size - 2 * log1p(exp(-size))
  }
}

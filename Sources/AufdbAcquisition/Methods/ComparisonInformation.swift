// What a comparison tells about which of several possible reward differences is the true one.
//
// The possibilities d_n have weights w_n that sum to 1; the comparison is won with p_n = sigma(d_n), lost with
// q_n = 1 - p_n. The mutual information of outcome and n is
//
//     I = H(mean p) - mean H(p) = mean of KL(p_n || mean p)
//       = Q mean f(q_n / Q - 1) + P mean f(p_n / P - 1),        f(x) = (1 + x) log(1 + x) - x >= 0,
//
// with P = mean p and Q = 1 - P. The last form adds up terms that are never negative, where the first loses
// everything to cancellation once the outcome is nearly certain. To go on beyond that, where even q is no double any
// more, q is kept as e^m q with m >= 0 the smallest of the differences: I = e^-m times a number of ordinary size, and
// log I is what is computed.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Scratch memory of one prompt: the possible differences of one pair after the other.
struct ComparisonInformation {
  private let weights: UnsafeMutableBufferPointer<Double>
  private let losses: UnsafeMutableBufferPointer<Double>
  private var count = 0
  /// m.
  private var shift = 0.0

  /// Lends scratch memory for up to `capacity` possibilities to `body`.
  static func with<Result>(capacity: Int, _ body: (inout ComparisonInformation) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * capacity) { memory in
      memory.initialize(repeating: 0)
      var information = ComparisonInformation(
        weights: UnsafeMutableBufferPointer(rebasing: memory[..<capacity]),
        losses: UnsafeMutableBufferPointer(rebasing: memory[capacity...]))
      return body(&information)
    }
  }

  private init(weights: UnsafeMutableBufferPointer<Double>, losses: UnsafeMutableBufferPointer<Double>) {
    self.weights = weights
    self.losses = losses
  }

  /// Forgets all possibilities.
  ///
  /// - Parameter smallest: no difference to be added lies below it; negative where they have either sign.
  mutating func removeAll(smallest: Double) {
    count = 0
    shift = max(0, smallest)
  }

  /// Adds a possible difference; an infinite one is a certain outcome. Weights needn't sum to 1.
  mutating func add(_ difference: Double, weight: Double) {
    weights[count] = weight
    if difference < 0 {
      losses[count] = 1 / (1 + exp(difference))
    } else {
      let scaled = exp(shift - difference)
      losses[count] = scaled / (1 + exp(-shift) * scaled)
    }
    count += 1
  }

  /// log I, in nats; minus infinity where all possibilities agree. O(count).
  func logInformation() -> Double {
    var (weightSum, lossSum) = (0.0, 0.0)
    for place in 0..<count {
      weightSum += weights[place]
      lossSum += weights[place] * losses[place]
    }
    // In the names of the header: `scale` = e^-m, `loss` = e^m Q, `win` = P.
    let scale = exp(-shift)
    let loss = lossSum / weightSum
    let win = 1 - scale * loss
    var sum = 0.0
    for place in 0..<count {
      let distance = losses[place] - loss
      let relative = distance / win
      sum += weights[place] * (loss * Self.curvature(distance / loss) + win * Self.curvature(relative, scale: scale))
    }
    sum /= weightSum
    return sum > 0 ? log(sum) - shift : -.infinity
  }

  /// f(x), for x >= -1.
  private static func curvature(_ x: Double) -> Double {
    if abs(x) < seriesLimit { return x * x * series(x) }
    return x > -1 ? (1 + x) * log1p(x) - x : 1
  }

  /// f(-scale x) / scale, which goes to 0 with the scale.
  private static func curvature(_ x: Double, scale: Double) -> Double {
    let argument = -scale * x
    return abs(argument) < seriesLimit ? scale * x * x * series(argument) : curvature(argument) / scale
  }

  /// f(x) / x^2 = 1/2 - x/6 + x^2/12 - ..., to a relative 1e-15 under `seriesLimit`.
  private static func series(_ x: Double) -> Double {
    1 / 2 - x * (1 / 6 - x * (1 / 12 - x * (1 / 20 - x * (1 / 30 - x * (1 / 42 - x / 56)))))
  }

  private static var seriesLimit: Double { 0.01 }
}

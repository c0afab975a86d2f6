// Two methods compared seed by seed: what both share (the order of prompts, the initial weights) drops out.

/// The mean of paired differences, with Student's t test against 0.
public struct PairedDifference: Sendable, Equatable {
  /// How many pairs.
  public let count: Int
  public let mean: Double
  /// The standard error of the mean; nil for a single pair.
  public let standardError: Double?
  /// mean / standard error; nil for a single pair, and where all differences are the same.
  public let t: Double?
  /// How often chance alone makes a |t| as large, by Student's t with count - 1 degrees of freedom; nil as `t`.
  public let p: Double?

  /// - Parameter differences: one a pair; at least one.
  public init(_ differences: [Double]) {
    precondition(!differences.isEmpty, "no differences")
    count = differences.count
    let mean = differences.reduce(0, +) / Double(count)
    self.mean = mean
    guard count > 1 else {
      (standardError, t, p) = (nil, nil, nil)
      return
    }
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / Double(count - 1) / Double(count)).squareRoot()
    standardError = error
    // Differences that are equal but for the rounding of scores leave nothing to compare the mean with.
    let isConstant = error <= 1e-7 * max(mean.magnitude, differences.reduce(0) { max($0, $1.magnitude) })
    t = isConstant ? nil : mean / error
    p = t.map { StudentT(degreesOfFreedom: Double(differences.count - 1)).twoSidedP($0) }
  }
}

// What a judge's score of a response says of its reward.

/// Targets of a regression on scores.
public enum PointwiseTarget {
  private static var limit: Double { 7 }

  /// The target of a score: clip(logit(score), -7, 7) / 7.
  ///
  /// - Parameter score: 0...1; other scales are mapped to it first.
  /// - Returns: -1...1, 0 for 1/2; nil for a score outside of 0...1, or NaN.
  public static func target(_ score: Double) -> Double? {
    guard score >= 0 && score <= 1 else { return nil }
    // The logarithm is for numbers that are neither 0 nor infinite.
    let odds = min(max(score / (1 - score), 0x1p-1000), 0x1p1000)
    return min(max(PortableMath.log(odds), -limit), limit) / limit
  }
}

// A mean that doesn't depend on the order in which its numbers come, other than in the rarest cases: equal rows that
// lie in another order in another store have the same mean there, to the last digit.

/// The mean of numbers that are given one by one, by a compensated sum.
///
/// The sum's error is in the order of the square of the machine's precision, relative to the sum of the magnitudes:
/// A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974), pp. 39-51.
struct CompensatedMean {
  private var sum = 0.0
  /// What rounding took from `sum`.
  private var lost = 0.0
  private var count = 0

  mutating func add(_ number: Double) {
    let next = sum + number
    lost += abs(sum) >= abs(number) ? (sum - next) + number : (number - next) + sum
    sum = next
    count += 1
  }

  /// nil where there were no numbers. Infinite or not a number where a number or their sum was.
  var value: Double? {
    guard count > 0 else { return nil }
    // What an infinite sum lost is not a number.
    return (sum.isFinite ? sum + lost : sum) / Double(count)
  }
}

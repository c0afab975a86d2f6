// How far judges who sort the same units into categories agree, beyond what chance would give. Categories have no order
// here: a tie is as far from either response as they are from each other.

/// Two judges' categories of the units that both have sorted.
struct JudgePairAgreement: Equatable {
  /// How many units the first judge put into category r and the second into c, at r * categoryCount + c.
  private(set) var counts: [Int]
  private let categoryCount: Int

  init(categoryCount: Int) {
    self.categoryCount = categoryCount
    counts = Array(repeating: 0, count: categoryCount * categoryCount)
  }

  mutating func add(_ first: Int, _ second: Int) { counts[first * categoryCount + second] += 1 }

  /// How many units both have sorted.
  var unitCount: Int { counts.reduce(0, +) }

  /// The share of units that both put into the same category, p_o; nil where there are none.
  var rawAgreement: Double? {
    let count = unitCount
    guard count > 0 else { return nil }
    return Double((0..<categoryCount).reduce(0) { $0 + counts[$1 * categoryCount + $1] }) / Double(count)
  }

  /// Cohen's kappa: (p_o - p_e) / (1 - p_e), where p_e, the agreement to expect by chance, is the sum over categories of
  /// the product of both judges' shares. (J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and
  /// Psychological Measurement 20, 1960, pp. 37-46)
  ///
  /// At most 1. nil where there are no units, or both judges put all of them into one and the same category: then chance
  /// can't be told from agreement.
  var kappa: Double? {
    let count = unitCount
    guard count > 0 else { return nil }
    var (agreed, byChance) = (0, 0.0)
    for category in 0..<categoryCount {
      agreed += counts[category * categoryCount + category]
      let ofFirst = (0..<categoryCount).reduce(0) { $0 + counts[category * categoryCount + $1] }
      let ofSecond = (0..<categoryCount).reduce(0) { $0 + counts[$1 * categoryCount + category] }
      byChance += Double(ofFirst) * Double(ofSecond)
    }
    let square = Double(count) * Double(count)
    guard byChance < square else { return nil }
    return (Double(agreed) * Double(count) - byChance) / (square - byChance)
  }
}

/// Krippendorff's alpha for nominal data, over any number of judges who need not all sort the same units.
///
/// Of a unit that m judges have sorted, each ordered pair of different judges' categories counts 1 / (m - 1) in the matrix
/// of coincidences o; n_c is the sum of row c, and n of all. alpha = 1 - (n - 1) * sum_{c != k} o_ck / sum_{c != k} n_c n_k.
/// Units of a single judge don't count. (K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of
/// Pennsylvania, 2011, section C: nominal data, any number of observers, missing data)
struct KrippendorffAlpha: Equatable {
  private let categoryCount: Int
  /// For each number of judges m, the disagreeing ordered pairs of categories in units with m: exact, where a sum of
  /// their shares would round.
  private var disagreements: [Int: Int] = [:]
  /// n_c: how many categories were given in units with at least two judges.
  private var totals: [Int]
  /// How many units count.
  private(set) var unitCount = 0

  init(categoryCount: Int) {
    self.categoryCount = categoryCount
    totals = Array(repeating: 0, count: categoryCount)
  }

  /// Adds one unit.
  ///
  /// - Parameter counts: how many judges put it into each category.
  mutating func add(_ counts: [Int]) {
    let judgeCount = counts.reduce(0, +)
    guard judgeCount >= 2 else { return }
    unitCount += 1
    var agreeing = 0
    for (category, count) in counts.enumerated() {
      totals[category] += count
      agreeing += count * count
    }
    let disagreeing = judgeCount * judgeCount - agreeing
    if disagreeing > 0 { disagreements[judgeCount, default: 0] += disagreeing }
  }

  /// At most 1; nil where no unit counts, or all categories given are one and the same.
  var value: Double? {
    let total = totals.reduce(0, +)
    let expected = Double(total) * Double(total) - totals.reduce(0) { $0 + Double($1) * Double($1) }
    guard expected > 0 else { return nil }
    let observed = disagreements.sorted { $0.key < $1.key }.reduce(0) { $0 + Double($1.value) / Double($1.key - 1) }
    return 1 - Double(total - 1) * observed / expected
  }
}

// The strengths of competitors by Bradley and Terry: i beats j with the probability sigma(s_i - s_j), so that a strength
// is a logarithm of odds. Unlike BradleyTerryFit, which learns weights of inputs, this knows nothing of a competitor but
// whom it beat how often, and nothing keeps a strength from growing but defeats.
//
// The likelihood has a maximum, and only one once the strengths sum to 0, exactly if one can go from every competitor
// to every other one along wins (L. Ford, "Solution of a Ranking Problem from Binary Comparisons", American Mathematical
// Monthly 64, 1957; D. Hunter, "MM algorithms for generalized Bradley-Terry models", Annals of Statistics 32, 2004,
// assumption 1). Otherwise the competitors fall apart into groups within which one can, and of two groups that met, one
// always won: the likelihood grows as they move apart, for ever, while inside each group the strengths tend to those of
// the group alone. So the largest group is fitted, and whoever isn't in it has no strength.
//
// It is found by Newton's method with a line search. The interval is Wald's: the covariance is the pseudo-inverse of
// Fisher's information, which is that of strengths that sum to 0.

/// What whoever was compared with others is worth.
public struct BradleyTerryStrengths: Sendable, Equatable {
  /// One competitor's strength and the ends of its 95 % confidence interval, as log odds against the mean of the group.
  public struct Strength: Sendable, Equatable {
    public var value: Double
    public var lower: Double
    public var upper: Double
  }

  /// By competitor; nil for whoever isn't in the largest group. All are nil where no group has two competitors, or where
  /// two groups are the largest, or the numbers are so far apart that doubles don't tell.
  public let strengths: [Strength?]

  /// The 97.5 % quantile of the standard normal distribution.
  private static var quantile: Double { 1.959963984540054 }

  /// Fits strengths.
  ///
  /// - Parameter wins: n x n, finite and none negative: at [i, j] how often i beat j. A tie is half a win for either.
  ///   The diagonal is passed over.
  /// - Complexity: O(n^3) for each of about ten of Newton's steps, and O(n^2) for each group.
  public init(wins: Matrix<Double>) {
    precondition(wins.rowCount == wins.columnCount, "a matrix that isn't square")
    precondition(
      wins.withUnsafeElements { $0.allSatisfy { $0 >= 0 && $0.isFinite } }, "a count that isn't a number from 0 on")
    let group = Self.largestGroup(wins)
    var strengths = [Strength?](repeating: nil, count: wins.rowCount)
    var fit = StrengthFit(wins: wins, group: group)
    if group.count >= 2, fit.run(), let variances = fit.variances() {
      for (index, competitor) in group.enumerated() {
        let (value, half) = (fit.strengths[index], Self.quantile * variances[index].squareRoot())
        strengths[competitor] = Strength(value: value, lower: value - half, upper: value + half)
      }
    }
    self.strengths = strengths
  }

  /// The competitors of whom each can be reached from each along wins: the most that there are, ascending; none where
  /// there are as many elsewhere.
  private static func largestGroup(_ wins: Matrix<Double>) -> [Int] {
    let count = wins.rowCount
    func reached(from start: Int, _ isStep: (Int, Int) -> Bool) -> [Bool] {
      var found = [Bool](repeating: false, count: count)
      found[start] = true
      var open = [start]
      while let from = open.popLast() {
        for to in 0..<count where !found[to] && isStep(from, to) {
          found[to] = true
          open.append(to)
        }
      }
      return found
    }
    var isGrouped = [Bool](repeating: false, count: count)
    var groups: [[Int]] = []
    for start in 0..<count where !isGrouped[start] {
      let below = reached(from: start) { wins[$0, $1] > 0 }
      let above = reached(from: start) { wins[$1, $0] > 0 }
      let group = (0..<count).filter { below[$0] && above[$0] }
      for member in group { isGrouped[member] = true }
      groups.append(group)
    }
    let size = groups.map(\.count).max() ?? 0
    let largest = groups.filter { $0.count == size }
    return largest.count == 1 ? largest[0] : []
  }
}

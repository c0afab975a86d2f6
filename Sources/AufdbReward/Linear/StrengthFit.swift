// The maximum of Bradley's and Terry's likelihood by Newton's method with a line search.

/// The search for the maximum, among competitors for whom there is one.
struct StrengthFit {
  /// w_ij: how often i beat j.
  private let wins: Matrix<Double>
  private let count: Int
  private(set) var strengths: [Double]

  // A step this short, in standard deviations, squared: the next one would be its square.
  private static var tolerance: Double { 1e-14 }
  private static var stepLimit: Int { 200 }
  private static var halvingLimit: Int { 60 }
  // What a step must bring of what its slope promises (L. Armijo, 1966).
  private static var leastShare: Double { 1e-4 }

  /// - Parameter group: the competitors, as places in `wins`.
  init(wins: Matrix<Double>, group: [Int]) {
    count = group.count
    strengths = Array(repeating: 0, count: count)
    var own = Matrix<Double>(rowCount: count, columnCount: count)
    for row in 0..<count {
      for column in 0..<count where row != column {
        own[row, column] = wins[group[row], group[column]]
      }
    }
    self.wins = own
  }

  /// Goes to the maximum.
  /// - Returns: false where the numbers are too far apart for it to be found.
  mutating func run() -> Bool {
    for _ in 0..<Self.stepLimit {
      let gradient = gradient()
      guard let factor = information().factor else { return false }
      let step = factor.solve(gradient)
      let slope = dot(step, gradient)
      guard slope.isFinite, take(step, slope) else { return false }
      if slope <= Self.tolerance { return true }
    }
    return false
  }

  /// The variance of each strength.
  func variances() -> [Double]? {
    let (factor, weight) = information()
    guard let factor else { return nil }
    // What was added to make it invertible has its own share in the inverse.
    let added = 1 / (weight * Double(count) * Double(count))
    return (0..<count).map { index in
      var unit = [Double](repeating: 0, count: count)
      unit[index] = 1
      return max(0, factor.solve(unit)[index] - added)
    }
  }

  /// Goes along a step, as far as the likelihood grows enough.
  private mutating func take(_ step: [Double], _ slope: Double) -> Bool {
    let before = loss(strengths)
    var length = 1.0
    for _ in 0..<Self.halvingLimit {
      var next = zip(strengths, step).map { $0 + length * $1 }
      // Near the maximum it changes by less than its rounding errors.
      if loss(next) <= before - Self.leastShare * length * slope + 1e-14 * before {
        let mean = next.reduce(0, +) / Double(count)
        for index in next.indices { next[index] -= mean }
        strengths = next
        return true
      }
      length /= 2
    }
    return false
  }

  /// The negative logarithm of the likelihood: the sum of w_ij log(1 + exp(s_j - s_i)).
  private func loss(_ strengths: [Double]) -> Double {
    var sum = 0.0
    for row in 0..<count {
      for column in 0..<count where wins[row, column] > 0 {
        sum += wins[row, column] * softplus(strengths[column] - strengths[row])
      }
    }
    return sum
  }

  /// The slope of the logarithm of the likelihood: for i, the wins less those expected, w_ij sigma(s_j - s_i) of each
  /// pair less w_ji sigma(s_i - s_j).
  private func gradient() -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for row in 0..<count {
      for column in 0..<count where wins[row, column] > 0 {
        let slope = wins[row, column] * PortableMath.sigmoid(strengths[column] - strengths[row])
        result[row] += slope
        result[column] -= slope
      }
    }
    return result
  }

  /// Fisher's information F, factored: (w_ij + w_ji) p (1 - p) in each pair.
  ///
  /// F has no inverse, because a common shift of all strengths changes nothing. `weight` times a matrix of ones is added,
  /// which has: it leaves alone what sums to 0.
  private func information() -> (factor: CholeskyFactor?, weight: Double) {
    var matrix = Matrix<Double>(rowCount: count, columnCount: count)
    var trace = 0.0
    for row in 0..<count {
      for column in 0..<row {
        let difference = strengths[row] - strengths[column]
        let part =
          (wins[row, column] + wins[column, row]) * PortableMath.sigmoid(difference) * PortableMath.sigmoid(-difference)
        matrix[row, column] -= part
        matrix[row, row] += part
        matrix[column, column] += part
        trace += 2 * part
      }
    }
    let weight = trace / Double(count) / Double(count)
    for row in 0..<count {
      for column in 0...row { matrix[row, column] += weight }
    }
    return (CholeskyFactor(of: matrix), weight)
  }
}

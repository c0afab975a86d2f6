// `dopt`: the comparison that shrinks the uncertainty about a linear reward the most.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The D-optimal pair: the one whose Fisher information raises the log-determinant of the information matrix most.
///
/// With features f_i, p = sigma(r_i - r_j) and w_ij = p (1 - p), or w_ij = 1/4 where `weight` is `equal`:
///
///     value of (i, j) = log(1 + w_ij |f_i - f_j|^2) = log det(E + w_ij (f_i - f_j)(f_i - f_j)') (E the identity)
///
/// Assumptions: Bradley-Terry comparisons of a reward that is linear in the features (the last layer of a network
/// taken as such), with the features given whitened by the information M gathered so far: f = M^(-1/2) x gives
/// log det(M + w (x_i - x_j)(x_i - x_j)') - log det M. Features taken as they are make it D-optimal for an isotropic
/// prior. The responses of one prompt are all that it sees: diversity over the prompts of a batch comes from the
/// caller's updating the whitening, within a prompt from `next`.
///
/// The pair is the smallest (i, j), i < j, of those with the largest value; of its two responses the one of the
/// higher reward comes first (only with `weight` = `rewards`), otherwise the lower index. No draws. Distances are sums
/// of squares in double. Values are compared as log w_ij + log |f_i - f_j|^2 and so don't saturate.
/// Complexity: O(k^2 d), no allocation.
///
/// Source: Y. Shen, H. Sun, J.-F. Ton, "Active Reward Modeling: Adaptive Preference Labeling for Large Language Model
/// Alignment", ICML 2025 (arXiv 2502.04354). They choose from pairs of a whole batch; here each prompt has its pair.
public struct DOptMethod: SelectionMethod {
  public static let name = "dopt"
  public static let summary = "the comparison that adds most Fisher information over whitened features"
  public static let formula = "argmax of log(1 + p (1 - p) |f_i - f_j|^2), p = sigma(r_i - r_j)"
  public static let source = "Shen, Sun and Ton, ICML 2025, arXiv 2502.04354, as D-opt"
  public static let criterionFormula: String? = "log(1 + p (1 - p) |f_i - f_j|^2)"
  public static let parameterDefinitions: [ParameterDefinition] = [.comparisonWeight]
  public static let alternativeNeeds: [CandidateColumns] = Weight.allCases.map(\.columns)

  /// What a comparison weighs.
  public enum Weight: String, Sendable, Hashable, CaseIterable {
    /// p (1 - p) by the rewards: a comparison of foregone outcome tells little.
    case rewards
    /// The same for all comparisons, 1/4.
    case equal

    /// The columns that the method then needs.
    var columns: CandidateColumns {
      switch self {
      case .rewards: [.rewards, .features]
      case .equal: .features
      }
    }
  }

  public let weight: Weight

  public init(weight: Weight = .rewards) {
    self.weight = weight
  }

  public init(texts: ParameterTexts) throws(ParameterError) {
    self.init(
      weight: try texts.word(.comparisonWeight) ?? (texts.available.contains(.rewards) ? .rewards : .equal))
  }

  public var needs: CandidateColumns { weight.columns }
  public var parameters: [Parameter] { [Parameter(ParameterDefinition.comparisonWeight.name, .word(weight.rawValue))] }

  public func pick(_ candidates: Candidates, random: KeyedRandom) -> SelectionOutcome {
    var best = Pair(first: 0, second: 1)
    var bestValue = -Double.infinity
    // A squared distance under 4 e^bestValue can't win, whatever the weight; the margin is for rounding.
    var smallestDistance = 0.0
    for first in 0..<candidates.count {
      for second in first + 1..<max(first + 1, candidates.count) {
        let distance = Self.squaredDistance(first, second, candidates)
        if distance < smallestDistance { continue }
        let value = log(distance) + logWeight(first, second, candidates)
        if value > bestValue {
          (best, bestValue) = (Pair(first: first, second: second), value)
          smallestDistance = 4 * exp(value) * (1 - 1e-9)
        }
      }
    }
    let isReversed = weight == .rewards && candidates.rewards[best.second] > candidates.rewards[best.first]
    return .pair(isReversed ? Pair(first: best.second, second: best.first) : best)
  }

  public func criterion(_ candidates: Candidates, random: KeyedRandom) -> PairCriterion {
    PairCriterion(count: candidates.count) { first, second in
      log1p(exp(log(Self.squaredDistance(first, second, candidates)) + logWeight(first, second, candidates)))
    }
  }

  /// The response whose comparisons with all of `chosen` add most, once those among `chosen` are made.
  ///
  /// That is the largest log det(E + sum of w_ab (f_a - f_b)(f_a - f_b)') over all pairs of the responses chosen and
  /// the new one; the lowest index of equals. Complexity: O(k (m^2 d + m^3)) for m responses.
  public func next(after chosen: [Int], _ candidates: Candidates, random: KeyedRandom) -> Int? {
    var best: (index: Int, value: Double)?
    for index in 0..<candidates.count where !chosen.contains(index) {
      let value = jointInformation(of: chosen + [index], candidates)
      if best.map({ value > $0.value }) ?? true { best = (index, value) }
    }
    return best?.index
  }

  /// log det(E + sum over all pairs a, b of `chosen` of w_ab (f_a - f_b)(f_a - f_b)').
  ///
  /// The sum is D' L D, where the rows of D are f_a - f_0 for all but the first response, and L is the Laplacian of
  /// the weights without that response's row and column. By the matrix-determinant lemma the log-determinant is that of
  /// E + L D D', which has the size of the number of responses and not of the features.
  private func jointInformation(of chosen: [Int], _ candidates: Candidates) -> Double {
    let size = chosen.count - 1
    var laplacian = [Double](repeating: 0, count: size * size)
    for (place, first) in chosen.enumerated() {
      for (otherPlace, second) in chosen.enumerated() where otherPlace != place && place > 0 {
        let weight = exp(logWeight(first, second, candidates))
        laplacian[(place - 1) * size + place - 1] += weight
        if otherPlace > 0 { laplacian[(place - 1) * size + otherPlace - 1] -= weight }
      }
    }
    var gram = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in row..<size {
        let product = Self.innerProduct(chosen[row + 1], chosen[column + 1], from: chosen[0], candidates)
        gram[row * size + column] = product
        gram[column * size + row] = product
      }
    }
    var matrix = SquareMatrix(size: size) { row, column in
      (0..<size).reduce(0) { $0 + laplacian[row * size + $1] * gram[$1 * size + column] }
    }
    // Under 1e-8 the trace is the log-determinant to eight digits, and E would swallow the difference.
    let trace = (0..<size).reduce(0) { $0 + matrix[$1, $1] }
    if trace < 1e-8 { return trace }
    for place in 0..<size { matrix[place, place] += 1 }
    return matrix.logDeterminant()
  }

  private func logWeight(_ first: Int, _ second: Int, _ candidates: Candidates) -> Double {
    switch weight {
    case .rewards:
      BradleyTerry.logVariance(ofDifference: Double(candidates.rewards[first]) - Double(candidates.rewards[second]))
    case .equal: BradleyTerry.logVariance(ofDifference: 0)
    }
  }

  /// |f_first - f_second|^2.
  private static func squaredDistance(_ first: Int, _ second: Int, _ candidates: Candidates) -> Double {
    innerProduct(first, first, from: second, candidates)
  }

  /// (f_a - f_origin) . (f_b - f_origin), in double, eight sums side by side and then their total.
  private static func innerProduct(_ a: Int, _ b: Int, from origin: Int, _ candidates: Candidates) -> Double {
    let dimension = candidates.featureDimension
    guard let features = candidates.features.baseAddress else { return 0 }
    let (rowA, rowB, rowOrigin) = (features + a * dimension, features + b * dimension, features + origin * dimension)
    var sums = SIMD8<Double>()
    var place = 0
    while place &+ 8 <= dimension {
      let start = load(rowOrigin + place)
      sums += (load(rowA + place) - start) * (load(rowB + place) - start)
      place &+= 8
    }
    var sum = sums.sum()
    while place < dimension {
      let start = Double(rowOrigin[place])
      sum += (Double(rowA[place]) - start) * (Double(rowB[place]) - start)
      place &+= 1
    }
    return sum
  }

  private static func load(_ values: UnsafePointer<Float>) -> SIMD8<Double> {
    SIMD8<Double>(UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Float>.self))
  }
}

/// A small dense matrix.
private struct SquareMatrix {
  private let size: Int
  private var values: [Double]

  init(size: Int, value: (Int, Int) -> Double) {
    self.size = size
    values = (0..<size * size).map { value($0 / size, $0 % size) }
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * size + column] }
    set { values[row * size + column] = newValue }
  }

  /// log |det|, by elimination with the largest pivot of each column. Complexity: O(size^3).
  consuming func logDeterminant() -> Double {
    var sum = 0.0
    for step in 0..<size {
      let pivot = (step..<size).reduce(step) { abs(self[$1, step]) > abs(self[$0, step]) ? $1 : $0 }
      if pivot != step {
        for column in step..<size { values.swapAt(pivot * size + column, step * size + column) }
      }
      sum += log(abs(self[step, step]))
      for row in step + 1..<max(step + 1, size) {
        let factor = self[row, step] / self[step, step]
        for column in step + 1..<max(step + 1, size) { self[row, column] -= factor * self[step, column] }
      }
    }
    return sum
  }
}

extension ParameterDefinition {
  /// `weight`: what a comparison weighs.
  static let comparisonWeight = ParameterDefinition(
    name: "weight", summary: "weigh comparisons by the rewards' Bradley-Terry chance p, as p (1 - p), or all alike",
    kind: .word(DOptMethod.Weight.allCases.map(\.rawValue)), defaultText: "rewards where given, otherwise equal")
}

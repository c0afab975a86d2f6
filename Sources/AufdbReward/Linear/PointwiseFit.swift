// A linear reward fitted to judges' scores of single responses, some of one prompt:
//
//     y = mu + Phi w + noise,   w ~ N(0, I / ridge),   noise ~ N(0, V),   V = I + 1/2 [same prompt]
//
// V's second part is what scores of a prompt have in common. With K = Phi Phi' / ridge + V the answer is
//
//     mu = 1'K^-1 y / 1'K^-1 1,   w = Phi'K^-1 (y - mu 1) / ridge
//
// V^-1/2 is known: within a prompt of m rows it is I - c 11', (1 - c m)^2 = 1 / (1 + m / 2). So rows, targets and the
// ones are whitened by it, R = V^-1/2 Phi, and what remains is a ridge regression with independent noise: with
// B = ridge I + R R' (the dual form) w = R'B^-1 (y~ - mu 1~), and with H = ridge I + R'R (the primal form)
// w = H^-1 R'(y~ - mu 1~), B^-1 = (I - R H^-1 R') / ridge. The posterior precision of w is H; that mu is estimated too
// is left out of it.

/// Weights of a linear reward, fitted to targets.
public struct PointwiseFit: Sendable {
  /// w, one a feature.
  public let weights: [Double]
  /// mu, the level of the targets; 0 without any.
  public let level: Double

  let ridge: Double
  // R.
  private let whiteRows: Matrix<Float>

  // How much of the noise a prompt's scores have in common.
  private static var sharedNoise: Double { 0.5 }

  /// Fits weights.
  ///
  /// - Parameters:
  ///   - features: Phi, n x d, the rows of a prompt one after the other; n may be 0, and then w = 0.
  ///   - groupSizes: how many rows each prompt has; their sum is n.
  ///   - targets: y, finite.
  ///   - ridge: > 0 and finite.
  ///   - form: if nil, the dual one where n < d.
  /// - Throws: `LinearFitError.input` and `.illConditioned`.
  /// - Complexity: n d^2 / 2 + d^3 / 6 multiply-adds, or n^2 d / 2 + n^3 / 6.
  public init(
    features: MatrixView<Float>, groupSizes: [Int], targets: [Double], ridge: Double = 3,
    form: BradleyTerryFit.Form? = nil
  ) throws(LinearFitError) {
    precondition(groupSizes.reduce(0, +) == features.rowCount, "groups that aren't all of the rows")
    precondition(targets.count == features.rowCount, "another number of targets than rows")
    precondition(targets.allSatisfy(\.isFinite), "a target that isn't finite")
    precondition(ridge > 0 && ridge.isFinite && (1 / ridge).isFinite, "a ridge that isn't positive and finite")
    do { try features.check() } catch { throw .input(error) }
    self.ridge = ridge
    var rows = Matrix<Float>(rowCount: features.rowCount, columnCount: features.columnCount)
    rows.withMutableView { $0.copy(features) }
    var (targets, ones) = (targets, [Double](repeating: 1, count: targets.count))
    Self.whiten(&rows, groupSizes: groupSizes)
    Self.whiten(&targets, groupSizes: groupSizes)
    Self.whiten(&ones, groupSizes: groupSizes)
    whiteRows = rows
    guard !targets.isEmpty else {
      (weights, level) = (Array(repeating: 0, count: features.columnCount), 0)
      return
    }
    let isDual = form.map { $0 == .dual } ?? (features.rowCount < features.columnCount)
    (weights, level) = try rows.withView { rows throws(LinearFitError) in
      isDual
        ? try Self.dual(rows, targets: targets, ones: ones, ridge: ridge)
        : try Self.primal(rows, targets: targets, ones: ones, ridge: ridge)
    }
  }

  /// The posterior of w, given mu.
  func posterior() throws(LinearFitError) -> GaussianPosterior {
    try whiteRows.withView { rows throws(LinearFitError) in
      try GaussianPosterior(rows: rows, weights: Array(repeating: 1, count: rows.rowCount), ridge: ridge)
    }
  }

  private static func dual(
    _ rows: MatrixView<Float>, targets: [Double], ones: [Double], ridge: Double
  ) throws(LinearFitError) -> (weights: [Double], level: Double) {
    let products = rows.wideRowProducts().scaled(by: Array(repeating: 1, count: rows.rowCount), diagonal: ridge)
    guard let factor = CholeskyFactor(of: products) else { throw .illConditioned }
    let (solvedTargets, solvedOnes) = (factor.solve(targets), factor.solve(ones))
    let level = dot(ones, solvedTargets) / dot(ones, solvedOnes)
    return (rows.wideTransposeTimes(zip(solvedTargets, solvedOnes).map { $0 - level * $1 }), level)
  }

  private static func primal(
    _ rows: MatrixView<Float>, targets: [Double], ones: [Double], ridge: Double
  ) throws(LinearFitError) -> (weights: [Double], level: Double) {
    let gram = rows.wideGram(weights: Array(repeating: 1, count: rows.rowCount), diagonal: ridge)
    guard let factor = CholeskyFactor(of: gram) else { throw .illConditioned }
    // 1'B^-1 times ridge; B is symmetric.
    let explained = rows.wideTimes(factor.solve(rows.wideTransposeTimes(ones)))
    let rest = zip(ones, explained).map { $0 - $1 }
    let size = dot(rest, ones)
    guard size > 0 else { throw .illConditioned }
    let level = dot(rest, targets) / size
    let residuals = zip(targets, ones).map { $0 - level * $1 }
    return (factor.solve(rows.wideTransposeTimes(residuals)), level)
  }

  /// c for a prompt of `count` rows.
  private static func whitening(_ count: Int) -> Double {
    (1 - (1 / (1 + sharedNoise * Double(count))).squareRoot()) / Double(count)
  }

  private static func whiten(_ vector: inout [Double], groupSizes: [Int]) {
    var start = 0
    for size in groupSizes where size > 0 {
      let share = whitening(size) * vector[start..<start + size].reduce(0, +)
      for index in start..<start + size { vector[index] -= share }
      start += size
    }
  }

  private static func whiten(_ rows: inout Matrix<Float>, groupSizes: [Int]) {
    let width = rows.columnCount
    var means: [Double] = []
    rows.withUnsafeMutableElements { elements in
      var start = 0
      for size in groupSizes where size > 0 && width > 0 {
        let group = UnsafeMutableBufferPointer(rebasing: elements[start..<start + size * width])
        Group.takeMeans(of: UnsafeBufferPointer(group), columnCount: width, into: &means)
        let share = whitening(size) * Double(size)
        for index in means.indices { means[index] *= share }
        Group.subtract(means, from: UnsafeBufferPointer(group), into: group)
        start += size * width
      }
    }
  }
}

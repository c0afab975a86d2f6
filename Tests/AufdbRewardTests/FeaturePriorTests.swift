// Features from unlabelled candidates: distances are what the covariance says, whatever its rank.

import AufdbReward
import AufdbTestSupport
import Testing

/// Candidates of which a kind of covariance comes.
struct CandidateCase: Sendable, CustomStringConvertible {
  let name: String
  let dimension: Int
  let sizes: [Int]
  var centre = 3.0
  let deviation: @Sendable (Int) -> Double
  /// Columns that are copies of others.
  var copies: [Int: Int] = [:]

  var description: String { name }

  func groups(seed: UInt64) -> [Matrix<Float>] {
    var generator = SeededGenerator(seed: seed)
    let groups = generator.groups(sizes: sizes, dimension: dimension, centre: centre, deviation: deviation)
    return groups.map { group in
      var group = group
      for row in 0..<group.rowCount {
        for (column, original) in copies { group[row, column] = group[row, original] }
      }
      return group
    }
  }

  static let all: [CandidateCase] = [
    CandidateCase(name: "one number", dimension: 1, sizes: [2, 3], deviation: { _ in 1 }),
    CandidateCase(
      name: "full rank", dimension: 20, sizes: Array(repeating: 6, count: 60), deviation: { _ in 1 }),
    CandidateCase(
      name: "falling spectrum", dimension: 70, sizes: Array(repeating: 9, count: 40),
      deviation: { 1 / Double($0 + 1) }),
    CandidateCase(
      name: "one large direction", dimension: 30, sizes: Array(repeating: 5, count: 30),
      deviation: { $0 == 0 ? 300 : 1 }),
    CandidateCase(
      name: "fewer rows than numbers", dimension: 150, sizes: [7, 5, 6, 4], deviation: { 1 / Double($0 + 1) }),
    CandidateCase(
      name: "flat, fewer rows than numbers", dimension: 90, sizes: Array(repeating: 10, count: 6),
      deviation: { _ in 1 }),
    CandidateCase(
      name: "equal columns", dimension: 24, sizes: Array(repeating: 8, count: 20), deviation: { _ in 1 },
      copies: [3: 0, 4: 0, 23: 22]),
    CandidateCase(
      name: "few directions", dimension: 40, sizes: Array(repeating: 8, count: 20),
      deviation: { $0 < 6 ? 1 : 0 }),
    CandidateCase(name: "tiny numbers", dimension: 9, sizes: [5, 6, 7], centre: 1e-9, deviation: { _ in 1e-9 }),
  ]
}

@Suite struct FeaturePriorTests {
  /// |phi_i - phi_j|^2 = kappa^2 (x_i - x_j)' C (x_i - x_j).
  @Test(arguments: CandidateCase.all, [UInt64(301), 302])
  func distancesAreThoseOfTheCovariance(candidates: CandidateCase, seed: UInt64) throws {
    let groups = candidates.groups(seed: seed)
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: candidates.dimension))
    let covariance = naiveCovariance(groups, dimension: candidates.dimension)
    #expect(prior.dimension == candidates.dimension)
    for group in groups.prefix(3) {
      let features = try prior.features(of: group)
      let length = (0..<group.rowCount).map { squaredLength(features.doubles.row($0)) }.max() ?? 0
      for first in 0..<group.rowCount {
        for second in 0..<first {
          let found = squaredLength(difference(features, first, second))
          let expected =
            prior.scale * prior.scale * covariance.quadraticForm(difference(group, first, second))
          // Features that are long beside their distance have rounding errors of their own.
          let tolerance = 1e-5 * expected + 0x1p-21 * (expected * length).squareRoot()
          #expect((found - expected).magnitude <= tolerance, "\(candidates), seed \(seed)")
        }
      }
    }
  }

  /// The mean of |phi|^2 is the mean of |z|^2, and each prompt's features have mean 0.
  @Test(arguments: CandidateCase.all, [UInt64(311)])
  func featuresAreAsLongAsTheDifferences(candidates: CandidateCase, seed: UInt64) throws {
    let groups = candidates.groups(seed: seed)
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: candidates.dimension))
    let rows = centredRows(groups)
    let expected = rows.reduce(0) { $0 + squaredLength($1) } / Double(rows.count)
    var sum = 0.0
    for group in groups {
      let features = try prior.features(of: group)
      sum += squaredLength(features.doubles.all)
      for column in 0..<candidates.dimension {
        let total = (0..<group.rowCount).reduce(0.0) { $0 + Double(features[$1, column]) }
        #expect(total.magnitude <= 1e-4 * expected.squareRoot(), "\(candidates), seed \(seed)")
      }
    }
    let found = sum / Double(rows.count)
    #expect((found - expected).magnitude <= 1e-5 * expected, "\(candidates), seed \(seed)")
  }

  /// Turning all embeddings changes no inner product of features.
  @Test(arguments: [UInt64(321), 322])
  func turningTheEmbeddingsChangesNothing(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let groups = CandidateCase.all[2].groups(seed: seed)
    let turn = generator.turn(70)
    let turned = groups.map { turn.turned($0) }
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: 70))
    let turnedPrior = try FeaturePrior(of: CandidateCovariance(of: turned, dimension: 70))
    for (group, turnedGroup) in zip(groups, turned).prefix(5) {
      let features = try prior.features(of: group).doubles
      let turnedFeatures = try turnedPrior.features(of: turnedGroup).doubles
      let products = features.naiveTimes(features.transpose)
      let turnedProducts = turnedFeatures.naiveTimes(turnedFeatures.transpose)
      #expect(
        products.largestDifference(from: turnedProducts) <= 1e-5 * products.largestMagnitude, "seed \(seed)")
    }
  }

  /// Embeddings 1024 times as large have features 1024 times as large, to the bit.
  @Test(arguments: CandidateCase.all, [UInt64(331)])
  func featuresScaleWithTheEmbeddings(candidates: CandidateCase, seed: UInt64) throws {
    let groups = candidates.groups(seed: seed)
    let scaled = groups.map { Self.scaled($0, by: 1024) }
    let dimension = candidates.dimension
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: dimension))
    let scaledPrior = try FeaturePrior(of: CandidateCovariance(of: scaled, dimension: dimension))
    #expect(
      try scaledPrior.features(of: scaled[0]) == Self.scaled(prior.features(of: groups[0]), by: 1024),
      "\(candidates), seed \(seed)")
  }

  /// A linear reward on features is one on embeddings.
  @Test(arguments: CandidateCase.all, [UInt64(341)])
  func weightsCanBeTakenToTheEmbeddings(candidates: CandidateCase, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let groups = candidates.groups(seed: seed)
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: candidates.dimension))
    let weights = (0..<candidates.dimension).map { _ in generator.uniform() }
    let embeddingWeights = prior.embeddingWeights(weights)
    let features = try prior.features(of: groups[0])
    for row in 1..<groups[0].rowCount {
      let terms = zip(weights, difference(features, row, 0)).map { $0 * $1 }
      let found = zip(embeddingWeights, difference(groups[0], row, 0)).reduce(0) { $0 + $1.0 * $1.1 }
      let size = terms.reduce(0) { $0 + $1.magnitude }
      #expect((found - terms.reduce(0, +)).magnitude <= 1e-5 * size, "\(candidates), seed \(seed)")
    }
  }

  @Test func uncentredFeaturesAreShiftedAlike() throws {
    let groups = CandidateCase.all[1].groups(seed: 351)
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: 20))
    let centred = try prior.features(of: groups[0])
    let uncentred = try prior.features(of: groups[0], isCentred: false)
    let shift = difference(uncentred, 0, 0).indices.map { Double(uncentred[0, $0]) - Double(centred[0, $0]) }
    #expect(squaredLength(shift) > 1)
    for row in 0..<groups[0].rowCount {
      for column in 0..<20 {
        let found = Double(uncentred[row, column]) - Double(centred[row, column])
        #expect((found - shift[column]).magnitude <= 1e-4)
      }
    }
  }

  @Test func aLoneResponseHasFeaturesZero() throws {
    let groups = CandidateCase.all[1].groups(seed: 361)
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: 20))
    let lone = Matrix<Float>(rowCount: 1, columnCount: 20, elements: groups[0].row(0))
    #expect(try prior.features(of: lone) == Matrix(rowCount: 1, columnCount: 20))
    #expect(try squaredLength(prior.features(of: lone, isCentred: false).doubles.all) > 0)
    #expect(try prior.features(of: Matrix(rowCount: 0, columnCount: 20)).rowCount == 0)
  }

  @Test func equalCandidatesHaveFeaturesZero() throws {
    let group = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [1, 2, 1, 2, 1, 2])
    let prior = try FeaturePrior(of: CandidateCovariance(of: [group], dimension: 2))
    #expect(prior.scale == 0)
    #expect(try prior.features(of: group) == Matrix(rowCount: 3, columnCount: 2))
    #expect(try prior.features(of: group, isCentred: false) == Matrix(rowCount: 3, columnCount: 2))
    #expect(prior.embeddingWeights([1, 1]) == [0, 0])
  }

  @Test func withoutCandidatesThereIsNoPrior() {
    #expect(throws: EmbeddingError.noCandidates) { try FeaturePrior(of: CandidateCovariance(dimension: 3)) }
  }

  @Test(arguments: [Float.nan, .infinity, -1e18])
  func badNumbersAreRefusedAndNothingIsWritten(value: Float) throws {
    let groups = CandidateCase.all[1].groups(seed: 371)
    let prior = try FeaturePrior(of: CandidateCovariance(of: groups, dimension: 20))
    var bad = groups[0]
    bad[2, 19] = value
    let features = [Float](unsafeUninitializedCapacity: bad.rowCount * 20) { features, count in
      features.initialize(repeating: 7)
      count = bad.rowCount * 20
      var workspace = GroupWorkspace()
      #expect(throws: EmbeddingError.outOfRange(row: 2, column: 19, value: "\(value)")) {
        try bad.withUnsafeElements { elements throws(EmbeddingError) in
          try prior.writeFeatures(of: elements, rowCount: bad.rowCount, into: features, workspace: &workspace)
        }
      }
    }
    #expect(features.allSatisfy { $0 == 7 })
  }

  private static func scaled(_ matrix: Matrix<Float>, by factor: Float) -> Matrix<Float> {
    Matrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount, elements: matrix.all.map { $0 * factor })
  }
}

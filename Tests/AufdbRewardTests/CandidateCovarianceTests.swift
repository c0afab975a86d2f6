// The covariance within prompts: against its definition in doubles, its laws, and what it refuses.

import AufdbReward
import AufdbTestSupport
import Testing

@Suite struct CandidateCovarianceTests {
  /// Ragged groups around centres a hundred times as large as their differences.
  @Test(arguments: [1, 2, 17, 40], [UInt64(101), 102])
  func agreesWithTheDefinition(dimension: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let sizes = (0..<90).map { $0 % 13 }
    let groups = generator.groups(sizes: sizes, dimension: dimension, centre: 100)
    let candidates = try CandidateCovariance(of: groups, dimension: dimension)
    #expect(candidates.rowCount == sizes.filter { $0 >= 2 }.reduce(0, +), "seed \(seed)")
    #expect(candidates.groupCount == sizes.filter { $0 >= 2 }.count, "seed \(seed)")
    #expect(candidates.ignoredGroupCount == sizes.filter { $0 < 2 }.count, "seed \(seed)")
    try expectClose(candidates.covariance(), naiveCovariance(groups, dimension: dimension), "seed \(seed)")
  }

  @Test func aGroupMayBeLargerThanABlock() throws {
    var generator = SeededGenerator(seed: 111)
    let groups = generator.groups(sizes: [1100, 3, 513], dimension: 5)
    let candidates = try CandidateCovariance(of: groups, dimension: 5)
    #expect(candidates.rowCount == 1616)
    try expectClose(candidates.covariance(), naiveCovariance(groups, dimension: 5), "large groups")
  }

  /// Errors don't grow with the number of rows.
  @Test func manyRowsLoseNothing() throws {
    var generator = SeededGenerator(seed: 121)
    let group = generator.groups(sizes: [50], dimension: 3, centre: 10)[0]
    var candidates = CandidateCovariance(dimension: 3)
    for _ in 0..<4000 { try candidates.add(group) }
    #expect(candidates.rowCount == 200_000)
    try expectClose(candidates.covariance(), naiveCovariance([group], dimension: 3), "200,000 rows")
  }

  @Test func traceIsTheMeanSquaredLength() throws {
    var generator = SeededGenerator(seed: 131)
    let groups = generator.groups(sizes: [4, 7, 9], dimension: 12)
    let covariance = try CandidateCovariance(of: groups, dimension: 12).covariance()
    let trace = (0..<12).reduce(0) { $0 + covariance[$1, $1] }
    let rows = centredRows(groups)
    let mean = rows.reduce(0) { $0 + squaredLength($1) } / Double(rows.count)
    #expect((trace - mean).magnitude <= 1e-6 * mean)
  }

  /// Two shares merged are the whole; asking meanwhile changes nothing.
  @Test(arguments: [0, 1, 60, 120], [UInt64(141)])
  func mergedSharesAreTheWhole(cut: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let groups = generator.groups(sizes: (0..<120).map { $0 % 17 }, dimension: 9)
    let whole = try CandidateCovariance(of: groups, dimension: 9)
    var merged = try CandidateCovariance(of: Array(groups[..<cut]), dimension: 9)
    merged.merge(try CandidateCovariance(of: Array(groups[cut...]), dimension: 9))
    #expect(merged.rowCount == whole.rowCount, "cut \(cut), seed \(seed)")
    #expect(merged.groupCount == whole.groupCount, "cut \(cut), seed \(seed)")
    #expect(merged.ignoredGroupCount == whole.ignoredGroupCount, "cut \(cut), seed \(seed)")
    try expectClose(merged.covariance(), whole.covariance(), "cut \(cut), seed \(seed)")

    var watched = CandidateCovariance(dimension: 9)
    for group in groups {
      try watched.add(group)
      if watched.rowCount > 0 { _ = try watched.covariance() }
    }
    #expect(try watched.covariance() == whole.covariance(), "seed \(seed)")
  }

  /// Adding a vector to all responses of a prompt changes nothing; the numbers are such that the sums are exact.
  @Test(arguments: [UInt64(151), 152])
  func aPromptsOwnCentreDoesNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let groups = (0..<40).map { generator.wholeMatrix($0 % 4 * 2, 6, of: Float.self) }
    let shifted = groups.map { group in
      let shift = generator.wholeMatrix(1, 6, of: Float.self).row(0)
      return Matrix<Float>(
        rowCount: group.rowCount, columnCount: 6,
        elements: group.all.enumerated().map { $1 + 1024 * shift[$0 % 6] })
    }
    let before = try CandidateCovariance(of: groups, dimension: 6).covariance()
    try expectClose(CandidateCovariance(of: shifted, dimension: 6).covariance(), before, "seed \(seed)")
  }

  @Test func equalCandidatesHaveNoCovariance() throws {
    let group = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [0.1, -7, 0.1, -7, 0.1, -7])
    let covariance = try CandidateCovariance(of: [group], dimension: 2).covariance()
    #expect(covariance == Matrix(rowCount: 2, columnCount: 2))
  }

  @Test func withoutTwoCandidatesThereIsNoAnswer() throws {
    var candidates = CandidateCovariance(dimension: 2)
    #expect(throws: EmbeddingError.noCandidates) { try candidates.covariance() }
    try candidates.add(Matrix<Float>(rowCount: 1, columnCount: 2, elements: [1, 2]))
    try candidates.add(Matrix<Float>(rowCount: 0, columnCount: 2))
    #expect(candidates.ignoredGroupCount == 2)
    #expect(throws: EmbeddingError.noCandidates) { try candidates.covariance() }
  }

  @Test func differencesThatVanishAreRefused() throws {
    let group = Matrix<Float>(rowCount: 2, columnCount: 1, elements: [1e-30, -1e-30])
    let candidates = try CandidateCovariance(of: [group], dimension: 1)
    #expect(throws: EmbeddingError.tooSmall) { try candidates.covariance() }
    var merged = CandidateCovariance(dimension: 1)
    merged.merge(candidates)
    #expect(throws: EmbeddingError.tooSmall) { try merged.covariance() }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 3e17, -3.4e38])
  func badNumbersAreRefusedAndChangeNothing(value: Float) throws {
    var generator = SeededGenerator(seed: 161)
    let good = generator.groups(sizes: [5, 600], dimension: 3)
    var candidates = try CandidateCovariance(of: good, dimension: 3)
    let before = try candidates.covariance()
    for rowCount in [1, 4] {
      var bad = generator.matrix(rowCount, 3, of: Float.self)
      bad[rowCount - 1, 1] = value
      #expect(throws: EmbeddingError.outOfRange(row: rowCount - 1, column: 1, value: "\(value)")) {
        try candidates.add(bad)
      }
    }
    #expect(try candidates.covariance() == before)
    #expect(candidates.groupCount == 2 && candidates.ignoredGroupCount == 0)
  }

  /// The largest numbers allowed don't overflow.
  @Test func theLargestNumbersAreFine() throws {
    let edge: Float = 0x1p58
    let rows = (0..<600).map { $0 % 2 == 0 ? edge : -edge }
    let group = Matrix<Float>(rowCount: 600, columnCount: 1, elements: rows)
    let covariance = try CandidateCovariance(of: [group], dimension: 1).covariance()
    #expect(covariance[0, 0] == 0x1p116)
  }

  /// Within two millionths of the elements' natural size.
  private func expectClose(_ found: Matrix<Double>, _ expected: Matrix<Double>, _ place: String) {
    for row in 0..<expected.rowCount {
      for column in 0..<expected.columnCount {
        let size = (expected[row, row] * expected[column, column]).squareRoot()
        let error = (found[row, column] - expected[row, column]).magnitude
        #expect(error <= 2e-6 * size, "row \(row), column \(column), \(place)")
        #expect(found[row, column] == found[column, row], "row \(row), column \(column), \(place)")
      }
    }
  }
}

// Estimates of the ensemble: against its definition in doubles at shapes around panels, tiles and runs; and their laws.

import AufdbReward
import AufdbTestSupport
import Testing

@Suite struct EnsembleHeadTests {
  /// Inputs, hidden units, layers, heads, responses.
  static let shapes: [[Int]] = [
    [1, 1, 2, 1, 1], [1, 3, 1, 2, 3], [5, 1, 3, 2, 33], [33, 17, 2, 3, 5], [257, 9, 2, 2, 31], [300, 8, 1, 2, 65],
    [31, 257, 2, 1, 3], [16, 16, 4, 2, 32], [7, 40, 2, 5, 130], [513, 6, 2, 1, 1],
  ]

  @Test(arguments: shapes, [UInt64(1), 2])
  func rewardsAgreeWithTheDefinition(shape: [Int], seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let head = try generator.ensemble(inputs: shape[0], hidden: shape[1], layers: shape[2], heads: shape[3])
    let inputs: Matrix<Float> = generator.matrix(shape[4], shape[0])
    let estimates = try head.estimates(inputs)
    let rows = (0..<shape[4]).map { inputs.row($0).map(Double.init) }
    let networks = (0..<shape[3]).map { NaiveNetwork(head, $0) }
    let expected = rows.flatMap { row in networks.map { $0.reward(row) } }
    let tolerance = 1e-5 * max(1, largestMagnitude(expected))
    #expect(largestDifference(estimates.heads, expected) <= tolerance, "\(shape), seed \(seed)")
  }

  @Test(arguments: EnsembleHead.Centre.allCases, EnsembleHead.Bounds.allCases)
  func summariesAgreeWithTheirDefinitions(centre: EnsembleHead.Centre, bounds: EnsembleHead.Bounds) throws {
    for headCount in 1...6 {
      var generator = SeededGenerator(seed: 11)
      let head = try generator.ensemble(
        inputs: 3, hidden: 4, layers: 2, heads: headCount, beta: 1.5, centre: centre, bounds: bounds)
      let estimates = try head.estimates(generator.matrix(50, 3))
      for row in 0..<50 {
        let single = estimates.heads[row * headCount..<(row + 1) * headCount].map { Double($0) }
        let mean = single.reduce(0, +) / Double(headCount)
        let reward = centre == .mean ? mean : single.sorted()[(headCount - 1) / 2]
        let squares = single.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(headCount - 1)).squareRoot()
        let (lower, upper) =
          bounds == .extremes
          ? (single.min()!, single.max()!) : (reward - 1.5 * deviation, reward + 1.5 * deviation)
        let found = [estimates.rewards[row], estimates.lower[row], estimates.upper[row]]
        #expect(largestDifference(found, [reward, lower, upper]) <= 1e-6, "\(headCount) heads, row \(row)")
        #expect(headCount == 1 && bounds == .deviation || found[1] <= found[0] && found[0] <= found[2])
      }
    }
  }

  /// A response's estimate has the same bits on any number of threads, and whatever else is asked about.
  @Test(arguments: [UInt64(21), 22])
  func bitsDependOnTheResponseAlone(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let head = try generator.ensemble(inputs: 37, hidden: 21, layers: 2, heads: 5)
    let inputs: Matrix<Float> = generator.matrix(391, 37)
    let whole = try head.estimates(inputs)
    for threadCount in 2...3 {
      #expect(try head.estimates(inputs, threadCount: threadCount) == whole, "\(threadCount) threads, seed \(seed)")
    }
    for _ in 0..<10 {
      let start = Int.random(in: 0..<391, using: &generator)
      let rows = start..<Int.random(in: start + 1...391, using: &generator)
      var part = RewardEstimates()
      try inputs.withView { inputs throws(EmbeddingError) in
        try head.estimate(
          inputs.part(rows: rows, columns: 0..<37), groupSizes: [rows.count], threadCount: 2, into: &part)
      }
      #expect(part.heads == Array(whole.heads[rows.lowerBound * 5..<rows.upperBound * 5]), "\(rows), seed \(seed)")
      #expect(part.rewards == Array(whole.rewards[rows]), "\(rows), seed \(seed)")
      #expect(part.lower == Array(whole.lower[rows]), "\(rows), seed \(seed)")
      #expect(part.upper == Array(whole.upper[rows]), "\(rows), seed \(seed)")
    }
  }

  /// Inputs may lie in memory as columns.
  @Test func transposedInputsGiveTheSame() throws {
    var generator = SeededGenerator(seed: 31)
    let head = try generator.ensemble(inputs: 35, hidden: 6, layers: 2, heads: 3)
    let inputs: Matrix<Float> = generator.matrix(40, 35)
    var estimates = RewardEstimates()
    try inputs.transpose.withView { columns throws(EmbeddingError) in
      try head.estimate(columns.transposed, threadCount: 1, into: &estimates)
    }
    #expect(try estimates == head.estimates(inputs))
  }

  @Test func memoryIsUsedAgain() throws {
    var generator = SeededGenerator(seed: 41)
    let head = try generator.ensemble(inputs: 4, hidden: 5, layers: 2, heads: 3)
    var estimates = try head.estimates(generator.matrix(90, 4))
    let few: Matrix<Float> = generator.matrix(7, 4)
    try few.withView { few throws(EmbeddingError) in try head.estimate(few, threadCount: 1, into: &estimates) }
    #expect(try estimates == head.estimates(few))
    let none = Matrix<Float>(rowCount: 0, columnCount: 4)
    try none.withView { none throws(EmbeddingError) in
      try head.estimate(none, groupSizes: [], threadCount: 2, into: &estimates)
    }
    #expect(estimates == RewardEstimates())
  }

  @Test(arguments: [Float.nan, .infinity, -1e18], [0, 40, 300])
  func badInputsAreNamed(value: Float, row: Int) throws {
    var generator = SeededGenerator(seed: 51)
    let head = try generator.ensemble(inputs: 19, hidden: 5, layers: 2, heads: 3)
    var inputs: Matrix<Float> = generator.matrix(301, 19)
    inputs[row, 17] = value
    #expect(throws: EmbeddingError.outOfRange(row: row, column: 17, value: "\(value)")) {
      try head.estimates(inputs, threadCount: 2)
    }
  }

  @Test(arguments: EnsembleHead.Centre.allCases, EnsembleHead.Bounds.allCases)
  func tensorsMakeTheSameHead(centre: EnsembleHead.Centre, bounds: EnsembleHead.Bounds) throws {
    var generator = SeededGenerator(seed: 61)
    let head = try generator.ensemble(
      inputs: 9, hidden: 5, layers: 3, heads: 2, beta: 0.3, centre: centre, bounds: bounds)
    #expect(try EnsembleHead(tensors: head.tensors) == head)
  }

  @Test func badTensorsAreRefused() throws {
    var generator = SeededGenerator(seed: 71)
    let head = try generator.ensemble(inputs: 3, hidden: 2, layers: 2, heads: 2)
    let tensors = head.tensors
    for name in tensors.map(\.name) {
      #expect(throws: HeadError.missing(tensor: name)) {
        try EnsembleHead(tensors: tensors.filter { $0.name != name })
      }
    }
    func refuses(_ tensor: HeadTensor, _ isExpected: @escaping (HeadError) -> Bool) {
      let error = #expect(throws: HeadError.self) {
        try EnsembleHead(tensors: tensors.map { $0.name == tensor.name ? tensor : $0 })
      }
      #expect(error.map(isExpected) == true, "\(String(describing: error))")
    }
    func isValue(_ error: HeadError) -> Bool { if case .unexpectedValue = error { true } else { false } }
    func isShape(_ error: HeadError) -> Bool { if case .unexpectedShape = error { true } else { false } }
    for dimensions in [[3, 2, 2, 0.0], [3, 2.5, 2, 2], [-3, 2, 2, 2], [1e12, 2, 2, 2], [3e8, 2, 2, 2]] {
      refuses(HeadTensor("shape", shape: [4], .float64(dimensions)), isValue)
    }
    refuses(HeadTensor("shape", shape: [4], .float64([4, 2, 2, 2])), isShape)
    refuses(HeadTensor("shape", shape: [3], .float64([3, 2, 2])), isShape)
    refuses(HeadTensor("beta", shape: [], .float32([-1])), isValue)
    refuses(HeadTensor("beta", shape: [], .float64([1])), isShape)
    refuses(HeadTensor("beta", shape: [], .float32([.nan])), { $0 == .notFinite(tensor: "beta") })
    refuses(HeadTensor("centre", shape: [], .float64([2])), isValue)
    refuses(HeadTensor("bounds", shape: [], .float64([0.5])), isValue)
    let infinite = [Float](repeating: .infinity, count: 2 * head.shape.parameterCount)
    refuses(HeadTensor("weights", shape: [2, head.shape.parameterCount], .float32(infinite))) {
      $0 == .notFinite(tensor: "weights")
    }
  }
}

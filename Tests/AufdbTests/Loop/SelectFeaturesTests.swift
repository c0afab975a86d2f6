// Selecting by embeddings: far in the features of the prior, dopt by the information that labels and picks leave.

import AufdbAcquisition
import AufdbReward
import AufdbTestSupport
import Testing

@testable import Aufdb

/// Prompts with some responses and random embeddings of them, and the store that holds all that.
private struct EmbeddedPrompts {
  static let dimension = 6
  let store: ImportFixture
  /// By prompt; the models are m0, m1 ...
  var vectors: [String: [[Float]]] = [:]
  private var index: [String] = []
  private var elements: [Float] = []

  init(seed: UInt64, promptCount: Int = 12, lacking: Int = 0, isReversed: Bool = false) throws {
    store = try ImportFixture()
    var generator = SeededGenerator(seed: seed)
    var completions: [String] = []
    for number in 0..<promptCount {
      let id = "p\(number)"
      let count = number % 4 + 2
      completions.append(completionsLine(id, (0..<count).map { completion("m\($0)") }))
      // Directions differ in how much candidates vary along them.
      vectors[id] = (0..<count).map { _ in
        (0..<Self.dimension).map { Float(Int(generator.next() % 256) - 128) / 64 * Float($0 + 1) / 4 }
      }
    }
    try store.importLines(isReversed ? completions.reversed() : completions)
    let responses = (0..<promptCount).flatMap { number in
      (vectors["p\(number)"] ?? []).indices.map { ("p\(number)", $0) }
    }
    for (id, model) in (isReversed ? responses.reversed() : responses).dropLast(lacking) {
      index.append(indexLine(index.count, id, "m\(model)"))
      elements += vectors[id]?[model] ?? []
    }
    try importVectors(encoder: "e")
  }

  func importVectors(encoder: String) throws {
    try store.importMatrix(
      MatrixFiles.npy("<f4", rows: index.count, dimension: Self.dimension, MatrixFiles.bytes(elements)), index,
      encoder: encoder, keepsFloat32: true)
  }

  /// prompt -> first and second, as indices.
  func pairs() throws -> [String: [Int]] {
    let rows = try store.rows(
      """
      SELECT prompt_id, substr(first_model, 2) + 0, substr(second_model, 2) + 0 FROM selections
      WHERE batch = (SELECT max(batch) FROM selections)
      """)
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        guard case .text(let id) = row[0], case .integer(let first) = row[1], case .integer(let second) = row[2] else {
          return ("", [])
        }
        return (id, [Int(first), Int(second)])
      })
  }

  /// The mean of z z' over all candidates, in doubles: z is a vector less its prompt's mean.
  var covariance: [[Double]] {
    let d = Self.dimension
    var sums = Array(repeating: Array(repeating: 0.0, count: d), count: d)
    for group in vectors.values {
      let mean = (0..<d).map { column in group.reduce(0.0) { $0 + Double($1[column]) } / Double(group.count) }
      for row in group {
        for i in 0..<d {
          for j in 0..<d { sums[i][j] += (Double(row[i]) - mean[i]) * (Double(row[j]) - mean[j]) }
        }
      }
    }
    let count = Double(vectors.values.reduce(0) { $0 + $1.count })
    return sums.map { $0.map { $0 / count } }
  }

  /// delta' M delta of two responses.
  func form(_ matrix: [[Double]], _ id: String, _ pair: [Int]) -> Double {
    guard let group = vectors[id] else { return .nan }
    let delta = zip(group[pair[0]], group[pair[1]]).map { Double($0) - Double($1) }
    return zip(delta, matrix).reduce(0) { sum, row in sum + row.0 * zip(row.1, delta).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  func allPairs(_ id: String) -> [[Int]] {
    let indices = vectors[id]?.indices ?? 0..<0
    return indices.flatMap { first in indices.filter { $0 > first }.map { [first, $0] } }
  }
}

@Suite("Selection by embeddings") struct SelectFeaturesTests {
  @Test("far takes the pair that the covariance of all candidates sets farthest apart", arguments: [UInt64(1), 2, 3])
  func far(seed: UInt64) throws {
    let made = try EmbeddedPrompts(seed: seed)
    let (_, report) = try made.store.select(SelectOptions(method: "far"))
    #expect(report.selectedCount == 12 && report.encoder == "e" && report.uncoveredCount == 0)
    let covariance = made.covariance
    for (id, pair) in try made.pairs() {
      let widest = made.allPairs(id).map { made.form(covariance, id, $0) }.max() ?? 0
      #expect(made.form(covariance, id, pair) >= widest * (1 - 1e-5), "seed \(seed), \(id)")
    }
    let turned = try EmbeddedPrompts(seed: seed, isReversed: true)
    try turned.store.select(SelectOptions(method: "far"))
    #expect(try turned.pairs() == made.pairs(), "seed \(seed)")
  }

  /// The law of the greedy design: with the prompts in the order in which they were asked, each pair has the largest
  /// gain given the labels and the pairs before it.
  @Test("dopt takes the pair that tells most beyond those before it", arguments: [UInt64(4), 5, 6])
  func dopt(seed: UInt64) throws {
    let made = try EmbeddedPrompts(seed: seed)
    try made.store.importLines([labelLine("p3", "m1", over: "m4"), labelLine("p7", "m0", over: "m2")])
    let (_, report) = try made.store.select(SelectOptions(method: "dopt", seed: seed, explains: true))
    #expect(report.selectedCount == 10 && report.labelledCount == 2)
    let d = EmbeddedPrompts.dimension
    let covariance = made.covariance
    let ridge = (0..<d).reduce(0.0) { $0 + covariance[$1][$1] } / Double(d)
    var information = PairInformation(dimension: d, ridge: ridge)
    func add(_ id: String, _ pair: [Int]) throws {
      guard let group = made.vectors[id] else { return }
      try group[pair[0]].withUnsafeBufferPointer { first in
        try group[pair[1]].withUnsafeBufferPointer { _ = try information.add(first: first, second: $0, weight: 0.25) }
      }
    }
    try add("p3", [1, 4])
    try add("p7", [0, 2])
    // As they were stored: a view has no other order, and no index has the explanations.
    let stored = try made.store.rows("SELECT prompt_id, json_extract(explanation, '$.value') FROM selections")
    let order = stored.compactMap { row -> String? in if case .text(let id) = row[0] { id } else { nil } }
    let values = stored.map { row -> Double in if case .real(let value) = row[1] { value } else { .nan } }
    let pairs = try made.pairs()
    for (id, value) in zip(order, values) {
      let inverse = (0..<d).map { row in (0..<d).map { information.inverse[row, $0] } }
      let gains = made.allPairs(id).map { log1pQuarter(made.form(inverse, id, $0)) }
      let gain = log1pQuarter(made.form(inverse, id, pairs[id] ?? [0, 1]))
      #expect(gain >= (gains.max() ?? 0) * (1 - 1e-5), "seed \(seed), \(id)")
      #expect(abs(value - gain) < 1e-4, "seed \(seed), \(id)")
      try add(id, pairs[id] ?? [0, 1])
    }
    // The same prompts in another order in the file; and fewer of them are the first of these.
    let turned = try EmbeddedPrompts(seed: seed, isReversed: true)
    try turned.store.importLines([labelLine("p7", "m0", over: "m2"), labelLine("p3", "m1", over: "m4")])
    try turned.store.select(SelectOptions(method: "dopt", seed: seed))
    #expect(try turned.pairs() == pairs, "seed \(seed)")
    try turned.store.select(SelectOptions(method: "dopt", seed: seed, prompts: .all, condition: "prompt_id = 'p5'"))
    for limit in [SelectOptions(method: "dopt", seed: seed, limit: 4), .init(method: "dopt", seed: seed, budget: 4)] {
      let few = try EmbeddedPrompts(seed: seed)
      try few.store.importLines([labelLine("p3", "m1", over: "m4"), labelLine("p7", "m0", over: "m2")])
      try few.store.select(limit)
      #expect(try few.pairs() == pairs.filter { order.prefix(4).contains($0.key) }, "seed \(seed)")
    }
  }

  private func log1pQuarter(_ form: Double) -> Double { PairInformation.gain(squaredDistance: form, weight: 0.25) }

  @Test("ties teach nothing, and with --labels-by only one judge's labels do")
  func labels() throws {
    var outcomes: [[String?]] = []
    for lines in [
      [], [labelLine("p3", "m1", over: "m4", more: #""tie":true"#)], [labelLine("p3", "m1", over: "m4", judge: "bob")],
      [labelLine("p3", "m1", over: "m4")],
    ] {
      let made = try EmbeddedPrompts(seed: 7)
      if !lines.isEmpty { try made.store.importLines(lines) }
      try made.store.select(
        SelectOptions(method: "dopt", prompts: .again, labelsBy: "ada", limit: 1, explains: true))
      outcomes.append(try made.store.texts("SELECT json_extract(explanation, '$.value') FROM selections"))
    }
    #expect(outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2] && outcomes[0] != outcomes[3])
  }

  @Test("what lacks an embedding is refused by name, or left out where that is allowed", arguments: ["far", "dopt"])
  func partial(method: String) throws {
    let made = try EmbeddedPrompts(seed: 8, lacking: 4)
    let error = #expect(throws: AufdbError.self) { try made.store.select(SelectOptions(method: method)) }
    #expect(
      error
        == AufdbError(
          .refused,
          "4 responses of 1 prompt lack an embedding of the encoder 'e': p11 m1, p11 m2, p11 m3 ...",
          hint: "--allow-partial selects among the others; --where chooses prompts"))
    let (_, report) = try made.store.select(SelectOptions(method: method, allowsPartial: true))
    #expect(report.selectedCount == 11 && report.uncoveredCount == 4 && report.skipped == [.tooFewResponses: 1])
    #expect(try made.store.isSound())
  }

  @Test("an encoder must be there, and be named where there are several")
  func encoders() throws {
    let store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a"), completion("b")])])
    for method in ["far", "dopt"] {
      let error = #expect(throws: AufdbError.self) { try store.select(SelectOptions(method: method)) }
      #expect(error?.message == "the method \(method) needs embeddings, and there are none")
      #expect(error?.hint?.contains("--encoder NAME") == true)
    }
    let made = try EmbeddedPrompts(seed: 9)
    try made.importVectors(encoder: "f")
    let several = #expect(throws: AufdbError.self) { try made.store.select(SelectOptions(method: "far")) }
    #expect(several?.message == "there are embeddings of 2 encoders: e, f")
    let unknown = #expect(throws: AufdbError.self) {
      try made.store.select(SelectOptions(method: "far", encoder: "g"))
    }
    #expect(unknown?.hint == "encoders here: e, f")
    #expect(try made.store.select(SelectOptions(method: "far", encoder: "f")).report.encoder == "f")
    let order = #expect(throws: AufdbError.self) {
      try made.store.select(SelectOptions(method: "drts", encoder: "e"))
    }
    #expect(order?.kind == .refused || order?.kind == .usage)
  }

  @Test("dopt takes prompts in a random order only")
  func order() throws {
    let made = try EmbeddedPrompts(seed: 10)
    try made.store.importLines(
      made.vectors.flatMap { id, group in group.indices.map { estimateLine(id, "m\($0)", Double($0), 0, 9) } },
      snapshot: "s")
    let error = #expect(throws: AufdbError.self) {
      try made.store.select(SelectOptions(method: "dopt", limit: 2, order: .gap))
    }
    #expect(error?.kind == .usage && error?.message == "--order means nothing to the method dopt")
    let (_, far) = try made.store.select(SelectOptions(method: "far", limit: 2, order: .gap))
    #expect(far.selectedCount == 2 && far.snapshot == "s")
    let (_, weighted) = try made.store.select(SelectOptions(method: "dopt", judged: 3))
    #expect(weighted.snapshot == "s" && weighted.selectedCount > 12)
  }

  @Test("embeddings that are all alike teach nothing", arguments: ["far", "dopt"])
  func alike(method: String) throws {
    let store = try ImportFixture()
    try store.importLines([completionsLine("p", [completion("a"), completion("b"), completion("c")])])
    try store.importMatrix(
      MatrixFiles.npy("<f4", rows: 3, dimension: 2, MatrixFiles.bytes([Float](repeating: 0.5, count: 6))),
      ["a", "b", "c"].enumerated().map { indexLine($0, "p", $1) })
    do {
      let (_, report) = try store.select(SelectOptions(method: method))
      #expect(method == "far" && report.selectedCount == 1)
    } catch let error as AufdbError {
      #expect(error.kind == .badData && error.message.contains("vanish"), "\(error)")
    }
  }

  @Test("vectors of two lengths, which only a merge can bring together, are refused", arguments: ["far", "dopt"])
  func twoLengths(method: String) throws {
    let store = try ImportFixture()
    try store.importLines([completionsLine("p", ["a", "b", "c"].map { completion($0) })])
    try store.writing { _ = try $0.createRef(.branch, RefName("side")) }
    for (branch, models, dimension) in [("main", ["a", "b"], 2), ("side", ["c"], 4)] {
      let elements = (0..<models.count * dimension).map { Float($0) }
      let matrix = try store.folder.file(
        "\(branch).npy",
        MatrixFiles.npy("<f4", rows: models.count, dimension: dimension, MatrixFiles.bytes(elements)))
      let index = try store.file("\(branch).jsonl", models.enumerated().map { indexLine($0, "p", $1) })
      let options = ImportOptions(
        files: [matrix], kind: .embeddings, embeddings: EmbeddingOptions(index: index, encoder: "e"))
      let context = CommitContext(branch: branch, author: "tester", milliseconds: 1_700_000_000_000)
      try store.writing { _ = try $0.importFiles(options, context: context) }
    }
    try store.writing {
      let context = CommitContext(branch: "main", author: "tester", milliseconds: 1_700_000_000_000)
      _ = try $0.merge(MergeOptions(Revision("side")), context: context) { _ in }
    }
    let error = #expect(throws: AufdbError.self) { try store.select(SelectOptions(method: method)) }
    #expect(error?.kind == .badData && error?.message == "the prompt 'p' has embeddings of different lengths")
  }

  @Test("points have the distances that are asked for", arguments: [UInt64(11), 12])
  func points(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for count in 1...9 {
      // Of lower rank than there are points; two of them the same.
      var rows = (0..<count).map { _ in (0..<3).map { _ in Double(Int(generator.next() % 200) - 100) / 50 } }
      if count > 3 { rows[3] = rows[1] }
      func squared(_ one: [Double], _ other: [Double]) -> Double {
        zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let distances = rows.flatMap { one in rows.map { squared(one, $0) } }
      let points = PointsFromDistances.points(squared: distances, count: count)
      for i in 0..<count {
        for j in 0..<count {
          let (one, other) = (points[i * count..<(i + 1) * count], points[j * count..<(j + 1) * count])
          let distance = squared(one.map(Double.init), other.map(Double.init))
          #expect(abs(distance - distances[i * count + j]) < 1e-5, "seed \(seed), \(count): \(i), \(j)")
        }
      }
    }
  }
}

// What the methods that compare features get to see instead of raw embeddings.
//
//   far    features of the prior from unlabelled candidates (FeaturePrior in AufdbReward), fitted to the encoder's
//          embeddings at the revision that is looked at: to all prompts, or where there are more than 5,000 to those
//          5,000 with the smallest hashes, which are far more than it needs.
//   dopt   features whose squared distances are those under the inverse of the pairs' Fisher information
//          (PairInformation): that of the labels at the branch's tip, and of the pairs picked so far in this run. So
//          that the pairs of one batch don't all tell the same, each pick is taken in before the next prompt is asked.
//          The ridge is the mean of |z|^2 / d, z a response's embedding less its prompt's mean: the picks then don't
//          depend on the scale of the embeddings.

import AufdbAcquisition
import AufdbReward

/// Turns a group's embeddings into the features that a method compares.
final class FeatureSpace {
  private enum Kind {
    case prior(FeaturePrior)
    case information(PairInformation)
    case none
  }

  private var kind: Kind
  private let usesRewards: Bool
  private var workspace = GroupWorkspace()
  private var embeddings: [Float] = []

  /// Whether picks change it, so that their order matters.
  var learnsFromPicks: Bool {
    if case .information = kind { true } else { false }
  }

  init(
    for method: any SelectionMethod, encoder: String, _ sources: CandidateSources, _ options: SelectOptions,
    prefix: String, in connection: Connection
  ) throws {
    var bare = CandidateSources(columns: .features)
    bare.encoder = encoder
    let lookup = try CandidateLookup(bare, prefix: prefix, in: connection)
    let covariance = try Self.covariance(lookup, encoder)
    usesRewards = method.needs.contains(.rewards)
    kind = try Self.naming("the embeddings of '\(encoder)'") {
      guard method is DOptMethod else { return .prior(try FeaturePrior(of: covariance)) }
      let matrix = try covariance.covariance()
      let trace = (0..<matrix.rowCount).reduce(0.0) { $0 + matrix[$1, $1] }
      guard trace > 0 else { throw EmbeddingError.tooSmall }
      return .information(PairInformation(dimension: covariance.dimension, ridge: trace / Double(matrix.rowCount)))
    }
    try learnLabels(sources, by: options.labelsBy, prefix: prefix, in: connection)
  }

  private static func covariance(_ lookup: CandidateLookup, _ encoder: String) throws -> CandidateCovariance {
    var covariance: CandidateCovariance?
    for id in PromptSample.of(try lookup.promptIDs()) {
      let group = try lookup.group(id)
      let count = group.candidates.count
      guard count > 0 else { continue }
      var sum = covariance.take() ?? CandidateCovariance(dimension: group.storage.features.count / count)
      try check(group, dimension: sum.dimension)
      try naming(group) {
        try group.storage.features.withUnsafeBufferPointer { try sum.add($0, rowCount: count) }
      }
      covariance = sum
    }
    guard let covariance else { throw AufdbError(.refused, "no response has an embedding of '\(encoder)'") }
    return covariance
  }

  /// Puts the features that the method compares in place of the group's embeddings.
  func place(_ group: CandidateGroup) throws {
    let count = group.candidates.count
    guard count > 0 else { return }
    embeddings.removeAll(keepingCapacity: true)
    embeddings.append(contentsOf: group.storage.features)
    try Self.naming(group) {
      switch kind {
      case .prior(let prior):
        try Self.check(group, dimension: prior.dimension)
        try group.replaceFeatures { features in
          try embeddings.withUnsafeBufferPointer { rows in
            try features.withUnsafeMutableBufferPointer {
              try prior.writeFeatures(of: rows, rowCount: count, into: $0, workspace: &workspace)
            }
          }
        }
      case .information(let information):
        try Self.check(group, dimension: information.dimension)
        var distances = [Double](repeating: 0, count: count * count)
        try embeddings.withUnsafeBufferPointer { rows in
          try distances.withUnsafeMutableBufferPointer {
            try information.writeSquaredDistances(of: rows, rowCount: count, into: $0, workspace: &workspace)
          }
        }
        group.replaceFeatures { $0 = PointsFromDistances.points(squared: distances, count: count) }
      case .none: break
      }
    }
  }

  /// Counts picks in, of the group that was placed last.
  func learn(_ pairs: [Pair], of group: CandidateGroup) throws {
    let rewards = group.storage.rewards
    let dimension = embeddings.count / max(1, group.candidates.count)
    try embeddings.withUnsafeBufferPointer { rows in
      func row(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: rows[index * dimension..<(index + 1) * dimension])
      }
      for pair in pairs {
        let difference = usesRewards ? Double(rewards[pair.first]) - Double(rewards[pair.second]) : nil
        try Self.naming(group) { try learn(row(pair.first), row(pair.second), rewardDifference: difference) }
      }
    }
  }

  private func learn(
    _ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>, rewardDifference: Double?
  ) throws {
    guard case .information(var information) = kind else { return }
    // Not held twice while it is changed, or all of its matrix would be copied.
    kind = .none
    defer { kind = .information(information) }
    let weight = rewardDifference.map { PairInformation.weight(rewardDifference: $0) } ?? PairInformation.unknownWeight
    try information.add(first: first, second: second, weight: weight)
  }

  /// Counts the labels in that the branch's tip has, apart from ties, which teach a reward model nothing.
  private func learnLabels(
    _ sources: CandidateSources, by judge: String?, prefix: String, in connection: Connection
  ) throws {
    guard learnsFromPicks else { return }
    func join(_ relation: String, _ name: String, _ role: String, _ condition: String, _ kind: String) -> String {
      """
      \(kind) JOIN \(prefix)\(relation) AS \(name) ON \(name).prompt_id = l.prompt_id
        AND \(name).model = l.\(role)_model AND \(name).sample = l.\(role)_sample AND \(name).\(condition)
      """
    }
    let rewards = usesRewards ? "ce.reward - re.reward" : "NULL"
    let estimates =
      usesRewards
      ? join("estimates", "ce", "chosen", "snapshot = ?2", "LEFT")
        + join("estimates", "re", "rejected", "snapshot = ?2", "LEFT") : ""
    let rows = try connection.statement(
      """
      SELECT c.element, c.vector, r.element, r.vector, \(rewards) FROM labels AS l
      \(join("embeddings", "c", "chosen", "encoder = ?1", "CROSS"))
      \(join("embeddings", "r", "rejected", "encoder = ?1", "CROSS")) \(estimates)
      WHERE l.tie = 0\(judge == nil ? "" : " AND l.judge = ?3")
      ORDER BY l.prompt_id, l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample, l.judge
      """)
    rows.bind(1, .text(sources.encoder ?? ""))
    if usesRewards { rows.bind(2, .text(sources.snapshot ?? "")) }
    if let judge { rows.bind(3, .text(judge)) }
    var chosen = EmbeddingVector()
    var rejected = EmbeddingVector()
    while try rows.step() {
      try chosen.decode(rows, 0)
      try rejected.decode(rows, 2)
      try chosen.withValues { first in
        try rejected.withValues { try learn(first, $0, rewardDifference: rows.optionalReal(4)) }
      }
    }
  }

  private static func check(_ group: CandidateGroup, dimension: Int) throws(AufdbError) {
    guard group.storage.features.count == group.candidates.count * dimension else {
      throw AufdbError(.badData, "the store is damaged: an encoder's embeddings differ in length")
    }
  }

  private static func naming<Result>(_ group: CandidateGroup, _ body: () throws -> Result) throws -> Result {
    try naming("the prompt '\(String(decoding: group.promptID, as: UTF8.self))'", body)
  }

  /// Says whose embeddings an error is about.
  private static func naming<Result>(
    _ what: @autoclosure () -> String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as EmbeddingError {
      throw AufdbError(.badData, "\(what()): \(error)", hint: error.hint)
    }
  }
}

extension EmbeddingVector {
  /// Decodes the vector that a row has in two columns: its element, and its bytes.
  mutating func decode(_ row: SQLStatement, _ column: Int32) throws(AufdbError) {
    guard let element = EmbeddingElement(rawValue: row.string(column)) else {
      throw AufdbError(.badData, "the store is damaged: an embedding's element is '\(row.string(column))'")
    }
    try decode(row.bytes(column + 1), as: element)
  }
}

// How a pool is read from a revision: one pass over its responses with their scores and vectors.

/// Whose scores and embeddings.
struct PoolSource {
  let judge: String
  let encoder: String

  /// - Throws: `.refused` where a name isn't there, or none was given and there isn't exactly one.
  init(judge: String?, encoder: String?, in connection: Connection) throws {
    let judges = try connection.all(
      "SELECT DISTINCT judge FROM scores WHERE score IS NOT NULL ORDER BY judge"
    ) { $0.string(0) }
    self.judge = try OwnerChoice.scores.resolve(judge, among: judges)
    self.encoder = try connection.encoder(encoder)
  }
}

extension EvaluationPool {
  /// Reads all prompts whose responses all have a score of the judge and a vector of the encoder.
  ///
  /// - Returns: the pool, which may be empty, and what was left out.
  /// - Throws: `.badData` for vectors of different lengths, or a score that is no number.
  /// - Complexity: O(n log n) look-ups; holds n (4 d + 100) bytes.
  static func read(_ source: PoolSource, in connection: Connection) throws -> (EvaluationPool, PoolOmissions) {
    let rows = try connection.statement(
      """
      SELECT r.prompt_id, r.model, length(r.response), s.score, e.element, e.vector FROM responses AS r
      LEFT JOIN scores AS s ON s.prompt_id = r.prompt_id AND s.model = r.model AND s.sample = r.sample AND s.judge = ?1
      LEFT JOIN embeddings AS e
        ON e.prompt_id = r.prompt_id AND e.model = r.model AND e.sample = r.sample AND e.encoder = ?2
      ORDER BY r.prompt_id, r.model, r.sample
      """)
    rows.bind(1, .text(source.judge))
    rows.bind(2, .text(source.encoder))
    var reader = PoolReader()
    while try rows.step() { try reader.take(rows) }
    return reader.finish()
  }
}

/// Gathers rows into prompts, and keeps those that are complete.
private struct PoolReader: ~Copyable {
  private var groups: [EvaluationPool.Group] = []
  private var group = EvaluationPool.Group()
  private var responseCount = 0
  private var unscoredCount = 0
  private var unembeddedCount = 0
  private var vector = EmbeddingVector()
  private var dimension = 0
  private var omissions = PoolOmissions()

  mutating func take(_ row: SQLStatement) throws {
    let id = row.text(0)
    if responseCount == 0 || !group.id.elementsEqual(id) {
      endGroup()
      group.id = Array(id)
    }
    responseCount += 1
    guard row.integer(2) > 0 else {
      omissions.emptyResponseCount += 1
      return
    }
    guard let score = row.optionalReal(3) else {
      unscoredCount += 1
      return
    }
    guard score.isFinite else {
      throw AufdbError(.badData, "\(name(row)) has the score \(score), which is no number to compare by")
    }
    guard !row.isNull(5) else {
      unembeddedCount += 1
      return
    }
    try vector.decode(row, 4)
    if dimension == 0 { dimension = vector.dimension }
    guard vector.dimension == dimension else {
      throw AufdbError(
        .badData, "\(name(row)) has an embedding of \(vector.dimension) numbers, others of \(dimension)",
        hint: "two branches may have brought them together: import those of one of them again, under another name")
    }
    group.scores.append(score)
    group.textLengths.append(Int(row.integer(2)))
    group.models.append(row.string(1))
    try vector.withValues { values throws(AufdbError) in
      guard values.allSatisfy({ $0.magnitude <= 0x1p58 }) else {
        throw AufdbError(.badData, "\(name(row)) has an embedding with a number that isn't finite and of moderate size")
      }
      group.embeddings.append(contentsOf: values)
    }
  }

  private func name(_ row: SQLStatement) -> String { "the response of \(row.string(1)) to '\(row.string(0))'" }

  private mutating func endGroup() {
    defer {
      group = EvaluationPool.Group()
      (responseCount, unscoredCount, unembeddedCount) = (0, 0, 0)
    }
    guard responseCount > 0 else { return }
    switch (unscoredCount, unembeddedCount, group.scores.count) {
    case (1..., _, _): omissions.unscoredPromptCount += 1
    case (_, 1..., _): omissions.unembeddedPromptCount += 1
    case (_, _, ..<2): omissions.tooFewPromptCount += 1
    default: return groups.append(group)
    }
    if omissions.examples.count < 3 { omissions.examples.append(String(decoding: group.id, as: UTF8.self)) }
  }

  consuming func finish() -> (EvaluationPool, PoolOmissions) {
    endGroup()
    return (EvaluationPool(groups, dimension: max(1, dimension)), omissions)
  }
}

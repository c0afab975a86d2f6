// Which responses have an embedding, and which lack one.

/// The prompts whose responses an encoder has seen, and what is missing.
struct EmbeddingCoverage {
  /// Prompts with two embedded responses or more, in the order of their ids.
  private(set) var promptIDs: [[UInt8]] = []
  /// Prompts with a single one, of which nothing can be compared.
  private(set) var singleCount = 0
  /// Responses without an embedding.
  private(set) var missingCount = 0
  private var firstMissing: [String] = []
  private let encoder: String

  /// - Parameters:
  ///   - promptIDs: the prompts that count; nil: all.
  ///   - prefix: of the views to read.
  /// - Complexity: a scan of two indexes; holds the ids.
  init(
    encoder: String, among promptIDs: Set<[UInt8]>? = nil, prefix: String = "", in connection: Connection
  ) throws {
    self.encoder = encoder
    let embedded = try connection.statement(
      """
      SELECT prompt_id, count(*) FROM \(prefix)embeddings WHERE encoder = ?1 AND model IS NOT NULL
      GROUP BY prompt_id ORDER BY prompt_id
      """)
    embedded.bind(1, .text(encoder))
    while try embedded.step() {
      let id = Array(embedded.text(0))
      guard promptIDs?.contains(id) ?? true else { continue }
      if embedded.integer(1) >= 2 { self.promptIDs.append(id) } else { singleCount += 1 }
    }
    let missing = try connection.statement(
      """
      SELECT r.prompt_id, r.model, r.sample FROM \(prefix)responses AS r
      WHERE NOT EXISTS (SELECT 1 FROM \(prefix)embeddings AS e WHERE e.prompt_id = r.prompt_id AND e.model = r.model
        AND e.sample = r.sample AND e.encoder = ?1)
      ORDER BY r.prompt_id, r.model, r.sample
      """)
    missing.bind(1, .text(encoder))
    while try missing.step() {
      guard promptIDs?.contains(Array(missing.text(0))) ?? true else { continue }
      missingCount += 1
      if firstMissing.count < 3 {
        let sample = missing.integer(2)
        firstMissing.append("\(missing.string(0)) \(missing.string(1))\(sample == 0 ? "" : " \(sample)")")
      }
    }
  }

  /// - Throws: `.refused` where a response lacks an embedding, naming the first ones.
  func requireAll(hint: String) throws(AufdbError) {
    guard missingCount > 0 else { return }
    throw AufdbError(
      .refused,
      """
      \(Relation.responses.phrase(missingCount)) \(missingCount == 1 ? "lacks" : "lack") an embedding of the encoder \
      '\(encoder)': \(firstMissing.joined(separator: ", "))\(missingCount > firstMissing.count ? " ..." : "")
      """, hint: hint)
  }
}

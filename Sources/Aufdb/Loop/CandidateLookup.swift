// One prompt's candidates at a time, in any order: for what depends on the order, or needs a few prompts only.

/// Looks candidates up by prompt.
final class CandidateLookup {
  private let sources: CandidateSources
  private let prefix: String
  private let connection: Connection
  private let query: CandidateQuery
  private let rows: SQLStatement
  private let memory = CandidateGroup()
  private var list = CandidateList()
  private var vector = EmbeddingVector()

  init(_ sources: CandidateSources, prefix: String, in connection: Connection) throws {
    self.sources = sources
    self.prefix = prefix
    self.connection = connection
    query = CandidateQuery(sources, prefix: prefix)
    rows = try query.statement(order: "", ofPrompt: true, in: connection)
  }

  /// The prompts that have an embedding of the encoder, in the order of their ids.
  ///
  /// - Complexity: a scan of an index; holds the ids.
  func promptIDs() throws -> [[UInt8]] {
    let ids = try connection.statement(
      """
      SELECT DISTINCT prompt_id FROM \(prefix)embeddings WHERE encoder = ?1 AND model IS NOT NULL ORDER BY prompt_id
      """)
    ids.bind(1, .text(sources.encoder ?? ""))
    var all: [[UInt8]] = []
    while try ids.step() { all.append(Array(ids.text(0))) }
    return all
  }

  /// The candidates of a prompt, valid until the next call.
  func group(_ promptID: [UInt8]) throws -> CandidateGroup {
    try promptID.withUnsafeBytes { id in
      list.begin(id)
      rows.bind(4, unownedText: id)
      defer { rows.reset() }
      while try rows.step() { try query.take(rows, into: &list, &vector) }
    }
    memory.take(&list, sources.columns)
    return memory
  }
}

// Reads a prompt's candidates after the other out of the store.
//
// Rows are read as they lie in the file, which is one scan. Usually all rows of a prompt lie together; where they
// don't, the scan finds out (a prompt comes back) and the caller starts again with the rows sorted by SQLite. Columns
// of another source than that of the rows are looked up by the response's key.

import AufdbAcquisition

/// The rows of one prompt don't lie together.
struct ScatteredRows: Error {}

/// The statement that gives candidates, and where in its rows their columns stand.
struct CandidateQuery {
  private let sources: CandidateSources
  private let columns: CandidateColumns
  private let isEstimated: Bool
  private let prefix: String

  init(_ sources: CandidateSources, prefix: String) {
    self.sources = sources
    columns = sources.columns
    isEstimated = sources.rows == .estimates
    self.prefix = prefix
  }

  /// - Parameters:
  ///   - order: SQL; `r` is the table of the rows.
  ///   - ofPrompt: whether only the rows of the prompt ?4 are asked for.
  func statement(order: String, ofPrompt: Bool = false, in connection: Connection) throws -> SQLStatement {
    let (row, table): (String, String) =
      switch sources.rows {
      case .estimates: ("r.snapshot = ?1", "estimates")
      case .scores: ("r.judge = ?2 AND r.score IS NOT NULL", "scores")
      case .embeddings: ("r.encoder = ?3 AND r.model IS NOT NULL", "embeddings")
      case .responses: ("1", "responses")
      }
    var joins = ""
    func join(_ relation: String, _ name: String, _ condition: String) -> String {
      joins += """
         LEFT JOIN \(prefix)\(relation) AS \(name) ON \(name).prompt_id = r.prompt_id AND \(name).model = r.model
          AND \(name).sample = r.sample\(condition)
        """
      return name
    }
    let estimate = isEstimated ? "r.reward, r.lower, r.upper" : "NULL, NULL, NULL"
    let heads = columns.contains(.heads) ? "r.heads" : "NULL"
    var (score, length, vector) = ("NULL", "NULL", "NULL, NULL")
    if columns.contains(.scores) {
      score = (sources.rows == .scores ? "r" : join("scores", "s", " AND s.judge = ?2")) + ".score"
    }
    if columns.contains(.textLengths) {
      length = "length(\(sources.rows == .responses ? "r" : join("responses", "t", "")).response)"
    }
    if columns.contains(.features) {
      let name = sources.rows == .embeddings ? "r" : join("embeddings", "v", " AND v.encoder = ?3")
      vector = "\(name).element, \(name).vector"
    }
    let statement = try connection.statement(
      """
      SELECT r.prompt_id, r.model, r.sample, \(estimate), \(score), \(length), \(heads), \(vector)
      FROM \(prefix)\(table) AS r\(joins) WHERE \(row)\(ofPrompt ? " AND r.prompt_id = ?4" : "") \(order)
      """)
    if let snapshot = sources.snapshot { statement.bind(1, .text(snapshot)) }
    if let judge = sources.judge { statement.bind(2, .text(judge)) }
    if let encoder = sources.encoder { statement.bind(3, .text(encoder)) }
    return statement
  }

  /// Adds the row that the statement is at to the list, or passes over it where it lacks a column.
  func take(_ rows: SQLStatement, into list: inout CandidateList, _ vector: inout EmbeddingVector) throws {
    // A judge who scored some responses only makes these the candidates.
    if columns.contains(.scores), rows.isNull(6) { return }
    // An empty response would always be the shortest, and none is ever exported.
    if columns.contains(.textLengths), rows.integer(7) == 0 { return }
    // Who has none is found out by counting (CoverageGaps).
    if columns.contains(.features), rows.isNull(10) { return }
    if columns.contains(.heads) { try list.append(heads: rows.bytes(8)) }
    if columns.contains(.features) {
      try vector.decode(rows, 9)
      try vector.withValues { values throws(AufdbError) in try list.append(features: values) }
    }
    var candidate = Candidate(sample: rows.integer(2))
    if isEstimated {
      candidate.reward = Float(rows.real(3))
      candidate.lower = Float(rows.real(4))
      candidate.upper = Float(rows.real(5))
    }
    if columns.contains(.scores) { candidate.score = rows.real(6) }
    if columns.contains(.textLengths) { candidate.length = Int(rows.integer(7)) }
    list.append(candidate, of: rows.text(1))
  }
}

extension Connection {
  /// Lends the candidates of each prompt that has any.
  ///
  /// - Parameters:
  ///   - prefix: of the views to read, which show ids.
  ///   - isSorted: whether SQLite sorts the rows by prompt first.
  /// - Throws: `ScatteredRows` where `isSorted` is needed; what `body` throws.
  /// - Complexity: one scan of the rows; memory: 8 bytes a prompt.
  func forEachCandidateGroup(
    of sources: CandidateSources, prefix: String, isSorted: Bool, body: (CandidateGroup) throws -> Void
  ) throws {
    let query = CandidateQuery(sources, prefix: prefix)
    // Without texts, the index on the natural key has all of a response, in order.
    let isIndexed = sources.rows == .responses && !sources.columns.contains(.textLengths)
    let order = isIndexed ? "r.prompt_id, r.model, r.sample" : isSorted ? "r.prompt_id" : "r.id"
    let rows = try query.statement(order: "ORDER BY " + order, in: self)
    let group = CandidateGroup()
    var list = CandidateList()
    var vector = EmbeddingVector()
    var seen: Set<Int> = []
    var isFirst = true
    while try rows.step() {
      let promptID = rows.text(0)
      if isFirst || !list.isOf(promptID) {
        if !isFirst {
          group.take(&list, sources.columns)
          try body(group)
        }
        isFirst = false
        // Two prompts of one hash only cost a sort that wasn't needed.
        var hasher = Hasher()
        hasher.combine(bytes: promptID)
        guard seen.insert(hasher.finalize()).inserted || isSorted || isIndexed else { throw ScatteredRows() }
        list.begin(promptID)
      }
      try query.take(rows, into: &list, &vector)
    }
    guard !isFirst else { return }
    group.take(&list, sources.columns)
    try body(group)
  }
}

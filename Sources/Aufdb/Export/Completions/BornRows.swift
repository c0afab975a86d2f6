// Rows of a relation in the order in which history bore them.

/// Goes through a query's rows, run of ids by run of ids.
struct BornRows {
  private let statement: SQLStatement
  private let runs: [ClosedRange<Int64>]

  /// - Parameters:
  ///   - sql: a query that takes the rows whose id is BETWEEN ?1 AND ?2, ordered by id.
  ///   - others: what is bound to ?3 and on.
  init(
    _ relation: Relation, _ sql: String, _ others: SQLValue..., at commit: Commit, in connection: Connection
  ) throws {
    statement = try connection.statement(sql)
    for (index, value) in others.enumerated() { statement.bind(Int32(index + 3), value) }
    runs = try connection.runs(relation, upTo: commit.sequence)
  }

  /// Lends each row to `body`.
  func lend(_ body: (SQLStatement) throws -> Void) throws {
    for run in runs {
      statement.bind(1, run.lowerBound)
      statement.bind(2, run.upperBound)
      defer { statement.reset() }
      while try statement.step() { try body(statement) }
    }
  }

  /// True of a row whose response, and that response's prompt, the revision sees.
  static func hasResponse(_ row: String, model: String = "model", sample: String = "sample") -> String {
    """
    \(hasPrompt(row)) AND EXISTS (SELECT 1 FROM responses AS r
      WHERE r.prompt_id = \(row).prompt_id AND r.model = \(row).\(model) AND r.sample = \(row).\(sample))
    """
  }

  /// True of a row whose prompt the revision sees.
  static func hasPrompt(_ row: String) -> String {
    "EXISTS (SELECT 1 FROM prompts AS p WHERE p.prompt_id = \(row).prompt_id)"
  }
}

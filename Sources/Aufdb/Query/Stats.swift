// A summary of what a revision holds: how much of everything, and whose it is.

/// One line of a summary.
public struct StatsLine: Sendable, Equatable {
  /// A relation's name, or "commits".
  public var item: String
  public var count: Int
  /// Who or what it comes from, in words.
  public var detail: String
}

extension Store {
  /// Summarises what `revision` sees.
  ///
  /// - Complexity: a scan of every relation; of responses only the index and the empty texts' lengths.
  public func stats(at revision: Revision = .head) throws -> [StatsLine] {
    try read(at: revision) { connection, commit in
      let summary = Summary(connection: connection)
      let commits = try connection.ancestors(of: commit.sequence).count
      let refs = try connection.all(
        "SELECT name FROM ref WHERE commit_seq = ?1 ORDER BY kind, name", .integer(commit.sequence)
      ) { $0.string(0) }
      let names = refs.isEmpty ? "" : " (\(refs.joined(separator: ", ")))"
      let first = StatsLine(item: "commits", count: commits, detail: "up to \(commit.id.short)\(names)")
      return try [first] + Relation.allCases.map { try summary.line($0) }
    }
  }
}

private struct Summary {
  let connection: Connection

  func line(_ relation: Relation) throws -> StatsLine {
    let count = Int(try connection.integer("SELECT count(*) FROM \(relation.name)"))
    return StatsLine(item: relation.name, count: count, detail: count == 0 ? "" : try detail(relation))
  }

  private func detail(_ relation: Relation) throws -> String {
    switch relation {
    case .prompts: return try groups("source", of: relation)
    case .responses:
      let models = try connection.integer("SELECT count(DISTINCT model) FROM responses")
      let empty = try connection.integer("SELECT count(*) FROM responses WHERE response = ''")
      return "\(models) \(models == 1 ? "model" : "models")" + (empty == 0 ? "" : ", \(empty) empty")
    case .embeddings: return try groups("encoder", of: relation)
    case .scores: return try groups("judge", of: relation)
    case .snapshots:
      // The newest first: a run leaves one an iteration. The view has no ids, and its rows come in the order of birth.
      let names = try connection.all("SELECT snapshot FROM snapshots") { $0.string(0) }
      return Self.list(names.reversed())
    case .estimates: return try groups("snapshot", of: relation)
    case .selections: return try groups("method", of: relation) + pending()
    case .labels:
      let ties = try connection.integer("SELECT count(*) FROM labels WHERE tie = 1")
      return try groups("judge", of: relation) + (ties == 0 ? "" : "; \(ties) \(ties == 1 ? "tie" : "ties")")
    case .rewardHeads: return try groups("kind", of: relation)
    case .progress: return try groups("run", of: relation)
    case .queries: return Self.list(try connection.all("SELECT name FROM queries ORDER BY name") { $0.string(0) })
    case .definitions: return try groups("kind", of: relation)
    }
  }

  /// "overall 500, random 120, ada 40 and 3 more"
  private func groups(_ column: String, of relation: Relation) throws -> String {
    let groups = try connection.all(
      "SELECT ifnull(\(column), 'none'), count(*) FROM \(relation.name) GROUP BY 1 ORDER BY 2 DESC, 1"
    ) { "\($0.string(0)) \($0.integer(1))" }
    return Self.list(groups)
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }

  /// Selections on whose pair nobody has a label.
  private func pending() throws -> String {
    let count = try connection.integer(
      """
      SELECT count(*) FROM selections AS s WHERE NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.prompt_id = s.prompt_id
        AND ((l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample)
            = (s.first_model, s.first_sample, s.second_model, s.second_sample)
          OR (l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample)
            = (s.second_model, s.second_sample, s.first_model, s.first_sample)))
      """)
    return count == 0 ? "; all labelled" : "; \(count) pending"
  }
}

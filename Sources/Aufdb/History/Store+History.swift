// The history of rows: every version of a natural key, and what commits did to it.

extension Store {
  /// Lends every version of the rows that have a natural key, the newest first.
  ///
  /// - Parameters:
  ///   - key: the first parts of the key, in order of `relation.keyColumns`, and at least one; the responses of a pair
  ///     in either order.
  ///   - scope: whose versions; by default those that the current branch's head or an ancestor of it bore.
  /// - Throws: `.refused` where no row ever had the key, and for an unknown revision; `.usage` for a key that can't be
  ///   one; whatever `body` throws.
  /// - Complexity: a few index look-ups for each version if the key has the prompt (or is a snapshot's); otherwise a
  ///   scan of the relation. The history of a revision is read once in either case, linear in the number of commits.
  public func history(
    of relation: Relation, key: [SQLValue], in scope: HistoryScope = .revision(.head),
    _ body: (RowVersion) throws -> Void
  ) throws {
    let key = try HistoryKey(relation, key)
    try lending(to: body) { body in
      try read { connection in
        let history = try KeyHistory(key, in: scope, connection)
        let versions = try history.statement(history.sql.versions)
        var isEmpty = true
        let row = try RowReader(relation, in: connection)
        while try versions.step() {
          isEmpty = false
          try row.read(versions.integer(0))
          try body(
            RowVersion(
              relation: relation, values: row.values ?? [], born: history.commit(versions.integer(1)),
              retired: versions.isNull(2) ? nil : history.commit(versions.integer(2))))
        }
        if isEmpty { throw try history.nothingFound(scope) }
      }
    }
  }

  /// Lends what commits did to the rows that have a natural key, the newest first; of one commit in order of the key.
  ///
  /// - Parameters:
  ///   - limit: at most so many; nil for all.
  ///   - key, scope: see `history`, whose errors and complexity it has, too.
  /// - Returns: how many of the commits asked about were pruned: what they did may be missing, and a row that an event
  ///   calls added may have had a version before.
  @discardableResult
  public func rowEvents(
    of relation: Relation, key: [SQLValue], in scope: HistoryScope = .revision(.head), limit: Int? = nil,
    _ body: (RowEvent) throws -> Void
  ) throws -> Int {
    let key = try HistoryKey(relation, key)
    return try lending(to: body) { body in
      try read { connection in
        let history = try KeyHistory(key, in: scope, connection)
        let events = try history.statement(history.sql.events)
        let (old, new) = try (RowReader(relation, in: connection), RowReader(relation, in: connection))
        func place(_ column: Int32) -> Int64? { events.isNull(column) ? nil : events.integer(column) }
        var count = 0
        while try events.step() {
          count += 1
          if let limit, count > limit { break }
          let commit = try history.commit(events.integer(0))
          try old.read(place(1))
          try new.read(place(2))
          if place(2) == nil, commit.parents.count > 1, let row = old.values {
            try new.read(history.kept(relation.key(of: row), by: commit.sequence))
          }
          try body(RowEvent(commit: commit, change: RowChange(relation, old: old.values, new: new.values)))
        }
        if count == 0 { throw try history.nothingFound(scope) }
        return try history.prunedCount()
      }
    }
  }
}

/// The history of one key, while it is read.
private final class KeyHistory {
  let key: HistoryKey
  let connection: Connection
  private let version: VersionSQL
  private var commits: [Int64: Commit] = [:]
  /// Whose history it is; nil for that of all commits.
  private let scope: CommitSet?

  init(_ key: HistoryKey, in scope: HistoryScope, _ connection: Connection) throws {
    self.key = key
    self.connection = connection
    let commits: CommitSet? =
      switch scope {
      case .everywhere: nil
      case .revision(let revision): try connection.history(of: connection.resolve(revision))
      }
    self.scope = commits
    version = try VersionSQL(key.relation, commits: commits, in: connection)
  }

  func prunedCount() throws -> Int {
    let isAsked = scope?.contains("seq") ?? "1"
    return Int(try connection.integer("SELECT count(*) FROM main.commit_log WHERE pruned <> 0 AND \(isAsked)"))
  }

  var sql: (versions: String, events: String) {
    (version.versions(where: key.condition), version.events(where: key.condition))
  }

  func statement(_ sql: String) throws -> SQLStatement {
    let statement = try connection.statement(sql)
    key.bind(to: statement)
    return statement
  }

  /// A commit, read once.
  func commit(_ sequence: Int64) throws -> Commit {
    if let commit = commits[sequence] { return commit }
    let commit = try connection.commit(sequence)
    commits[sequence] = commit
    return commit
  }

  /// Where the version of a whole key stands that a commit sees; nil if it sees none.
  func kept(_ key: [SQLValue], by commit: Int64) throws -> Int64? {
    let key = try HistoryKey(self.key.relation, key)
    let version = try VersionSQL(key.relation, commits: connection.history(of: commit), in: connection)
    let seen = try connection.statement(
      """
      SELECT t.place FROM main.\(key.relation.table) AS t
      WHERE \(key.condition) AND \(version.isBorn) AND \(version.retirement) IS NULL
      """)
    key.bind(to: seen)
    return try seen.step() ? seen.integer(0) : nil
  }

  func nothingFound(_ scope: HistoryScope) throws -> AufdbError {
    let (table, name) = (key.relation.name, key.parts.map(\.keyPart).joined(separator: " "))
    let hint = "`aufdb query STORE 'SELECT * FROM \(table)'` shows the rows that there are"
    guard case .revision(let revision) = scope else {
      return AufdbError(.refused, "no row of \(table) ever had the key \(name)", hint: hint)
    }
    let elsewhere = try statement("SELECT 1 FROM main.\(key.relation.table) AS t WHERE \(key.condition) LIMIT 1")
    return AufdbError(
      .refused, "'\(revision)' and its ancestors never had a row of \(table) with the key \(name)",
      hint: try elsewhere.step() ? "another branch or a later commit has: --all shows it" : hint)
  }
}

extension SQLValue {
  /// A part of a key in an error's words.
  fileprivate var keyPart: String {
    switch self {
    case .null: "NULL"
    case .integer(let integer): String(integer)
    case .real(let real): String(real)
    case .text(let text): "'\(text)'"
    case .blob: "(a blob)"
    }
  }
}
